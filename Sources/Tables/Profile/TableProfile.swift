#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a table is like, column by column.
public struct TableProfile: Codable, Equatable, Sendable {
    public let rows: Int
    public let columns: [ColumnProfile]

    public init(rows: Int, columns: [ColumnProfile]) {
        self.rows = rows
        self.columns = columns
    }

    /// Reads a file column by column, in memory of one column's profile and one chunk. `columns` names some of them;
    /// `progress`, called after each column with the cells read so far as `rows`, ends it by throwing.
    /// Throws `TableFaults.noSuchColumn`, `fileDamaged`.
    public init(
        of file: ColumnFile, columns names: [String]? = nil, progress: ((TableProgress) throws -> Void)? = nil
    ) throws {
        let schema = try names.map { try file.schema.selecting($0) } ?? file.schema
        var profiles: [ColumnProfile] = []
        for column in schema.columns {
            guard let place = file.schema.index(of: column.name) else { continue }
            profiles.append(try Self.profiler(of: place, in: file).profile())
            try progress?(TableProgress(bytes: file.bytes, rows: profiles.count * file.rows))
        }
        rows = file.rows
        columns = profiles
    }

    /// The profiler of one column, for merging with those of other files.
    public static func profiler(of column: Int, in file: ColumnFile) throws -> ColumnProfiler {
        var profiler = ColumnProfiler(file.schema.columns[column])
        let categories = try file.categories(ofColumn: column)
        for group in 0..<file.groups {
            profiler.add(try file.read(column: column, group: group), categories: categories)
        }
        return profiler
    }

    /// Keys in alphabetical order, absent things left out.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
