import Faults

/// A table's columns in order, which of them are ids, and which one is the label.
public struct TableSchema: Hashable, Sendable {
    public let columns: [ColumnSchema]
    /// Names of the columns that together tell rows apart, in order of the columns; may be empty.
    public let ids: [String]
    /// Name of the column that is to be predicted.
    public let label: String?

    /// Throws `TableFaults.schemaInvalid` (no columns, too many, an id or label that is no column, an id that is a float or
    /// the label) or `columnRepeated`. Names that differ only in Unicode composition count as the same.
    public init(columns: [ColumnSchema], ids: [String] = [], label: String? = nil) throws {
        guard !columns.isEmpty, columns.count <= Limits.columns else {
            throw Fault(
                TableFaults.schemaInvalid, "A table has \(columns.count) columns.", at: "columns",
                wanted: "1 to \(Limits.columns) columns")
        }
        var places: [String: Int] = [:]
        for (index, column) in columns.enumerated() {
            if let first = places.updateValue(index, forKey: column.name) {
                throw Fault(
                    TableFaults.columnRepeated, "Columns \(first + 1) and \(index + 1) have the same name.",
                    at: "columns[\(index)].name")
            }
        }
        var idPlaces: Set<Int> = []
        for id in ids {
            guard let place = places[id] else {
                throw Fault(TableFaults.schemaInvalid, "An id column is not among the columns.", at: "ids")
            }
            guard idPlaces.insert(place).inserted else {
                throw Fault(TableFaults.schemaInvalid, "An id column is named twice.", at: "ids")
            }
            guard columns[place].type != .float else {
                throw Fault(
                    TableFaults.schemaInvalid, "A float column cannot be an id.", at: "ids",
                    wanted: "integer, decimal, category, date or text", fix: "Declare the column as text or integer.")
            }
        }
        if let label {
            guard let place = places[label] else {
                throw Fault(TableFaults.schemaInvalid, "The label column is not among the columns.", at: "label")
            }
            guard !idPlaces.contains(place) else {
                throw Fault(TableFaults.schemaInvalid, "The label column is also an id.", at: "label")
            }
        }
        self.columns = columns
        self.ids = columns.indices.filter(idPlaces.contains).map { columns[$0].name }
        self.label = label.flatMap { places[$0] }.map { columns[$0].name }
    }

    /// Place of the column, from 0.
    public func index(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    /// Places of the id columns.
    public var idIndices: [Int] { ids.compactMap(index) }

    /// The same table with these columns only, in this order; ids and label as far as they remain.
    /// Throws `TableFaults.noSuchColumn`.
    public func selecting(_ names: [String]) throws -> TableSchema {
        let chosen = try names.map { name in
            guard let place = index(of: name) else { throw Fault(TableFaults.noSuchColumn, at: "columns") }
            return columns[place]
        }
        let remaining = Set(chosen.map(\.name))
        return try TableSchema(
            columns: chosen, ids: ids.filter(remaining.contains),
            label: label.flatMap { remaining.contains($0) ? $0 : nil })
    }
}
