import Crypto
import Faults
import Modeling
import PrivateSetIntersection
import Tables

/// The rows of one party's aligned dataset as a task sees them.
struct BoostTable: Sendable {
    /// Keys of sampling and of the order of sums: of the ids, made alike by the rules. Rising.
    let keys: [UInt64]
    /// Their places in the dataset.
    var rows: [Int] = []
    let features: [(name: String, values: [Double])]
    /// Label and weight columns by name, where this party has them.
    let extra: [String: [Double]]
    /// SHA-256 over a tag, the task's seed and all ids in the order of their keys: the same at every party that has the same
    /// ids.
    let digest: [UInt8]
}

extension BoostTable {
    /// The values of a model part's columns by place, of those that its conditions use.
    ///
    /// - Throws: `BoostFaults.modelUnusable` where one of them is not here.
    func values(of part: ModelPart) throws(Fault) -> [[Double]] {
        let used = Set(part.conditions.map(\.column))
        var values: [[Double]] = []
        for (place, name) in part.columns.enumerated() {
            guard used.contains(place) else {
                values.append([])
                continue
            }
            guard let feature = features.first(where: { $0.name == name }) else {
                throw Fault(BoostFaults.modelUnusable, "The dataset lacks a column of the model.", at: name)
            }
            values.append(feature.values)
        }
        return values
    }

    /// Reads the table that a party's dataset is.
    ///
    /// - Parameters:
    ///   - extra: columns that are no features.
    ///   - chosen: which rows are read; by key.
    ///   - rows: how many rows the plan says that there are.
    /// - Throws: `BoostFaults.dataUnusable`, `.rowsNotPlanned`, `TaskFaults.dataMissing`, `TableFaults`.
    init(
        _ source: PartySource, extra: [String], rows: Int, seed: [UInt8], data: TaskData,
        where chosen: (UInt64) -> Bool = { _ in true }
    ) throws(Fault) {
        let reader = BoostTableReader(table: try data.table(source.dataset), dataset: source.dataset)
        guard reader.table.rows == rows else {
            throw Fault(BoostFaults.rowsNotPlanned, at: "dataset \(source.dataset)", wanted: "\(rows) rows")
        }
        let ids = try reader.ids(source.keys, source.rules)
        // Ids decide the order, whatever order the datasets have.
        let all = ids.enumerated().map { (key: RowKey.key(ofBytes: $1), row: $0) }
            .sorted { ($0.key, $0.row) < ($1.key, $1.row) }
        var hash = SHA256()
        hash.update(data: Array("atoll/boost/rows/1".utf8) + [0])
        hash.update(data: seed)
        for (_, row) in all {
            var length = WireWriter()
            length.put(UInt32(ids[row].count))
            hash.update(data: length.bytes)
            hash.update(data: ids[row])
        }
        digest = Array(hash.finalize())
        let chosen = all.filter { chosen($0.key) }
        let kept = chosen.map(\.row)
        keys = chosen.map(\.key)
        self.rows = kept
        let names = source.features ?? reader.numericColumns(but: source.keys + extra)
        var features: [(name: String, values: [Double])] = []
        for name in names { features.append((name, try reader.numbers(name, rows: kept))) }
        self.features = features
        var others: [String: [Double]] = [:]
        for name in extra { others[name] = try reader.numbers(name, rows: kept) }
        self.extra = others
    }
}

/// Reads columns of a table whole.
struct BoostTableReader {
    let table: ColumnFile
    let dataset: String

    func numericColumns(but others: [String]) -> [String] {
        table.schema.columns.filter { Self.isNumber($0.type) && !others.contains($0.name) }.map(\.name)
    }

    /// The ids of all rows: their keys made alike, joined by a unit separator.
    func ids(_ columns: [String], _ rules: KeyRules) throws(Fault) -> [[UInt8]] {
        var ids = [[UInt8]](repeating: [], count: table.rows)
        for (place, name) in columns.enumerated() {
            let column = try column(name)
            let categories = try numbered { try table.categories(ofColumn: column) }
            var row = 0
            for group in 0..<table.groups {
                let chunk = try numbered { try table.read(column: column, group: group) }
                for index in 0..<chunk.count {
                    let cell = chunk.cell(index, categories: categories)
                    guard cell != .missing, let bytes = rules.rules[place].apply(to: cell.text) else {
                        throw Fault(BoostFaults.dataUnusable, "A row has no id.", at: "dataset \(dataset)")
                    }
                    if place > 0 { ids[row].append(0x1f) }
                    ids[row] += bytes
                    row += 1
                }
            }
        }
        return ids
    }

    /// Missing ones are NaN.
    func numbers(_ name: String, rows: [Int]) throws(Fault) -> [Double] {
        let column = try column(name)
        guard Self.isNumber(table.schema.columns[column].type) else {
            throw Fault(BoostFaults.dataUnusable, "A column does not hold numbers or dates.", at: name)
        }
        var all: [Double] = []
        all.reserveCapacity(table.rows)
        for group in 0..<table.groups {
            all += try numbered { try table.read(column: column, group: group).doubles ?? [] }
        }
        return rows.map { all[$0] }
    }

    /// Values as they stand in a CSV file; empty where missing.
    func texts(_ name: String) throws(Fault) -> [String] {
        let column = try column(name)
        let categories = try numbered { try table.categories(ofColumn: column) }
        var all: [String] = []
        all.reserveCapacity(table.rows)
        for group in 0..<table.groups {
            let chunk = try numbered { try table.read(column: column, group: group) }
            for index in 0..<chunk.count { all.append(chunk.cell(index, categories: categories).text) }
        }
        return all
    }

    private func column(_ name: String) throws(Fault) -> Int {
        guard let column = table.schema.index(of: name) else {
            throw Fault(BoostFaults.dataUnusable, "The dataset has no column of that name.", at: name)
        }
        return column
    }

    private static func isNumber(_ type: ColumnType) -> Bool {
        switch type {
        case .integer, .decimal, .float, .date: true
        case .category, .text: false
        }
    }
}
