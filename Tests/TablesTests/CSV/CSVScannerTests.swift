import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct CSVScannerTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func randomTextsAreCutAsTheReferenceCutsThemWhereverBlocksEnd() throws {
        var random = SeededGenerator.printed(for: "randomTextsAreCutAsTheReferenceCutsThemWhereverBlocksEnd")
        var refused = 0
        for _ in 0..<Effort.runs(60) {
            let columns = Int.random(in: 1...4, using: &random)
            let text = Self.text(columns, &random)
            let expected = try? ReferenceCSV.parse(text)
            if expected == nil { refused += 1 }
            for block in [8, 9, 13, 64, 65, 1 << 18] {
                let step = [1, 3, Int.max].randomElement(using: &random)!
                try compare(text, columns, expected, block: block, step: step)
            }
        }
        print("refused by both: \(refused) ")
    }

    @Test func quotesAndLineEndsAreRightAtEveryBoundary() throws {
        let text = Array("\u{FEFF}a,b\r\n\"x\"\"y\",\"1\n2\"\r\r\n\n\" , \",z\n\"\",\"\r\n\"\r\nlast,\"row\"".utf8)
        let expected = try ReferenceCSV.parse(text)
        #expect(expected.count == 5)
        for block in 8..<80 { try compare(text, 2, expected, block: block, step: .max) }
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func everyLineEndIsReadAlikeWithAndWithoutTheLast(end: String) throws {
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        for last in ["", end] {
            let text = ["a,b", "1,x", "", "2,y"].joined(separator: end) + last
            let imported = try CSVSamples.import(text.utf8, schema, scratch: scratch, block: 8)
            #expect(imported.rows == [[.integer(1), .text("x")], [.integer(2), .text("y")]])
        }
    }

    @Test(arguments: [
        "a,b\n1,x\"y\n", "a,b\n1,\"x\"y\n2,z", "a,b\n1,\"x", "a,b\n1,\"x\"\"\n", "a\"b,c\n1,2", "a,b\nx\"y\n",
    ])
    func quotesWhereNoneMayStandAreRefused(text: String) throws {
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        #expect(throws: Fault(TableFaults.csvQuote)) { try CSVSamples.import(text.utf8, schema, scratch: scratch) }
        #expect(scratch.names == [])
    }

    @Test func theLineOfAQuoteIsTold() throws {
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        let text = "a,b\r\n1,\"two\nlines\"\r\n2,fine\r\n3,x\"y"
        let open = fault { _ = try CSVSamples.import((text + "\r\n").utf8, schema, scratch: scratch) }
        #expect(open?.place == "line 5")
        let closed = fault { _ = try CSVSamples.import((text + "\"\r\n").utf8, schema, scratch: scratch) }
        #expect(closed?.place == "line 5, column 2")
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0], TableFaults.csvEncoding), ([0xFE, 0xFF, 0, 0x61], TableFaults.csvEncoding),
            ([0x50, 0x4B, 3, 4, 20], TableFaults.csvBinary),
            ([0x61, 0x2C, 0x62, 0x0A, 0x31, 0, 0x32], TableFaults.csvBinary),
            ([0xE9, 0x2C, 0x61, 0x0A], TableFaults.csvEncoding), ([], TableFaults.csvEmpty),
            ([0x0A, 0x0D, 0x0A], TableFaults.csvEmpty),
            ([0xEF, 0xBB, 0xBF], TableFaults.csvEmpty),
        ] as [([UInt8], FaultEntry)])
    func whatIsNoCSVInUTF8IsRefused(bytes: [UInt8], entry: FaultEntry) throws {
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        #expect(throws: Fault(entry)) { try CSVSamples.import(bytes, schema, scratch: scratch) }
        #expect(throws: Fault(entry)) { try CSVInference.schema(of: MemoryInput(bytes)) }
    }

    @Test func randomBytesEndInNumberedFaults() throws {
        var random = SeededGenerator.printed(for: "randomBytesEndInNumberedFaults")
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        for _ in 0..<Effort.runs(30) {
            var bytes = (0..<Int.random(in: 1...3000, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            if Bool.random(using: &random) { bytes = Array("a,b\n".utf8) + bytes }
            _ = try? CSVSamples.import(bytes, schema, scratch: scratch)
            do {
                _ = try CSVSamples.import(bytes, schema, scratch: scratch, block: 64)
                _ = try CSVInference.schema(of: MemoryInput(bytes))
            } catch {
                #expect(error is Fault)
            }
        }
    }

    /// An endless line is given up at the limit: what was read of it is counted.
    @Test func anEndlessLineIsGivenUpAtTheLimit() throws {
        final class Endless: ByteInput {
            var given = 0
            func read(into room: UnsafeMutableRawBufferPointer) -> Int {
                given += room.count
                room.initializeMemory(as: UInt8.self, repeating: 0x61)
                return room.count
            }
        }
        var reading = CSVReading()
        reading.mostRecordBytes = 1 << 20
        let input = Endless()
        #expect(throws: Fault(TableFaults.csvLineTooLong)) { try CSVInference.schema(of: input, reading: reading) }
        #expect(input.given < 3 << 20)
        let long = "a,b\n1,\(String(repeating: "x", count: 2 << 20))\n"
        let schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        #expect(throws: Fault(TableFaults.csvLineTooLong)) {
            try CSVSamples.import(long.utf8, schema, reading, scratch: scratch)
        }
        // A quote that is never closed takes the rest of the file, up to the limit.
        let open = "a,b\n1,\"\(String(repeating: "x\n", count: 2 << 20))"
        #expect(throws: Fault(TableFaults.csvLineTooLong)) {
            try CSVSamples.import(open.utf8, schema, reading, scratch: scratch)
        }
    }

    @Test func moreColumnsThanTheLimitAreRefused() {
        let header = String(repeating: ",", count: Limits.columns)
        #expect(throws: Fault(TableFaults.csvTooWide)) { try CSVInference.schema(of: MemoryInput(Array(header.utf8))) }
    }

    @Test(arguments: ["a,b;c\n", "a;b;c,d\n", "a\tb,c\td\n", "a|b\n", "a\n", "\n\n\"a;b;c\",d\n"])
    func theDelimiterIsTheOneThatTheFirstRecordHasMostOf(text: String) throws {
        let expected: [String: Character] = [
            "a,b;c\n": ",", "a;b;c,d\n": ";", "a\tb,c\td\n": "\t", "a|b\n": "|", "a\n": ",", "\n\n\"a;b;c\",d\n": ",",
        ]
        #expect(try CSVInference.schema(of: MemoryInput(Array(text.utf8))).delimiter == expected[text])
    }

    @Test(arguments: ["\"", "a", "1", ".", "-", "é", "\n"] as [Character])
    func delimitersThatCouldBePartOfAValueAreRefused(delimiter: Character) {
        var reading = CSVReading()
        reading.delimiter = delimiter
        #expect(throws: Fault(TableFaults.csvFormat)) {
            try CSVInference.schema(of: MemoryInput([0x61]), reading: reading)
        }
        reading.delimiter = nil
        reading.missing = ["a\"b"]
        #expect(throws: Fault(TableFaults.csvFormat)) {
            try CSVInference.schema(of: MemoryInput([0x61]), reading: reading)
        }
    }

    private func compare(
        _ text: [UInt8], _ columns: Int, _ expected: [[(text: [UInt8], isQuoted: Bool)]]?, block: Int, step: Int
    ) throws {
        var reading = CSVReading()
        reading.delimiter = ","
        reading.header = .absent
        let schema = try CSVSamples.schema((0..<columns).map { ("c\($0 + 1)", .text) })
        let result = Result {
            try CSVSamples.import(text, schema, reading, scratch: scratch, groupRows: 5, block: block, step: step)
        }
        let context = Comment(
            rawValue: "block \(block), step \(step): \(String(decoding: text, as: UTF8.self).debugDescription)")
        guard let expected else {
            #expect(throws: Fault.self, context) { try result.get() }
            return
        }
        if expected.isEmpty || expected[0].count != columns {
            #expect(throws: Fault.self, context) { try result.get() }
            return
        }
        let wrong = expected.count { $0.count != columns }
        if wrong > 0 {
            let found = fault { _ = try result.get() }
            #expect(found == Fault(TableFaults.csvCells), context)
            #expect(found?.parts.allSatisfy { $0 == Fault(TableFaults.rowLength) } == true, context)
            #expect(found?.parts.count == min(wrong, 20), context)
            return
        }
        let rows = expected.map { record in
            record.map { cell -> Cell in
                let text = String(decoding: cell.text, as: UTF8.self)
                return cell.text.isEmpty || (!cell.isQuoted && text == "NA") ? .missing : .text(text)
            }
        }
        #expect(try result.get().rows == rows, context)
    }

    /// Mostly records of the right length, all line ends, quotes, blanks; now and then something wrong.
    private static func text(_ columns: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let plain = ["", "a", "bc", "NA", " x ", "12345678", "客户", "\t"]
        let quoted = [
            "\"\"", "\"a\"", "\"a,b\"", "\"x\"\"y\"", "\"\n\"", "\"\r\n\"", " \"q\" ", "\"NA\"", "\"\"\"\"", "\"\r\"",
        ]
        let wrong = ["a\"b", "\"a\"b", "\"a", "\"\"a\"\""]
        var text = Bool.random(using: &random) ? "\u{FEFF}" : ""
        let isWild = Int.random(in: 0...9, using: &random) == 0
        let isRagged = Int.random(in: 0...9, using: &random) == 0
        let ends = ["\n", "\r\n", "\r"]
        let end = ends.randomElement(using: &random)!
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let count = isRagged ? Int.random(in: 1...5, using: &random) : columns
            let cells = (0..<count).map { _ in
                isWild && Int.random(in: 0...9, using: &random) == 0
                    ? wrong.randomElement(using: &random)!
                    : (Bool.random(using: &random) ? plain : quoted).randomElement(using: &random)!
            }
            text += cells.joined(separator: ",")
            text += Int.random(in: 0...5, using: &random) == 0 ? ends.randomElement(using: &random)! : end
        }
        if Bool.random(using: &random) { text += "z" + String(repeating: ",", count: columns - 1) }
        return Array(text.utf8)
    }
}
