import Crypto
import Faults
import Foundation
import Testing

@testable import Tables

@Suite struct CSVImportTests {
    private let scratch: Scratch
    private let schema: TableSchema

    init() throws {
        scratch = try Scratch()
        schema = try CSVSamples.schema(
            [("id", .text), ("n", .integer), ("d", .decimal(scale: 2)), ("f", .float), ("c", .category), ("t", .date)],
            ids: ["id"])
    }

    @Test func everyTypeIsRead() throws {
        let text = """
            id,n,d,f,c,t
            a,1,1.5,0.1,good,2024-02-29
            b , -9223372036854775808 ,-0.25,-1e-3,"bad, very",1970-01-01
            "c""1","42","7",.5,NA,
            d,NA,,nan,"NA",null
            """
        let imported = try CSVSamples.import(text.utf8, schema, scratch: scratch)
        #expect(
            imported.rows == [
                [.text("a"), .integer(1), .decimal(150, scale: 2), .float(0.1), .category("good"), .date(19782)],
                [
                    .text("b"), .integer(.min), .decimal(-25, scale: 2), .float(-0.001), .category("bad, very"),
                    .date(0),
                ],
                [.text("c\"1"), .integer(42), .decimal(700, scale: 2), .float(0.5), .missing, .missing],
                [.text("d"), .missing, .missing, .missing, .category("NA"), .missing],
            ])
        let summary = imported.summary
        #expect(summary.sourceBytes == text.utf8.count)
        #expect(summary.sourceDigest == TableDigest(SHA256.hash(data: Array(text.utf8))))
        #expect(summary.sourceRows == 4)
        #expect(summary.duplicatesRemoved == 0)
        #expect(summary.table.rows == 4)
    }

    @Test func wrongCellsAreToldWithLineColumnAndNumberInTheOrderOfTheFile() throws {
        let text = """
            id,n,d,f,c,t
            a,x,1.005,1e999,g,2023-02-29
            b,9223372036854775808,1,1,g,2024-01-01

            c,1,1
            "d
            d",1.0,123456789012345678,,,01.02.2024
            ,1,1,1,g,
            """
        let found = fault { _ = try CSVSamples.import(text.utf8, schema, scratch: scratch) }
        #expect(found == Fault(TableFaults.csvCells))
        #expect(found?.what.hasPrefix("10 places do not fit") == true)
        let parts = found?.parts ?? []
        #expect(
            parts.map(\.place) == [
                "line 2, column 2 (n)", "line 2, column 3 (d)", "line 2, column 4 (f)", "line 2, column 6 (t)",
                "line 3, column 2 (n)", "line 5", "line 6, column 2 (n)", "line 6, column 3 (d)",
                "line 6, column 6 (t)",
                "line 8, column 1 (id)",
            ])
        #expect(
            parts == [
                Fault(TableFaults.cellType), Fault(TableFaults.cellRange), Fault(TableFaults.cellRange),
                Fault(TableFaults.cellType),
                Fault(TableFaults.cellRange), Fault(TableFaults.rowLength), Fault(TableFaults.cellType),
                Fault(TableFaults.cellRange),
                Fault(TableFaults.cellType), Fault(TableFaults.idMissing),
            ])
        #expect(scratch.names == [], "nothing stays")
    }

    @Test func onlyTheFirstTwentyAreNamedAndAllAreCounted() throws {
        let schema = try CSVSamples.schema([("a", .integer), ("b", .integer)])
        let rows = (0..<30_000).map { "\($0),\($0 % 1000 == 7 || $0 > 29_000 ? "secret" : "1")" }
        let found = fault {
            _ = try CSVSamples.import(("a,b\n" + rows.joined(separator: "\n")).utf8, schema, scratch: scratch)
        }
        #expect(
            found?.what.hasPrefix("1028 places do not fit the schema; the first 20") == true, "\(found?.what ?? "")")
        #expect(found?.parts.map(\.place) == (0..<20).map { "line \($0 * 1000 + 9), column 2 (b)" })
        #expect(!"\(found as Any)".contains("secret"))
    }

    @Test func cellsThatAreNotUTF8AreTold() throws {
        let bytes = Array("id,n,d,f,c,t\na,1,1,1,".utf8) + [0xC4, 0xE3] + Array(",\n".utf8)
        let found = fault { _ = try CSVSamples.import(bytes, schema, scratch: scratch) }
        #expect(found?.parts == [Fault(TableFaults.cellEncoding)])
        #expect(found?.parts.first?.place == "line 2, column 5 (c)")
    }

    @Test func columnsAreFoundByNameWhateverTheirOrder() throws {
        let schema = try CSVSamples.schema([("b", .integer), ("a", .text)])
        let rows: [[Cell]] = [[.integer(1), .text("x")]]
        #expect(try CSVSamples.import("a,b\nx,1\n".utf8, schema, scratch: scratch).rows == rows)
        var reading = CSVReading()
        #expect(throws: Fault(TableFaults.csvHeader)) {
            try CSVSamples.import("a,b,c\nx,1,2\n".utf8, schema, scratch: scratch)
        }
        #expect(throws: Fault(TableFaults.csvHeader)) {
            try CSVSamples.import("a,c\nx,1\n".utf8, schema, scratch: scratch)
        }
        reading.ignoresOtherColumns = true
        #expect(try CSVSamples.import("a,c,b\nx,y,1\n".utf8, schema, reading, scratch: scratch).rows == rows)
        reading.header = .absent
        #expect(try CSVSamples.import("1,x,y\n".utf8, schema, reading, scratch: scratch).rows == rows)
        reading.ignoresOtherColumns = false
        #expect(throws: Fault(TableFaults.csvHeader)) {
            try CSVSamples.import("1,x,y\n".utf8, schema, reading, scratch: scratch)
        }
    }

    @Test func badNamesInTheHeaderAreRefusedWithTheirPlace() throws {
        let twice = fault { _ = try CSVInference.schema(of: MemoryInput(Array("a,b,a\n".utf8))) }
        #expect(twice == Fault(TableFaults.columnRepeated))
        #expect(twice?.place == "line 1, column 3")
        let none = fault { _ = try CSVInference.schema(of: MemoryInput(Array("\na,,b\n".utf8))) }
        #expect(none == Fault(TableFaults.columnName))
        #expect(none?.place == "line 2, column 2")
    }

    @Test func moreRowsThanTheLimitAreRefused() throws {
        let schema = try CSVSamples.schema([("a", .integer)])
        var reading = CSVReading()
        reading.mostRows = 2
        #expect(try CSVSamples.import("a\n1\n2\n".utf8, schema, reading, scratch: scratch).rows.count == 2)
        #expect(throws: Fault(TableFaults.csvTooManyRows)) {
            try CSVSamples.import("a\n1\n2\n3\n".utf8, schema, reading, scratch: scratch)
        }
        #expect(throws: Fault(TableFaults.csvTooManyRows)) {
            try CSVInference.schema(of: MemoryInput(Array("a\n1\n2\n3\n".utf8)), reading: reading)
        }
    }

    @Test func aFileWithoutRowsIsAnEmptyTable() throws {
        #expect(try CSVSamples.import("id,n,d,f,c,t".utf8, schema, scratch: scratch).rows == [])
    }

    @Test func datesAreReadInTheFormDeclared() throws {
        let schema = try CSVSamples.schema([("t", .date)])
        for (form, text) in [
            (CSVReading.DateForm.slashes, "2024/01/31"), (.compact, "20240131"), (.dashes, "2024-01-31"),
        ] {
            var reading = CSVReading()
            reading.dates = form
            #expect(
                try CSVSamples.import("t\n\(text)\n".utf8, schema, reading, scratch: scratch).rows == [[.date(19753)]])
            #expect(throws: Fault(TableFaults.csvCells)) {
                try CSVSamples.import("t\n2024.01.31\n".utf8, schema, reading, scratch: scratch)
            }
        }
    }

    @Test func aCheckSaysWhatAnImportSaysAndMakesNothing() throws {
        let schema = try CSVSamples.schema([("a", .integer), ("c", .category)])
        let text = Array("a,c\n".utf8) + Array((0..<9000).map { "\($0),x\($0 % 3)\n" }.joined().utf8)
        let importer = CSVImporter(schema: schema, scratch: scratch.path)
        let checked = try importer.check(MemoryInput(text))
        #expect(scratch.names == [])
        let imported = try importer.run(MemoryInput(text), to: scratch.file("a"))
        #expect(checked.rows == imported.sourceRows && checked.sourceBytes == imported.sourceBytes)
        #expect(checked.sourceDigest == imported.sourceDigest)
        #expect(throws: Fault(TableFaults.csvCells)) { try importer.check(MemoryInput(text + Array("x,y\n".utf8))) }
    }

    @Test func progressIsToldAndCanEndAnImport() throws {
        struct Stopped: Error {}
        let schema = try CSVSamples.schema([("a", .integer)])
        let text = Array("a\n".utf8) + Array((0..<20_000).map { "\($0)\n" }.joined().utf8)
        let importer = CSVImporter(schema: schema, scratch: scratch.path)
        var told: [Int] = []
        _ = try importer.run(MemoryInput(text), to: scratch.file("a")) { told.append($0.rows) }
        #expect(told.count > 2 && told == told.sorted() && told.last == 20_000)
        #expect(throws: Stopped.self) {
            try importer.run(MemoryInput(text), to: scratch.file("b")) { _ in throw Stopped() }
        }
        #expect(scratch.names == ["a"])
    }
}
