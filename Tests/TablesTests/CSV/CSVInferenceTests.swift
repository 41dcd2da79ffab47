import Faults
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct CSVInferenceTests {
    @Test(arguments: [
        (["1", "-2", "+3", ""], ColumnType.integer), (["1", "2.50", "-.25"], .decimal(scale: 2)),
        (["1.1234567"], .float), (["1e3", "2"], .float),
        (["0.7235699999999999", "1"], .float), (["999999999999999999"], .integer), (["9999999999999999999"], .category),
        (["007", "8"], .category),
        (["1234567890123.123456"], .float), (["2024-01-31", "NA"], .date), (["2024-01-31", "2024"], .category),
        (["2024/01/31"], .category),
        (["", "NA"], .float), (["\"NA\"", "1"], .integer), (["\"NA\"", "\"NA\""], .category), (["inf"], .category),
        (["a", "b"], .category), (["1", "x"], .category),
        (["1e999"], .category),
    ])
    func theNarrowestTypeThatHoldsEveryValueIsTaken(cells: [String], type: ColumnType) throws {
        let text = "v,w\n" + cells.map { "\($0),1\n" }.joined()
        let inferred = try CSVInference.schema(of: MemoryInput(Array(text.utf8)))
        #expect(inferred.schema.columns[0].type == type)
        #expect(inferred.rows == cells.count)
    }

    @Test func whatIsInferredCanBeRead() throws {
        let scratch = try Scratch()
        var random = SeededGenerator.printed(for: "whatIsInferredCanBeRead")
        let pieces = [
            "1", "-2", "3.25", "1e5", "x", "", "NA", "\"NA\"", "\"7\"", "2024-01-31", "007", "99999999999999999999",
            "0.123456789", "-0", "+1", " 5 ",
        ]
        for _ in 0..<Effort.runs(40) {
            let columns = (0..<3).map { _ in
                (0..<Int.random(in: 1...3, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            }
            let text =
                "a,b,c\n"
                + (0..<8).map { _ in columns.map { $0.randomElement(using: &random)! }.joined(separator: ",") + "\n" }
                .joined()
            let schema = try CSVInference.schema(of: MemoryInput(Array(text.utf8))).schema
            #expect(throws: Never.self, "\(text)") { try CSVSamples.import(text.utf8, schema, scratch: scratch) }
        }
    }

    @Test func idsKeepTheirDigits() throws {
        func type(_ cells: [String]) throws -> ColumnType {
            let text = "id,y\n" + cells.map { "\($0),1\n" }.joined()
            let inferred = try CSVInference.schema(of: MemoryInput(Array(text.utf8)), ids: ["id"], label: "y")
            #expect(inferred.schema.ids == ["id"] && inferred.schema.label == "y")
            return inferred.schema.columns[0].type
        }
        #expect(try type(["1", "25115"]) == .integer)
        #expect(try type(["1", "+2"]) == .text)
        #expect(try type(["-0"]) == .text)
        #expect(try type(["007"]) == .text)
        #expect(try type(["1.0"]) == .text)
        #expect(try type(["123456789012345678"]) == .integer)
        #expect(try type(["1234567890123456789"]) == .text)
        #expect(try type([""]) == .text)
    }

    @Test func manyDifferentTextsAreText() throws {
        let text = "a,b\n" + (0..<1001).map { "x\($0),y\($0 % 1000)\n" }.joined()
        let schema = try CSVInference.schema(of: MemoryInput(Array(text.utf8))).schema
        #expect(schema.columns.map(\.type) == [.text, .category])
    }

    @Test func theHeaderIsFoundOut() throws {
        var reading = CSVReading()
        reading.header = .detect
        func names(_ text: String) throws -> [String] {
            try CSVInference.schema(of: MemoryInput(Array(text.utf8)), reading: reading).schema.columns.map(\.name)
        }
        #expect(try names("id,amount\n1,2\n") == ["id", "amount"])
        #expect(try names("1,2\n3,4\n") == ["c1", "c2"])
        #expect(try names("a,a\n") == ["c1", "c2"])
        #expect(try names("a,2024-01-01\n") == ["c1", "c2"])
        #expect(try names("a,\n") == ["c1", "c2"])
    }

    @Test func rowsOfAnotherLengthAreRefused() {
        let found = fault { _ = try CSVInference.schema(of: MemoryInput(Array("a,b\n1\n1,2\n1,2,3\n".utf8))) }
        #expect(found == Fault(TableFaults.csvCells))
        #expect(found?.parts.map(\.place) == ["line 2", "line 4"])
    }

    @Test func anIDThatIsNotThereIsRefused() {
        #expect(throws: Fault(TableFaults.schemaInvalid)) {
            try CSVInference.schema(of: MemoryInput(Array("a,b\n1,2\n".utf8)), ids: ["c"])
        }
    }
}
