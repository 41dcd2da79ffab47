import Faults
import Foundation
import JobsTestKit
import PrivateSetIntersection
import ResourcesTestKit
import Tables
import Testing

@testable import TaskRuntime

/// Ids out of column files, and the common rows into one.
@Suite struct TableAlignSiteTests {
    private static let columns: [(String, ColumnType)] = [
        ("name", .text), ("branch", .category), ("number", .integer), ("price", .decimal(scale: 2)), ("day", .date),
        ("share", .float),
    ]

    private static let rows: [[Cell]] = (0..<150).map(row)

    private static func row(_ number: Int) -> [Cell] {
        let name: Cell = number % 7 == 3 ? .missing : .text(" Müller \(number)")
        let branch: Cell = .category(number % 2 == 0 ? "Nord" : "SÜD")
        let value = Int64(number)
        return [name, branch, .integer(value - 20), .decimal(value, scale: 2), .date(value), .float(0.5)]
    }

    private func with(_ body: (TableAlignSite, ColumnFile, _ output: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-align-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let schema = try TableSchema(columns: Self.columns.map { try ColumnSchema($0.0, $0.1) }, ids: [], label: nil)
        let writer = try ColumnFileWriter(path: folder + "/in", schema: schema)
        for row in Self.rows { try writer.append(row) }
        _ = try writer.finish()
        let file = try ColumnFile(path: folder + "/in")
        let output = open(folder + "/out", O_RDWR | O_CREAT, 0o600)
        defer { close(output) }
        let data = TaskData(tables: ["loans": file], output: output)
        try body(TableAlignSite(data: data, dataset: "loans"), file, folder + "/out")
    }

    @Test func idsAreMadeOfTheCellsTextsByTheRules() throws {
        try with { site, _, _ in
            let rules = try KeyRules(parsing: "trim nfc fold, fold, exact, exact, exact")
            let names = ["name", "branch", "number", "price", "day"]
            var reader = try site.ids(of: "loans", columns: names, rules: rules).reader()
            var ids = IdentifierTable()
            var rows: [UInt32] = []
            while let block = try reader.next(atMost: 40) {
                for (place, row) in block.rows.enumerated() {
                    ids.append(Array(block.ids[place]))
                    rows.append(row)
                }
            }
            #expect(rows == (0..<150).filter { $0 % 7 != 3 })
            for (place, row) in rows.enumerated() where row < 9 {
                let branch = row % 2 == 0 ? "nord" : "süd"
                let keys: [String] = [
                    "müller \(row)", branch, "\(Int(row) - 20)", "0.0\(row)", "1970-01-0\(row + 1)",
                ]
                let exact = KeyRules(keys.map { _ in KeyRule([]) })
                #expect(Array(ids[place]) == exact.identifier(of: keys))
            }
        }
    }

    @Test func columnsThatCannotBeKeysAreRefused() throws {
        try with { site, _, _ in
            let rules = try KeyRules(parsing: "exact")
            for column in ["nothing", "share"] {
                #expect(throws: Fault(AlignFaults.columnUnusable)) {
                    try site.ids(of: "loans", columns: [column], rules: rules)
                }
            }
            #expect(throws: Fault(TaskFaults.dataMissing)) { try site.ids(of: "x", columns: ["name"], rules: rules) }
            #expect(throws: Fault(TaskFaults.dataMissing)) {
                try TableAlignSite(data: TaskData(), dataset: "loans").output()
            }
        }
    }

    @Test func theOutputIsTheRowsInTheirOrder() throws {
        try with { site, _, path in
            let output = try site.output()
            try output.begin()
            #expect(throws: Fault(TaskFaults.protocolBroken)) { try output.begin() }
            try output.append([5, 3])
            try output.append([140])
            try output.end()
            let made = try ColumnFile(path: path)
            #expect(try made.cells(count: 9) == [5, 3, 140].map { Self.rows[$0] })
        }
    }

    @Test func tooFewCommonIdsLeaveNothing() throws {
        let setting = TaskSetting.example(
            of: AlignOperator(),
            parameters: [
                "guestDataset": .text("a"), "hostDataset": .text("b"), "guestKey": .text("id"), "hostKey": .text("id"),
                "guestRows": .integer(3), "hostRows": .integer(3), "minimumCommon": .integer(3),
            ], parties: [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")])
        let sites = [MemoryAlignSite(["a": [["1"], ["2"], ["3"]]]), MemoryAlignSite(["b": [["2"], ["3"], ["4"]]])]
        #expect(throws: Fault(AlignFaults.tooFewCommon)) {
            try Pump(AlignTests.Sites(sites: sites, sizes: .usual), setting).run()
        }
    }

    @Test func thePlanSaysWhatIsReadAndLeft() throws {
        let description = AlignOperator().description
        func setting(_ who: String) -> TaskSetting {
            TaskSetting.example(
                of: AlignOperator(),
                parameters: [
                    "guestDataset": .text("a"), "hostDataset": .text("b"), "guestKey": .text("id, x"),
                    "hostKey": .text("key,y"), "rules": .text("exact,exact"), "guestRows": .integer(30),
                    "hostRows": .integer(40), "minimumCommon": .integer(5), "who": .text(who),
                ], parties: [TaskParty(site: "a", role: "host"), TaskParty(site: "b", role: "guest")])
        }
        let reads = description.reads(setting("both"))
        #expect(reads.map(\.party) == [0, 1] && reads.map(\.dataset) == ["b", "a"])
        #expect(reads.map(\.columns) == [["key", "y"], ["id", "x"]])
        #expect(reads.map(\.ids) == [30, 40] && reads.map(\.minimumIntersection) == [5, 5])
        #expect([0, 1].map { description.table(setting("both"), $0) } == ["b", "a"])
        #expect([0, 1].map { description.table(setting("guest-only"), $0) } == [nil, "a"])
        #expect([0, 1].map { description.table(setting("size-only"), $0) } == [nil, nil])
    }
}
