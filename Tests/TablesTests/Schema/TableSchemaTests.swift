import Faults
import Foundation
import Testing

@testable import Tables

@Suite struct TableSchemaTests {
    private let schema: TableSchema

    init() throws {
        schema = try TableSchema(
            columns: [
                ColumnSchema("id", .integer), ColumnSchema("额度\"\\", .decimal(scale: 2)), ColumnSchema("y", .category),
                ColumnSchema("rate", .float), ColumnSchema("born", .date), ColumnSchema("iban", .text),
            ], ids: ["iban", "id"], label: "y")
    }

    @Test func theCanonicalFormIsFixed() {
        #expect(
            schema.json
                == #"{"columns":[{"name":"id","type":"integer"},{"name":"额度\"\\","scale":2,"type":"decimal"},"#
                + #"{"name":"y","type":"category"},{"name":"rate","type":"float"},{"name":"born","type":"date"},"#
                + #"{"name":"iban","type":"text"}],"ids":["id","iban"],"label":"y"}"#)
    }

    @Test func aSchemaIsReadBackFromItsCanonicalFormAndFromAnyOther() throws {
        #expect(try TableSchema(json: schema.json.utf8) == schema)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .prettyPrinted
        #expect(try TableSchema(json: encoder.encode(schema)) == schema)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"columns":[]}"#, #"{"columns":[{"name":"a","type":"number"}]}"#,
        #"{"columns":[{"name":"a","type":"decimal"}]}"#, #"{"columns":[{"name":"a","scale":19,"type":"decimal"}]}"#,
        #"{"columns":[{"name":"a","scale":1,"type":"integer"}]}"#,
        #"{"columns":[{"name":"a","type":"integer"}],"ids":["b"]}"#,
        #"{"columns":[{"name":"a","type":"integer"}],"ids":["a","a"]}"#,
        #"{"columns":[{"name":"a","type":"float"}],"ids":["a"]}"#,
        #"{"columns":[{"name":"a","type":"integer"}],"label":"b"}"#,
        #"{"columns":[{"name":"a","type":"integer"}],"ids":["a"],"label":"a"}"#,
    ])
    func whatIsNoSchemaIsRefused(text: String) {
        #expect(throws: Fault(TableFaults.schemaInvalid)) { try TableSchema(json: text.utf8) }
    }

    @Test func namesThatAreTheSameInUnicodeAreRefused() {
        #expect(throws: Fault(TableFaults.columnRepeated)) {
            try TableSchema(columns: [ColumnSchema("caf\u{E9}", .text), ColumnSchema("cafe\u{301}", .text)])
        }
    }

    @Test(arguments: [
        "", " a", "a ", "a\u{0}", "a\nb", "a\u{2028}b", "a\u{202E}b", "\u{3000}a", String(repeating: "a", count: 129),
    ])
    func namesThatCannotBeToldApartOrShownAreRefused(name: String) {
        #expect(throws: Fault(TableFaults.columnName)) { try ColumnSchema(name, .text) }
    }

    @Test(arguments: ["a", "额度", "a b", "=x", "default.payment.next.month", "👩‍👩‍👧", String(repeating: "客", count: 128)])
    func otherNamesAreAllowed(name: String) throws {
        #expect(try ColumnSchema(name, .text).name == name)
    }

    @Test func aScaleOutOfRangeIsRefused() {
        #expect(throws: Fault(TableFaults.schemaInvalid)) { try ColumnSchema("a", .decimal(scale: 19)) }
        #expect(throws: Fault(TableFaults.schemaInvalid)) { try ColumnSchema("a", .decimal(scale: -1)) }
    }

    @Test func columnsAreSelectedInTheOrderAskedFor() throws {
        let part = try schema.selecting(["y", "id"])
        #expect(part.columns.map(\.name) == ["y", "id"])
        #expect(part.ids == ["id"])
        #expect(part.label == "y")
        #expect(throws: Fault(TableFaults.noSuchColumn)) { try schema.selecting(["z"]) }
    }

    @Test func moreColumnsThanTheLimitAreRefused() throws {
        let columns = try (0...Limits.columns).map { try ColumnSchema("c\($0)", .integer) }
        #expect(throws: Fault(TableFaults.schemaInvalid)) { try TableSchema(columns: columns) }
        #expect(try TableSchema(columns: Array(columns.dropLast())).columns.count == Limits.columns)
    }
}
