import Faults
import ResourcesTestKit
import Testing

@testable import Tables

/// Random tables, and reading whole ones.
enum Samples {
    static let types: [ColumnType] = [
        .integer, .decimal(scale: 2), .decimal(scale: 0), .decimal(scale: 18), .float, .category, .date, .text,
    ]

    /// A schema with one column of each type and `more` random ones; the first column, a text, is the id when `hasIDs`.
    static func schema(more: Int, hasIDs: Bool = false, _ random: inout SeededGenerator) throws -> TableSchema {
        var columns = [try ColumnSchema("kunden-nr 客户", .text)]
        for (place, type) in (types + (0..<more).map { _ in types.randomElement(using: &random)! }).enumerated() {
            columns.append(try ColumnSchema("c\(place)", type))
        }
        return try TableSchema(columns: columns, ids: hasIDs ? ["kunden-nr 客户"] : [], label: "c0")
    }

    static func rows(_ count: Int, _ schema: TableSchema, _ random: inout SeededGenerator) -> [[Cell]] {
        // Some columns have no missing value, some many, some nothing else.
        let missing = schema.columns.map { _ in [0, 0, 10, 50, 100].randomElement(using: &random)! }
        let spans = schema.columns.map { _ in Int.random(in: 0...63, using: &random) }
        return (0..<count).map { row in
            schema.columns.enumerated().map { place, column in
                let isID = schema.ids.contains(column.name)
                if !isID, Int.random(in: 1...100, using: &random) <= missing[place] { return .missing }
                if isID { return .text("id-\(row)-" + text(&random)) }
                return cell(column.type, span: spans[place], &random)
            }
        }
    }

    static func cell(_ type: ColumnType, span: Int, _ random: inout SeededGenerator) -> Cell {
        let bits = Int64(bitPattern: random.next()) >> Int64(span)
        switch type {
        case .integer: return .integer(bits)
        case .decimal(let scale): return .decimal(bits, scale: scale)
        case .float:
            switch Int.random(in: 0...3, using: &random) {
            case 0: return .float(Double(bits) / 1000)
            case 1: return .float(Double(Float.random(in: -1...1, using: &random)) + 0)
            case 2: return .float(Double.random(in: -1...1, using: &random) + 0)
            default:
                let value = Double(bitPattern: random.next())
                return .float(value.isFinite ? value + 0 : 1.5)
            }
        case .category: return .category("\(text(&random).prefix(2))\(Int.random(in: 0...20, using: &random))")
        case .date: return .date(Int64.random(in: CalendarDate.first...CalendarDate.last, using: &random))
        case .text: return .text(text(&random))
        }
    }

    /// Not empty; every kind of character that CSV and encodings care about, none of them at the start of a formula.
    static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "Zürich", "客户", "\"", ",", ";", "\n", "\r\n", "\r", " ", "\t", "NA", "😀", "'", "e\u{301}", "0", "|",
            "x",
        ]
        let body = (0..<Int.random(in: 0...5, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            .joined()
        return "b" + body + (Bool.random(using: &random) ? "" : " ")
    }

    @discardableResult
    static func write(_ rows: [[Cell]], _ schema: TableSchema, to path: String, groupRows: Int? = nil) throws
        -> ColumnFileSummary
    {
        let writer = try ColumnFileWriter(path: path, schema: schema, groupRows: groupRows)
        for row in rows { try writer.append(row) }
        return try writer.finish()
    }

    static func allRows(_ path: String) throws -> [[Cell]] {
        let file = try ColumnFile(path: path)
        return try file.cells(count: file.rows)
    }
}

/// The fault that a closure throws; `nil` with a recorded issue when it throws none.
func fault(_ body: () throws -> Void, _ location: SourceLocation = #_sourceLocation) -> Fault? {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: location)
    } catch let fault as Fault {
        return fault
    } catch {
        Issue.record("an error without a number: \(error)", sourceLocation: location)
    }
    return nil
}
