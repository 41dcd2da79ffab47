import Faults
import Foundation
import JobsTestKit
import Modeling
import PrivateSetIntersection
import Tables
import Testing

@testable import TaskRuntime

/// Columns out of column files, scores into one, and their measures.
@Suite struct BoostTableTests {
    private static let rows = 60

    /// Runs with a dataset `loans` in a column file, and an empty file for what a task leaves.
    private func with(_ body: (TaskData, _ output: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-boost-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let schema = try TableSchema(
            columns: [
                try ColumnSchema("id", .text), try ColumnSchema("branch", .category),
                try ColumnSchema("amount", .decimal(scale: 2)),
                try ColumnSchema("day", .date), try ColumnSchema("y", .integer), try ColumnSchema("p", .float),
            ], ids: ["id"], label: "y")
        let writer = try ColumnFileWriter(path: folder + "/in", schema: schema)
        for row in 0..<Self.rows {
            let amount: Cell = row % 7 == 2 ? .missing : .decimal(Int64(row * 25), scale: 2)
            try writer.append([
                .text(" Row \(row)"), .category(row % 2 == 0 ? "A" : "B"), amount, .date(Int64(row)),
                .integer(row % 3 == 0 ? 1 : 0), .float(Double(row % 10) / 10),
            ])
        }
        _ = try writer.finish()
        let output = open(folder + "/out", O_RDWR | O_CREAT, 0o600)
        defer { close(output) }
        let file = try ColumnFile(path: folder + "/in")
        try body(TaskData(tables: ["loans": file], output: output), folder + "/out")
    }

    private static func source(_ keys: [String] = ["id"], _ features: [String]? = nil) throws -> PartySource {
        PartySource(
            dataset: "loans", keys: keys, features: features,
            rules: try KeyRules(parsing: keys.map { _ in "trim fold" }.joined(separator: ",")))
    }

    private static func read(
        _ source: PartySource, _ data: TaskData, extra: [String] = ["y"], rows: Int = rows,
        where chosen: (UInt64) -> Bool = { _ in true }
    ) throws -> BoostTable {
        try BoostTable(source, extra: extra, rows: rows, seed: [1], data: data, where: chosen)
    }

    @Test func keysFeaturesAndLabelsAreRead() throws {
        try with { data, _ in
            let table = try Self.read(try Self.source(), data)
            let order = (0..<Self.rows).sorted { RowKey.key(of: "row \($0)") < RowKey.key(of: "row \($1)") }
            #expect(table.keys == order.map { RowKey.key(of: "row \($0)") } && table.rows == order)
            #expect(table.features.map(\.name) == ["amount", "day", "p"], "numbers and dates that are nothing else")
            for (place, row) in order.enumerated() {
                let amount = table.features[0].values[place]
                #expect(row % 7 == 2 ? amount.isNaN : amount == Double(row) / 4)
                #expect(table.extra["y"]?[place] == (row % 3 == 0 ? 1 : 0))
            }
            let some = try Self.read(try Self.source(["id"], ["day"]), data) { $0 % 2 == 0 }
            #expect(some.features.map(\.name) == ["day"])
            #expect(some.rows.map(Double.init) == some.features[0].values && some.rows.count < Self.rows)
            #expect(some.digest == table.digest, "the digest is of all rows")
            #expect(try Self.read(try Self.source(["id", "branch"]), data).digest != table.digest)
        }
    }

    @Test func whatCannotBeUsedIsRefused() throws {
        try with { data, _ in
            #expect(throws: Fault(BoostFaults.rowsNotPlanned)) { try Self.read(try Self.source(), data, rows: 59) }
            #expect(throws: Fault(BoostFaults.dataUnusable)) { try Self.read(try Self.source(["nothing"]), data) }
            #expect(throws: Fault(BoostFaults.dataUnusable)) {
                try Self.read(try Self.source(["id"], ["branch"]), data)
            }
            #expect(throws: Fault(BoostFaults.dataUnusable)) { try Self.read(try Self.source(["amount"]), data) }
            #expect(throws: Fault(TaskFaults.dataMissing)) { try Self.read(try Self.source(), TaskData()) }
        }
    }

    /// What a reply says must be possible with the node's rows, however it was packed.
    @Test func sumsBeyondTheNodesRowsAreRefused() throws {
        var settings = BoostingSettings(objective: .binary)
        settings.cellGuard = 0
        let keys = (0..<40).map { UInt64($0) }
        let label = try LabelSide(settings, keys: keys, labels: keys.map { $0 % 2 == 0 ? 1 : 0 }, weights: nil)
        let rows = label.rows(tree: 1)
        let gradients = try label.gradients(rows: rows)
        let side = PartySide(party: 0, columns: try PartyColumns([]), settings: settings)
        func take(_ sum: GradientSums, numbers: [Int32] = [2]) throws {
            var tree = GuestTree(
                tree: 1, side: side, label: label, gradients: gradients, learning: rows, rows: 40, hosts: 1)
            try tree.take(
                host: 0, candidates: 4, sets: [CandidateSet(place: 0, numbers: numbers)],
                sums: [GradientSums](repeating: sum, count: numbers.count))
        }
        // Twenty labels of each kind: first derivatives of half of 2^16 either way, second ones of a quarter.
        try take(GradientSums(first: 20 << 15, second: 40 << 14))
        try take(GradientSums(first: -20 << 15, second: 0))
        for sum in [
            GradientSums(first: 20 << 15 + 1, second: 1), GradientSums(first: (-20 << 15) - 1, second: 1),
            GradientSums(first: 0, second: 40 << 14 + 1), GradientSums(first: 0, second: -1),
        ] {
            #expect(throws: Fault(BoostFaults.replyOutOfRange)) { try take(sum) }
        }
    }

