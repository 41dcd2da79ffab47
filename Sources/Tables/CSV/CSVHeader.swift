import CTables
import Faults

/// The columns of a CSV file as its first record tells them.
struct CSVHeader {
    /// Names in the order of the file.
    let names: [String]
    /// Whether the first record holds the names, so that rows begin after it.
    let isInFile: Bool

    /// Reads the first record's cells. Columns of a file without names are `c1`, `c2`, …
    /// Throws `TableFaults.csvEmpty`, `csvEncoding`, `columnName`, `columnRepeated`.
    init(line: Int, cells: [[UInt8]], _ reading: CSVReading) throws {
        switch reading.header {
        case .present: isInFile = true
        case .absent: isInFile = false
        case .detect: isInFile = Self.looksLikeNames(cells)
        }
        guard isInFile else {
            names = cells.indices.map { "c\($0 + 1)" }
            return
        }
        var seen: [String: Int] = [:]
        names = try cells.enumerated().map { index, cell in
            let place = "line \(line), column \(index + 1)"
            guard ct_utf8_valid(cell, cell.count) == cell.count else {
                throw Fault(TableFaults.csvEncoding, "The columns' names are not in UTF-8.", at: place)
            }
            let name = String(decoding: cell, as: UTF8.self)
            try ColumnName.check(name, at: place)
            if let first = seen.updateValue(index, forKey: name) {
                throw Fault(
                    TableFaults.columnRepeated, "Columns \(first + 1) and \(index + 1) have the same name.", at: place)
            }
            return name
        }
    }

    /// For each of the schema's columns, its place in the file. With names by name, without by order.
    /// Throws `TableFaults.csvHeader` for columns that are missing or too many.
    func places(of schema: TableSchema, ignoresOthers: Bool) throws -> [Int] {
        guard isInFile else {
            guard names.count == schema.columns.count || (ignoresOthers && names.count > schema.columns.count) else {
                throw Fault(
                    TableFaults.csvHeader, "The file has \(names.count) columns.", at: "line 1",
                    wanted: "\(schema.columns.count) columns")
            }
            return Array(schema.columns.indices)
        }
        let found = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let places = try schema.columns.map { column in
            guard let place = found[column.name] else {
                throw Fault(
                    TableFaults.csvHeader, "The file has no column \(column.name).", at: "line 1",
                    wanted: "the \(schema.columns.count) columns of the schema")
            }
            return place
        }
        if !ignoresOthers, let other = names.first(where: { schema.index(of: $0) == nil }) {
            throw Fault(
                TableFaults.csvHeader, "The file has a column \(other) that the schema does not have.", at: "line 1")
        }
        return places
    }

    private static func looksLikeNames(_ cells: [[UInt8]]) -> Bool {
        var seen: Set<String> = []
        return cells.allSatisfy { cell in
            let isValue = cell.withUnsafeBufferPointer { bytes in
                guard let text = bytes.baseAddress else { return true }
                return FloatText.parse(text, bytes.count) != nil
                    || CalendarDate.parse(text, bytes.count, separator: 0x2D) != nil
                    || CalendarDate.parse(text, bytes.count, separator: 0x2F) != nil
            }
            guard !isValue, ct_utf8_valid(cell, cell.count) == cell.count else { return false }
            let name = String(decoding: cell, as: UTF8.self)
            return (try? ColumnName.check(name)) != nil && seen.insert(name).inserted
        }
    }
}
