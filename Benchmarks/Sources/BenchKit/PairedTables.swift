public import Foundation

/// Two tables with the same ids in the same order: the guest's with the label `y`, the host's without.
public struct PairedTables: Sendable {
    /// CSV with a line of names; the id is the first column.
    public let guest: String
    public let host: String
    public let rows: Int

    /// The public credit data: 30,000 rows, 13 columns and 10.
    ///
    /// - Parameter folder: what `ATOLL_DATA` names.
    public static func credit(in folder: String) throws -> PairedTables {
        let most = isShort ? 3_000 : .max
        let texts = try creditFiles.map { file in
            let lines = try unpacked("\(folder)/\(file)").split(separator: "\n").prefix(most == .max ? .max : most + 1)
            return lines.joined(separator: "\n") + "\n"
        }
        return PairedTables(guest: texts[0], host: texts[1], rows: texts[0].utf8.count { $0 == UInt8(ascii: "\n") } - 1)
    }

    public static func hasCredit(in folder: String?) -> Bool {
        guard let folder else { return false }
        return creditFiles.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    private static let creditFiles = ["default_credit_hetero_guest.csv.gz", "default_credit_hetero_host.csv.gz"]

    /// A tenth of everything and one tree, to see that the bench works: `ATOLL_BENCH_SHORT=1`. Such figures mean nothing.
    public static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil

    private static func unpacked(_ path: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchFailure("\(path) cannot be unpacked") }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var guestColumns: [String] { Array(Self.names(guest).dropFirst()).filter { $0 != "y" } }
    public var hostColumns: [String] { Array(Self.names(host).dropFirst()) }

    private static func names(_ text: String) -> [String] {
        text.prefix { !$0.isNewline }.split(separator: ",").map(String.init)
    }

    // MARK: In one place

    /// Values of all columns in one place: those of the guest, the label among them, then the host's.
    public func values() throws -> (ids: [String], guest: [String: [Double]], host: [String: [Double]]) {
        let (ids, guest) = try Self.read(guest)
        let (others, host) = try Self.read(host)
        guard ids == others else { throw BenchFailure("guest and host do not have the same ids in the same order") }
        return (ids, guest, host)
    }

    private static func read(_ text: String) throws -> (ids: [String], [String: [Double]]) {
        var ids: [String] = []
        let names = names(text)
        var columns = [[Double]](repeating: [], count: names.count - 1)
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",")
            guard cells.count == names.count else { throw BenchFailure("a line has not as many cells as the first") }
            ids.append(String(cells[0]))
            for (place, cell) in cells.dropFirst().enumerated() {
                guard let value = Double(cell) else { throw BenchFailure("a cell is no number") }
                columns[place].append(value)
            }
        }
        return (ids, Dictionary(uniqueKeysWithValues: zip(names.dropFirst(), columns)))
    }
}

extension PairedTables {
    /// Made up from a fixed seed: so many columns each, with few values and many, and a label that follows from some of both
    /// with noise; about a quarter are 1.
    public static func synthetic(rows: Int, columns: Int = 30) -> PairedTables {
        let rows = isShort ? rows / 10 : rows
        var numbers = SplitMix(state: 20_260_101)
        var guest = "id,y," + (0..<columns).map { "g\($0)" }.joined(separator: ",") + "\n"
        var host = "id," + (0..<columns).map { "h\($0)" }.joined(separator: ",") + "\n"
        for row in 0..<rows {
            let hidden = numbers.normal()
            let values = (0..<2 * columns).map { column -> Int in
                // Every third column knows something of what the label follows from; every fourth has few values.
                let value = numbers.normal() + (column % 3 == 0 ? hidden : 0)
                return column % 4 == 3 ? Int((2 * value).rounded()) : Int((1_000 * value).rounded())
            }
            let signal =
                0.9 * hidden + 0.0006 * Double(values[1]) - 0.0007 * Double(values[columns + 2])
                + (values[4] > 300 && values[columns + 5] > 0 ? 1 : 0) - 1.7
            let label = numbers.uniform() < 1 / (1 + exp(-signal)) ? 1 : 0
            let id = 100_000_000 + row * 7
            guest += "\(id),\(label)," + values[..<columns].map(String.init).joined(separator: ",") + "\n"
            host += "\(id)," + values[columns...].map(String.init).joined(separator: ",") + "\n"
        }
        return PairedTables(guest: guest, host: host, rows: rows)
    }
}

/// Steele, Lea and Flood's generator: the same numbers everywhere.
private struct SplitMix {
    var state: UInt64

    /// In 0 ..< 1.
    mutating func uniform() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }

    /// About normal: four uniform numbers, mean 0, variance 1.
    mutating func normal() -> Double {
        (uniform() + uniform() + uniform() + uniform() - 2) * 3.0.squareRoot()
    }
}
