import Faults
import Modeling
import Tables

/// What has changed from one version of a table to another: schema, rows, missing values, and how far every column that
/// both have has moved. Column by column, in memory of one column's bins and one chunk.
///
/// The measure is the population stability index of `ScoreStability`, over bins of the first table, the development
/// sample: numbers and dates by quantiles, categories by value, the rare ones together, missing values by themselves.
struct TableComparison: Sendable {
    /// Bins of numbers and dates by quantiles.
    static let quantiles = 10
    /// Categories with bins of their own.
    static let categories = 20

    struct Column: Sendable {
        let name: String
        let first: ColumnType
        let second: ColumnType
        let missing: Rows
        let moved: Moved
    }

    /// In the first and in the second table.
    struct Rows: Sendable, Hashable {
        let first: Int
        let second: Int
    }

    enum Moved: Sendable {
        case by(Double, ScoreStability.Verdict, [Bin])
        case unknown(Reason)
    }

    /// Why there is no index of a column.
    enum Reason: String, Sendable {
        /// It tells rows apart.
        case id, text
        /// The types have no bins in common.
        case type
        /// One of the tables has no rows.
        case empty
    }

    struct Bin: Sendable {
        let bin: ColumnBins.Bin
        let rows: Rows
        /// Its part of the index.
        let index: Double
    }

    let first: TableSchema
    let second: TableSchema
    let rows: Rows
    /// Those that both have, in the order of the first.
    let columns: [Column]

    /// - Throws: `TableFaults.fileDamaged`.
    init(_ first: ColumnFile, _ second: ColumnFile) throws {
        self.first = first.schema
        self.second = second.schema
        rows = Rows(first: first.rows, second: second.rows)
        var columns: [Column] = []
        for (place, column) in first.schema.columns.enumerated() {
            guard let other = second.schema.index(of: column.name) else { continue }
            columns.append(
                Column(
                    name: column.name, first: column.type, second: second.schema.columns[other].type,
                    missing: Rows(
                        first: first.missing(inColumn: place), second: second.missing(inColumn: other)),
                    moved: try Self.moved(first, place, second, other)))
        }
        self.columns = columns
    }

    private static func moved(
        _ first: ColumnFile, _ place: Int, _ second: ColumnFile, _ other: Int
    ) throws -> Moved {
        let column = first.schema.columns[place]
        if first.schema.ids.contains(column.name) { return .unknown(.id) }
        guard first.rows > 0, second.rows > 0 else { return .unknown(.empty) }
        let type = second.schema.columns[other].type
        guard column.type != .text, type != .text else { return .unknown(column.type == type ? .text : .type) }
        guard (column.type == .date) == (type == .date),
            let bins = try ColumnBins(
                of: first, column: place, most: categories,
                ends: { QuantileCuts.ends(of: $0, bins: quantiles) }), bins.fits(type)
        else { return .unknown(.type) }
        let (before, after) = (try bins.rows(of: first, column: place), try bins.rows(of: second, column: other))
        let used = bins.bins.indices.filter { before[$0] + after[$0] > 0 }
        let stability = try ScoreStability(referenceRows: used.map { before[$0] }, actualRows: used.map { after[$0] })
        return .by(
            stability.index, stability.verdict,
            zip(used, stability.parts).map { bin, part in
                Bin(bin: bins.bins[bin], rows: Rows(first: before[bin], second: after[bin]), index: part)
            })
    }

    /// The furthest of all columns; nil where none has an index.
    var verdict: ScoreStability.Verdict? {
        let order: [ScoreStability.Verdict] = [.stable, .watch, .shifted]
        let found = columns.compactMap { if case .by(_, let verdict, _) = $0.moved { verdict } else { nil } }
        return order.last(where: found.contains)
    }
}