    @Test func labelsAreSeparatedAsFarAsTheLeavesDo() {
        let leaves: [Float] = [1, 1, 2, 2, 3, 3]
        func separation(_ events: Set<Int>) -> Double {
            LabelMeter.separation(of: leaves, rows: [0, 1, 2, 3, 4, 5], isEvent: events.contains)
        }
        #expect(separation([0, 1]) == 1)
        #expect(separation([0, 2, 4]) == 0.5)
        #expect(separation([]) == 0.5)
        // Leaf 1 has two events of two, leaf 2 one of two: (2 · 3 + 1 · 2.5) of 9 pairs.
        #expect(abs(separation([0, 1, 2]) - 8.5 / 9) < 1e-12)
        #expect(LabelMeter.separation(of: leaves, rows: [0, 2], isEvent: { $0 == 0 }) == 1)
    }

    /// A dataset's own column would pass for the scores, also before its grants.
    @Test func scoresAreNotWrittenBesideAColumnOfTheirName() throws {
        try with { data, _ in
            let world = BoostWorld(rows: 60, columns: [2, 2], seed: 1, [:])
            var run = try TaskRun(world, world.setting)
            try run.run()
            func plan(_ label: String) throws -> PredictPlan {
                try PredictPlan(
                    PredictTests.setting(
                        world, ["guestDataset": .text("loans"), "label": .text(label)]))
            }
            let table = try data.table("loans")
            let all = TaskData(tables: ["loans": table], results: ["train": run.result[0]], output: data.output)
            let scored = [PredictionTable.Row(row: 3, score: 0.5, prediction: 0.6)]
            let source = try plan("y").sources[0]
            try PredictionTable(source: source, label: "y", data: all).write(scored)
            let renamed = try TableSchema(
                columns: table.schema.columns.map { try ColumnSchema($0.name == "p" ? "score" : $0.name, $0.type) })
            let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-score-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let writer = try ColumnFileWriter(path: folder, schema: renamed)
            for row in try table.cells(count: 5) { try writer.append(row) }
            _ = try writer.finish()
            let other = TaskData(
                tables: ["loans": try ColumnFile(path: folder)], results: ["train": run.result[0]], output: data.output)
            #expect(throws: Fault(BoostFaults.dataUnusable)) {
                try PredictionTable(source: source, label: "y", data: other).write(scored)
            }
        }
    }

    /// `bin` leaves each party's edges; `evaluate` measures what stands in a dataset.
    @Test func binsAndMeasuresComeFromTheTable() throws {
        try with { data, _ in
            let parties = [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")]
            let bin = TaskSetting.example(
                of: BinOperator(),
                parameters: [
                    "guestDataset": .text("loans"), "hostDatasets": .text("loans"), "guestKey": .text("id"),
                    "hostKeys": .text("id"), "label": .text("y"), "rows": .integer(Int64(Self.rows)),
                    "rules": .text("trim fold"), "bins": .integer(4), "hostColumns": .text("day"),
                ], parties: parties)
            for (party, names) in [["amount", "day", "p"], ["day"]].enumerated() {
                var task = try BinOperator().makeProtocol(bin, party: party, data: data)
                guard case .finish(let result) = try task.start(from: nil).last else { return #expect(Bool(false)) }
                let binning = try Binning(bytes: result.output)
                #expect(binning.columns.map(\.name) == names && binning.columns.allSatisfy { $0.edges.bins == 4 })
            }
            #expect(BinOperator().description.reads(bin).map(\.columns) == [nil, ["id", "day"]])

            let setting = TaskSetting.example(
                of: EvaluateOperator(),
                parameters: ["dataset": .text("loans"), "prediction": .text("p"), "label": .text("y")],
                parties: parties)
            var guest = try EvaluateOperator().makeProtocol(setting, party: 0, data: data)
            guard case .finish(let result) = try guest.start(from: nil).last else { return #expect(Bool(false)) }
            let labels = (0..<Self.rows).map { $0 % 3 == 0 ? 1.0 : 0 }
            let evaluation = try BinaryEvaluation(scores: (0..<Self.rows).map { Double($0 % 10) / 10 }, labels: labels)
            #expect(result.figures["auc"] == (try evaluation.auc().value))
            let document = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
            #expect((document?["bands"] as? [Any])?.count == 10)
            var host = try EvaluateOperator().makeProtocol(setting, party: 1, data: TaskData())
            guard case .finish(let empty) = try host.start(from: nil).last else { return #expect(Bool(false)) }
            #expect(empty.output.isEmpty && empty.figures.isEmpty)
        }
    }
}
