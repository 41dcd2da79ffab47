import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct CSVExportTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func randomTablesComeBackFromCSVWithTheSameDigest() throws {
        var random = SeededGenerator.printed(for: "randomTablesComeBackFromCSVWithTheSameDigest")
        for run in 0..<Effort.runs(8) {
            let schema = try Samples.schema(more: 3, hasIDs: Bool.random(using: &random), &random)
            let rows = Samples.rows(Int.random(in: 0...120, using: &random), schema, &random)
            let path = scratch.file("\(run)")
            let written = try Samples.write(rows, schema, to: path, groupRows: 50)
            var writing = CSVWriting()
            writing.delimiter = [",", ";", "\t", "|"].randomElement(using: &random)!
            writing.lineEnd = [.lf, .crlf].randomElement(using: &random)!
            writing.hasHeader = Bool.random(using: &random)
            var output = MemoryOutput()
            let count = try CSVExporter(writing).run(ColumnFile(path: path), to: &output)
            #expect(count == output.bytes.count)
            var reading = CSVReading()
            reading.delimiter = writing.delimiter
            reading.header = writing.hasHeader ? .present : .absent
            guard writing.hasHeader || !rows.isEmpty else { continue }
            let read = try CSVSamples.import(output.bytes, schema, reading, scratch: scratch)
            #expect(read.rows == rows)
            #expect(read.summary.table.contentDigest == written.contentDigest)
        }
    }

    @Test func oneColumnOfMissingValuesComesBack() throws {
        let schema = try CSVSamples.schema([("a", .text)])
        let rows: [[Cell]] = [[.missing], [.text("x")], [.missing]]
        try Samples.write(rows, schema, to: scratch.file("a"))
        let text = try export("a")
        #expect(text == "a\n\"\"\nx\n\"\"\n")
        #expect(try CSVSamples.import(text.utf8, schema, scratch: scratch).rows == rows)
    }

    @Test func textsThatWouldBeFormulasAreGuardedAndNumbersAreLeftAlone() throws {
        let schema = try CSVSamples.schema([
            ("=t", .text), ("c", .category), ("n", .integer), ("f", .float), ("d", .decimal(scale: 1)),
        ])
        let dangerous = [
            "=1+1", "+A1", "-A1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "=\"x\",y", "-",
        ]
        let harmless = ["-5", "+86.5", "-1e3", "a=b", "'=1", "5-3", "ａ", " =1"]
        let rows: [[Cell]] = (dangerous + harmless).map {
            [.text($0), .category($0), .integer(-5), .float(-0.5), .decimal(-15, scale: 1)]
        }
        try Samples.write(rows, schema, to: scratch.file("a"))
        let records = try ReferenceCSV.parse(Array(try export("a").utf8)).map {
            $0.map { String(decoding: $0.text, as: UTF8.self) }
        }
        #expect(records[0] == ["'=t", "c", "n", "f", "d"])
        for (text, record) in zip(dangerous + harmless, records.dropFirst()) {
            let expected = dangerous.contains(text) ? "'" + text : text
            #expect(record == [expected, expected, "-5", "-0.5", "-1.5"])
        }
        var writing = CSVWriting()
        writing.guardsFormulas = false
        let free = try ReferenceCSV.parse(Array(try export("a", writing).utf8))
        #expect(free.dropFirst().map { String(decoding: $0[0].text, as: UTF8.self) } == dangerous + harmless)
    }

    @Test func cellsAreQuotedOnlyWhereTheyMustBe() throws {
        let schema = try CSVSamples.schema([("a", .text), ("b", .text)])
        let rows: [[Cell]] = [
            [.text("plain text"), .text("NA")], [.text("a,b"), .text("say \"x\"")], [.text(" x"), .text("x\ty")],
            [.text("a;b"), .missing],
        ]
        try Samples.write(rows, schema, to: scratch.file("a"))
        #expect(try export("a") == "a,b\nplain text,\"NA\"\n\"a,b\",\"say \"\"x\"\"\"\n\" x\",x\ty\na;b,\n")
        var writing = CSVWriting()
        writing.missing = "none"
        writing.delimiter = ";"
        writing.lineEnd = .crlf
        #expect(try export("a", writing, columns: ["b"]).hasSuffix("x\ty\r\nnone\r\n"))
    }

    @Test func everyFloatIsWrittenSoThatItComesBack() throws {
        var random = SeededGenerator.printed(for: "everyFloatIsWrittenSoThatItComesBack")
        let schema = try CSVSamples.schema([("f", .float)])
        let given = [
            0, 0.1, 1e15, 1e16, 1e22, .leastNonzeroMagnitude, 1.7976931348623157e308, 123456.789, 1e-7,
            0.30000000000000004,
        ]
        let values =
            given
            + (0..<Effort.runs(300)).map { _ in
                Bool.random(using: &random)
                    ? Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1000
                    : Double(bitPattern: random.next())
            }.filter(\.isFinite)
        try Samples.write(values.map { [.float($0)] }, schema, to: scratch.file("a"))
        let text = try export("a")
        let lines = text.split(separator: "\n").dropFirst()
        #expect(lines.map { Double($0)! + 0 } == values.map { $0 + 0 })
        for (line, value) in zip(lines, values) {
            #expect(line.utf8.count <= max(12, value.description.utf8.count), "\(value)")
        }
    }

    @Test func wrongSettingsAndColumnsAreRefused() throws {
        let schema = try CSVSamples.schema([("a", .text)])
        try Samples.write([[.text("x")]], schema, to: scratch.file("a"))
        #expect(throws: Fault(TableFaults.noSuchColumn)) { try export("a", columns: ["b"]) }
        #expect(throws: Fault(TableFaults.csvFormat)) { try export("a", columns: []) }
        var writing = CSVWriting()
        writing.missing = "a,b"
        #expect(throws: Fault(TableFaults.csvFormat)) { try export("a", writing) }
        writing.missing = ""
        writing.delimiter = "\""
        #expect(throws: Fault(TableFaults.csvFormat)) { try export("a", writing) }
    }

    @Test func aFullDiskIsToldOnExport() throws {
        let schema = try CSVSamples.schema([("a", .text)])
        try Samples.write([[.text("x")]], schema, to: scratch.file("a"))
        let handle = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        var output = DescriptorOutput(descriptor: handle.fileDescriptor)
        #expect(throws: Fault(TableFaults.fileUnwritable)) {
            try CSVExporter().run(ColumnFile(path: scratch.file("a")), to: &output)
        }
    }

    @discardableResult
    private func export(_ name: String, _ writing: CSVWriting = CSVWriting(), columns: [String]? = nil) throws -> String
    {
        var output = MemoryOutput()
        try CSVExporter(writing).run(ColumnFile(path: scratch.file(name)), columns: columns, to: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
