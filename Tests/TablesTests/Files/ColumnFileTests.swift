import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct ColumnFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func randomTablesComeBackAsTheyWere() throws {
        var random = SeededGenerator.printed(for: "randomTablesComeBackAsTheyWere")
        for run in 0..<Effort.runs(6) {
            let schema = try Samples.schema(more: 4, &random)
            let rows = Samples.rows([0, 1, 7, 64, 65, 300].randomElement(using: &random)!, schema, &random)
            let path = scratch.file("\(run).atc")
            let summary = try Samples.write(
                rows, schema, to: path, groupRows: [1, 7, 64, 100].randomElement(using: &random))
            let file = try ColumnFile(path: path)
            #expect(file.schema == schema)
            #expect(file.rows == rows.count)
            #expect(try file.cells(count: rows.count) == rows)
            #expect(file.contentDigest == summary.contentDigest)
            #expect(file.fileDigest == summary.fileDigest)
            #expect(file.bytes == summary.bytes)
            try file.verify()
            try file.verifyContent()
            for column in schema.columns.indices {
                #expect(file.missing(inColumn: column) == rows.count { $0[column] == .missing })
            }
        }
    }

    @Test func theContentsDigestDoesNotDependOnGroups() throws {
        var random = SeededGenerator.printed(for: "theContentsDigestDoesNotDependOnGroups")
        let schema = try Samples.schema(more: 2, &random)
        let rows = Samples.rows(200, schema, &random)
        let digests = try [1, 64, 63, 200, nil].enumerated().map { place, size in
            try Samples.write(rows, schema, to: scratch.file("\(place)"), groupRows: size).contentDigest
        }
        #expect(Set(digests).count == 1)
    }

    @Test func theContentsDigestDependsOnEveryValueOnTheirOrderAndOnTheSchema() throws {
        let schema = try TableSchema(columns: [
            ColumnSchema("a", .text), ColumnSchema("b", .category), ColumnSchema("n", .integer),
        ])
        let rows: [[Cell]] = [
            [.text("x"), .category("y"), .integer(0)], [.text("xy"), .missing, .missing],
            [.missing, .category("y"), .integer(1)],
        ]
        var digests: [TableDigest] = []
        func add(_ rows: [[Cell]], _ schema: TableSchema) throws {
            digests.append(try Samples.write(rows, schema, to: scratch.file("\(digests.count)")).contentDigest)
        }
        try add(rows, schema)
        try add(rows.reversed(), schema)
        try add(Array(rows.dropLast()), schema)
        for row in rows.indices {
            for column in 0..<3 {
                var changed = rows
                changed[row][column] =
                    rows[row][column] == .missing ? [.text("z"), .category("z"), .integer(2)][column] : .missing
                try add(changed, schema)
            }
        }
        try add(rows, try TableSchema(columns: schema.columns, ids: ["a"]))
        try add(rows, try TableSchema(columns: [ColumnSchema("A", .text)] + schema.columns.dropFirst()))
        #expect(Set(digests).count == digests.count)
    }

    @Test func theContentsDigestIsTheOneThatTheDocumentationStates() throws {
        let schema = try TableSchema(
            columns: [ColumnSchema("id", .text), ColumnSchema("d", .decimal(scale: 1)), ColumnSchema("f", .float)],
            ids: ["id"])
        let rows: [[Cell]] = [[.text("äb"), .decimal(-15, scale: 1), .missing], [.text("c"), .missing, .float(0.5)]]
        let summary = try Samples.write(rows, schema, to: scratch.file("a"))
        // By Python's hashlib from the rule of docs/tables.md: Tests/Vectors/table_digest.py.
        #expect(summary.contentDigest.description == "8697be0c059379d9b4f9fd3626d842ad72bf208b1eddca848baef9b7caf77139")
        #expect(TableDigest(hex: summary.contentDigest.description) == summary.contentDigest)
        #expect(TableDigest(hex: "ab") == nil)
    }

    @Test func aFileIsReadFromADescriptorThatIsClosedAfterwards() throws {
        let schema = try TableSchema(columns: [ColumnSchema("a", .integer)])
        try Samples.write([[.integer(7)]], schema, to: scratch.file("a"))
        let handle = try FileHandle(forReadingFrom: URL(filePath: scratch.file("a")))
        let file = try ColumnFile(descriptor: handle.fileDescriptor)
        try handle.close()
        #expect(try file.cells(count: 10) == [[.integer(7)]])
    }

    @Test func aFileIsWrittenToADescriptor() throws {
        let schema = try TableSchema(columns: [ColumnSchema("a", .integer)])
        try #require(FileManager.default.createFile(atPath: scratch.file("a"), contents: nil))
        let handle = try FileHandle(forWritingTo: URL(filePath: scratch.file("a")))
        let writer = try ColumnFileWriter(descriptor: handle.fileDescriptor, schema: schema)
        try writer.append([.integer(1)])
        _ = try writer.finish()
        try handle.close()
        #expect(try Samples.allRows(scratch.file("a")) == [[.integer(1)]])
    }

    @Test func aFileThatIsThereIsNotOverwrittenAndAnUnfinishedOneIsRemoved() throws {
        let schema = try TableSchema(columns: [ColumnSchema("a", .integer)])
        try scratch.write([1], "a")
        #expect(throws: Fault(TableFaults.fileUnwritable)) {
            try ColumnFileWriter(path: scratch.file("a"), schema: schema)
        }
        do {
            let writer = try ColumnFileWriter(path: scratch.file("b"), schema: schema)
            try writer.append([.integer(1)])
            #expect(scratch.names == ["a", "b"])
        }
        #expect(scratch.names == ["a"])
    }

    @Test func aFullDiskIsTold() throws {
        let schema = try TableSchema(columns: [ColumnSchema("a", .integer)])
        let handle = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        #expect(throws: Fault(TableFaults.fileUnwritable)) {
            let writer = try ColumnFileWriter(descriptor: handle.fileDescriptor, schema: schema)
            try writer.append([.integer(1)])
            _ = try writer.finish()
        }
    }

    @Test func valuesOfAnotherTypeAreRefused() throws {
        let schema = try TableSchema(columns: [
            ColumnSchema("a", .decimal(scale: 2)), ColumnSchema("f", .float), ColumnSchema("t", .text),
            ColumnSchema("d", .date),
        ])
        let good: [Cell] = [.decimal(1, scale: 2), .float(1), .text("a"), .date(0)]
        let wrong: [(Int, Cell)] = [
            (0, .integer(1)), (0, .decimal(1, scale: 3)), (1, .float(.nan)), (1, .float(.infinity)), (2, .text("")),
            (2, .category("a")), (2, .text(String(repeating: "a", count: Limits.textBytes + 1))),
            (3, .date(CalendarDate.last + 1)),
        ]
        for (place, cell) in wrong {
            let writer = try ColumnFileWriter(path: scratch.file("a"), schema: schema)
            var row = good
            row[place] = cell
            #expect(throws: Fault(TableFaults.valueForeign)) { try writer.append(row) }
        }
        let writer = try ColumnFileWriter(path: scratch.file("a"), schema: schema)
        #expect(throws: Fault(TableFaults.valueForeign)) { try writer.append([]) }
    }

    @Test func tooManyCategoriesAreRefused() throws {
        var dictionary = ByteDictionary()
        let texts = (0..<100).map { Array("value \($0)".utf8) }
        for (place, text) in texts.enumerated() {
            #expect(dictionary.code(of: text, text.count, limit: 100, bytesLimit: 10_000) == UInt32(place))
        }
        #expect(dictionary.code(of: [65], 1, limit: 100, bytesLimit: 10_000) == nil)
        #expect(dictionary.code(of: [65], 1, limit: 200, bytesLimit: dictionary.bytes.count) == nil)
        for (place, text) in texts.enumerated() {
            #expect(dictionary.code(of: text, text.count, limit: 0, bytesLimit: 0) == UInt32(place))
        }
        // 1,024 texts of 64 KiB fill what one column may hold.
        let builder = ColumnBuilder(.category, capacity: 2000)
        let long = String(repeating: "a", count: 65_530)
        #expect(throws: Fault(TableFaults.tooManyCategories)) {
            for place in 0..<1100 { try builder.append(.category("\(long)\(place)")) }
        }
    }

    @Test func aMissingFileIsTold() {
        #expect(throws: Fault(TableFaults.fileUnreadable)) { try ColumnFile(path: scratch.file("none")) }
    }
}
