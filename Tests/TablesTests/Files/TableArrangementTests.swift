import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

/// Rows of a table in another order.
@Suite struct TableArrangementTests {
    private func table(
        _ rows: [[Cell]], _ schema: TableSchema, groupRows: Int, _ name: String, in scratch: Scratch
    ) throws -> ColumnFile {
        let writer = try ColumnFileWriter(path: scratch.file(name), schema: schema, groupRows: groupRows)
        for row in rows { try writer.append(row) }
        _ = try writer.finish()
        return try ColumnFile(path: scratch.file(name))
    }

    @Test(arguments: [0, 1, 7, 100, 333])
    func anyRowsComeInTheOrderAsked(_ count: Int) throws {
        var random = SeededGenerator.printed(for: "anyRowsComeInTheOrderAsked \(count)")
        let scratch = try Scratch()
        let schema = try Samples.schema(more: 3, &random)
        let rows = Samples.rows(200, schema, &random)
        let file = try table(rows, schema, groupRows: 32, "a", in: scratch)
        let wanted = (0..<count).map { _ in UInt32.random(in: 0..<200, using: &random) }
        let writer = try ColumnFileWriter(path: scratch.file("b"), schema: schema, groupRows: 16)
        // Some cells at a time, so that there are several gatherings.
        let arrangement = TableArrangement(of: file, writer, mostCells: 40 * schema.columns.count)
        for start in stride(from: 0, to: count, by: 150) {
            try arrangement.append(Array(wanted[start..<min(count, start + 150)]))
        }
        let summary = try arrangement.finish()
        let made = try ColumnFile(path: scratch.file("b"))
        try made.verify()
        try made.verifyContent()
        #expect(summary.rows == count && made.contentDigest == summary.contentDigest)
        #expect(try made.cells(count: count) == wanted.map { rows[Int($0)] }, "seed \(random.seed)")
        // It is the table that writing those rows one by one gives.
        let plain = try table(wanted.map { rows[Int($0)] }, schema, groupRows: 64, "c", in: scratch)
        #expect(plain.contentDigest == made.contentDigest)
    }

    @Test func aRowThatIsNotThereIsRefused() throws {
        var random = SeededGenerator.printed(for: "aRowThatIsNotThereIsRefused")
        let scratch = try Scratch()
        let schema = try Samples.schema(more: 0, &random)
        let file = try table(Samples.rows(5, schema, &random), schema, groupRows: 4, "a", in: scratch)
        let descriptor = open(scratch.file("b"), O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(throws: Fault(TableFaults.valueForeign)) {
            try TableArrangement(of: file, to: descriptor).append([0, 5])
        }
    }
}
