import BenchKit
import Foundation
import Modeling

/// The same in one place, one core: processor seconds.
struct PlainScorecard: Sendable {
    let woe: Double
    let fit: Double
    let passes: Int
    let intercept: Double

    init(_ data: PairedTables) throws {
        let (ids, guest, host) = try data.values()
        let rows = ids.indices.filter { RowKey.key(of: ids[$0]) % 10 < 8 }
            .sorted { RowKey.key(of: ids[$0]) < RowKey.key(of: ids[$1]) }
        func chosen(_ values: [String: [Double]]) -> [String: [Double]] {
            values.mapValues { values in rows.map { values[$0] } }
        }
        let (own, other) = (chosen(guest), chosen(host))
        let labels = own["y"] ?? []
        var parts: [WoePart] = []
        woe =
            try Timing.once(.thread) {
                parts = try [(data.guestColumns, own), (data.hostColumns, other)].map { names, values in
                    try Self.part(names, values, labels)
                }
            } / 1e9
        var found: ExactRegression?
        fit =
            try Timing.once(.thread) {
                let columns = try zip(parts, [own, other]).map { part, values in
                    try WeightedColumns(
                        part, names: part.columns.filter { $0.bins != nil }.map(\.name), values: values,
                        rows: rows.count)
                }
                found = try ExactRegression(guest: columns[0], host: columns[1], labels: labels, tolerance: 1e-8)
            } / 1e9
        passes = found?.passes ?? 0
        intercept = found?.guest.intercept ?? 0
    }

    private static func part(_ names: [String], _ values: [String: [Double]], _ labels: [Double]) throws -> WoePart {
        try WoePart(
            names.map { name in
                let partition = try FinePartition(column: name, values: values[name] ?? [])
                let counts = try FineCounts(partition, values: values[name] ?? [], labels: labels)
                return try WoePart.Column(
                    partition, (try? BinningRule.optimal().table(counts)).map { MergedBins($0) })
            })
    }
}
