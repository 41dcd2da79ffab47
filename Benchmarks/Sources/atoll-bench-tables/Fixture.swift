import BenchKit
import Foundation
import Synchronization
import Tables

/// A table like those of credit risk, as CSV and as a column file, in a temporary folder that `removeAll` removes.
final class Fixture: Sendable {
    /// The schema's columns by the file's order.
    let schema: TableSchema
    let csv: [UInt8]
    let folder: String
    var csvPath: String { "\(folder)/table.csv" }
    var filePath: String { "\(folder)/table.atc" }

    static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    /// Made once; rows share it.
    static let csvTable = Result { try Fixture(rows: isShort ? 20_000 : 400_000) }

    private init(rows: Int) throws {
        schema = try Self.schema()
        csv = Self.text(rows)
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-tables-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        Self.folders.withLock { [folder] in $0.append(folder) }
        try Data(csv).write(to: URL(filePath: "\(folder)/table.csv"))
        let importer = CSVImporter(schema: schema, scratch: folder)
        let summary = try importer.run(MemoryInput(csv), to: "\(folder)/table.atc")
        guard summary.sourceRows == rows else { throw BenchFailure("rows were lost") }
    }

    private static let folders = Mutex<[String]>([])

    /// Removes what was made.
    static func removeAll() {
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Id, label, two codes, a category, a date, five amounts with two digits, twelve scores with six, two of full precision.
    static func schema() throws -> TableSchema {
        var columns = [try ColumnSchema("id", .integer), try ColumnSchema("y", .integer)]
        columns += [try ColumnSchema("sex", .integer), try ColumnSchema("pay", .integer)]
        columns += [try ColumnSchema("branch", .category), try ColumnSchema("opened", .date)]
        columns += try (0..<5).map { try ColumnSchema("amount\($0)", .decimal(scale: 2)) }
        columns += try (0..<12).map { try ColumnSchema("score\($0)", .float) }
        columns += try (0..<2).map { try ColumnSchema("ratio\($0)", .float) }
        return try TableSchema(columns: columns, ids: ["id"], label: "y")
    }

    private static func text(_ rows: Int) -> [UInt8] {
        var random = Numbers(state: 7)
        var text: [UInt8] = []
        text.reserveCapacity(rows * 220)
        func add(_ cell: String) {
            text.append(contentsOf: cell.utf8)
            text.append(0x2C)
        }
        let names = try? schema().columns.map(\.name).joined(separator: ",")
        text.append(contentsOf: "\(names ?? "")\n".utf8)
        for row in 0..<rows {
            add(String(row * 7 % rows + 1_000_000))
            add(String(random.below(5) / 4))
            add(String(random.below(2)))
            add(String(random.below(11) - 2))
            add(["north", "south", "east", "west", "上海", "北京"][random.below(6)])
            add("20\(10 + random.below(15))-0\(1 + random.below(9))-\(10 + random.below(18))")
            for _ in 0..<5 { add(random.below(20) == 0 ? "" : "\(random.below(900_000)).\(10 + random.below(90))") }
            for _ in 0..<12 {
                add("\(random.below(2) == 0 ? "-" : "")\(random.below(3)).\(100_000 + random.below(900_000))")
            }
            add("\(Double(random.below(1 << 53)) / Double(1 << 53))")
            text.append(contentsOf: "\(Double(random.below(1 << 53)) / Double(1 << 53))\n".utf8)
        }
        return text
    }
}

/// SplitMix64.
struct Numbers {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
