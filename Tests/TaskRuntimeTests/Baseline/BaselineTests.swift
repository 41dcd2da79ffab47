import Faults
import Foundation
import JobsTestKit
import Modeling
import PrivateSetIntersection
import ResourcesTestKit
import Tables
import Testing

@testable import TaskRuntime

/// Trees of the guest's own columns.
@Suite struct BaselineTests {
    /// Ids, two features, a column of weights, labels; in the order of `rows`.
    private static func write(_ path: String, _ rows: [Int]) throws {
        let table = try ColumnFileWriter(
            path: path,
            schema: try TableSchema(
                columns: [
                    try ColumnSchema("id", .text), try ColumnSchema("x", .float), try ColumnSchema("z", .float),
                    try ColumnSchema("w", .float), try ColumnSchema("y", .integer),
                ], ids: ["id"], label: "y"))
        for row in rows {
            var numbers = SeededGenerator(seed: UInt64(row + 1))
            let health = Double.random(in: -1...1, using: &numbers)
            let isBad = health + Double.random(in: -0.6...0.6, using: &numbers) < 0
            try table.append([
                .text("m\(row)"), .float((health * 50).rounded()), .float(Double.random(in: 0...9, using: &numbers)),
                .float(isBad ? 5 : 1), .integer(isBad ? 1 : 0),
            ])
        }
        _ = try table.finish()
    }

    private static let parties = [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")]

    private func setting(_ more: [String: ParameterValue], parties: [TaskParty] = Self.parties) -> TaskSetting {
        var given: [String: ParameterValue] = [
            "guestDataset": .text("loans"), "guestKey": .text("id"), "label": .text("y"), "rows": .integer(600),
            "trees": .integer(4), "depth": .integer(3), "test": .integer(3),
        ]
        given.merge(more) { $1 }
        return TaskSetting.example(of: BaselineOperator(), parameters: given, parties: parties)
    }

    private func run(
        _ setting: TaskSetting, rows: [Int] = Array(0..<600)
    ) throws -> (result: TaskResult, own: ColumnFile, scores: ColumnFile) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-baseline-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.write(folder + "/own", rows)
        let own = try ColumnFile(path: folder + "/own")
        let output = open(folder + "/scores", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(output) }
        let data = TaskData(tables: ["loans": own], output: output)
        try BaselineOperator().description.check(setting)
        var task = try BaselineOperator().makeProtocol(setting, party: 0, data: data)
        let results = try task.start(from: nil).compactMap { effect -> TaskResult? in
            if case .finish(let result) = effect { result } else { nil }
        }
        return (try #require(results.first), own, try ColumnFile(path: folder + "/scores"))
    }

    private func column(_ name: String, _ file: ColumnFile) throws -> [Double] {
        let reader = BoostTableReader(table: file, dataset: "scores")
        return try reader.numbers(name, rows: Array(0..<file.rows))
    }

    /// The rows left out, and what the trainer of one place makes of the guest's columns.
    @Test func theScoresAreThoseOfTheGuestAloneInOnePlace() throws {
        let setting = setting(["weight": .text("w"), "rowShare": .number(0.8)])
        let (result, own, scores) = try run(setting)
        var parameters = setting.parameters
        for parameter in BoostOperator.parameters where parameters[parameter.name] == nil {
            parameters[parameter.name] = parameter.example
        }
        let one = try BoostBaseline(
            TaskSetting(parameters: parameters, parties: [Self.parties[0]], seed: setting.seed), tables: [own])
        let expected = try one.testPredictions(try one.model(parties: 1))
        #expect(scores.rows == one.testRows && one.testRows > 120 && one.features == [["x", "z"]])
        #expect(try one.values("prediction", of: scores) == expected)
        #expect(scores.schema.label == "y" && scores.schema.ids == ["id"])
        #expect(result.figures["rows"] == Double(scores.rows) && result.figures["trees"] == 4)
        // Better than chance by far, and measured on those rows.
        let evaluation = try BinaryEvaluation(
            scores: try column("prediction", scores), labels: try column("y", scores))
        let auc = try evaluation.auc().value
        #expect(result.figures["auc"] == auc && auc > 0.75)
    }

    @Test func theOrderOfRowsMakesNoDifference() throws {
        let (one, _, _) = try run(setting([:]))
        let (other, _, _) = try run(setting([:]), rows: Array((0..<600).reversed()))
        #expect(one.output == other.output && one.output.count == 32)
        let (less, _, _) = try run(setting(["guestColumns": .text("z")]))
        #expect(less.output != one.output)
    }

    @Test func hostsHaveNoPartInItAndNothingCrosses() throws {
        let description = BaselineOperator().description
        let setting = setting([:])
        #expect(description.messages(setting).isEmpty && description.table(setting, 1) == nil)
        #expect(description.reads(setting).map(\.party) == [0])
        var host = try BaselineOperator().makeProtocol(setting, party: 1, data: TaskData())
        let effects = try host.start(from: nil)
        #expect(effects.count == 1)
        // Alone as well.
        let alone = self.setting([:], parties: [Self.parties[0]])
        #expect(description.table(alone, 0) == "loans" && description.reads(alone).map(\.dataset) == ["loans"])
    }

    @Test func anotherNumberOfRowsThanPlannedIsRefused() throws {
        let refused = #expect(throws: Fault.self) { try run(setting(["rows": .integer(599)])) }
        #expect(refused?.is(BoostFaults.rowsNotPlanned) == true)
    }
}
