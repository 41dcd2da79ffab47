import BenchKit
import Foundation
import Tables

/// The profile of a table of a million rows and thirty columns.
enum ProfileRows {
    static let all: [BenchRow] = [
        BenchRow(
            "tables.profile.1e6x30", unit: "s",
            doc: """
                Everything a profile holds, from a column file of 10^6 rows: 10 columns of floats, 10 of decimals, 5 of whole \
                numbers, 4 of categories, 1 of texts. One core.
                """
        ) { _ in
            let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let path = "\(folder)/profile.atc"
            try write(to: path, rows: Fixture.isShort ? 10_000 : 1_000_000)
            let file = try ColumnFile(path: path)
            let runs = try Timing.runs(Fixture.isShort ? 1 : 3, clock: .thread) {
                guard try TableProfile(of: file).columns.count == 30 else { throw BenchFailure("columns were lost") }
            }
            return Measurement(runs.map { $0 / 1e9 })
        }
    ]

    private static func write(to path: String, rows: Int) throws {
        var columns = try (0..<10).map { try ColumnSchema("f\($0)", .float) }
        columns += try (0..<10).map { try ColumnSchema("d\($0)", .decimal(scale: 2)) }
        columns += try (0..<5).map { try ColumnSchema("n\($0)", .integer) }
        columns += try (0..<4).map { try ColumnSchema("c\($0)", .category) }
        columns.append(try ColumnSchema("t", .text))
        let writer = try ColumnFileWriter(path: path, schema: TableSchema(columns: columns))
        var random = Numbers(state: 11)
        for row in 0..<rows {
            var cells: [Cell] = []
            for _ in 0..<10 { cells.append(.float(Double(random.below(1 << 53)) / Double(1 << 53))) }
            for _ in 0..<10 { cells.append(.decimal(Int64(random.below(90_000_000)), scale: 2)) }
            for column in 0..<5 { cells.append(.integer(Int64(random.below(10 << (3 * column))))) }
            for _ in 0..<4 { cells.append(.category("branch \(random.below(30))")) }
            cells.append(.text("客户\(row)"))
            try writer.append(cells)
        }
        _ = try writer.finish()
    }
}
