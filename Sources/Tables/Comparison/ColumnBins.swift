/// Bins of a column, made of one file's values, and how many rows of any file are in each: what versions of a table are
/// compared by. Reads chunk by chunk; memory does not grow with the rows.
public struct ColumnBins: Sendable {
    public enum Bin: Hashable, Sendable {
        /// Numbers or days above the one and up to and including the other, as they stand in a CSV file; nil is without end.
        case range(above: String?, upTo: String?)
        case value(String)
        /// Every value that has no bin of its own.
        case rest
        case missing
    }

    /// Ascending, or the most frequent value first; then the rest, where there are categories, and what is missing.
    public let bins: [Bin]
    private let form: Form

    private enum Form: Sendable {
        /// The greatest number of every bin but the last.
        case numbers([Double])
        case categories([String: Int])
    }

    /// Nil for a text column, whose values tell rows apart.
    ///
    /// - Parameters:
    ///   - most: categories that get a bin of their own, at least 1.
    ///   - ends: of how many rows each distinct number has, ascending, the places where a bin ends. Above 4096 distinct
    ///     numbers the rows are those of `QuantileSketch`.
    /// - Throws: `TableFaults.fileDamaged`.
    public init?(of file: ColumnFile, column: Int, most: Int, ends: ([Int]) -> [Int]) throws {
        switch file.schema.columns[column].type {
        case .text: return nil
        case .category: try self.init(categoriesOf: file, column, most: most)
        case .integer, .decimal, .float, .date: try self.init(numbersOf: file, column, ends)
        }
    }

    private init(numbersOf file: ColumnFile, _ column: Int, _ ends: ([Int]) -> [Int]) throws {
        let order = ValueOrder(type: file.schema.columns[column].type)
        var runs: [(number: Double, key: UInt64, rows: Int)] = []
        for (key, rows) in try TableProfile.profiler(of: column, in: file).ranked {
            let number = order.number(key)
            if let last = runs.last, last.number == number {
                runs[runs.count - 1].rows += rows
            } else {
                runs.append((number, key, rows))
            }
        }
        let last = ends(runs.map(\.rows))
        let texts = last.map { order.text(runs[$0].key) }
        form = .numbers(last.map { runs[$0].number })
        bins =
            (0...texts.count).map {
                .range(above: $0 == 0 ? nil : texts[$0 - 1], upTo: $0 < texts.count ? texts[$0] : nil)
            }
            + [.missing]
    }

    private init(categoriesOf file: ColumnFile, _ column: Int, most: Int) throws {
        let texts = try file.categories(ofColumn: column)
        let rows = try Self.codes(of: file, column, count: texts.count)
        let own = texts.indices.filter { rows[$0] > 0 }
            .sorted { (rows[$1], texts[$0]) < (rows[$0], texts[$1]) }.prefix(most).map { texts[$0] }
        form = .categories(Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) }))
        bins = own.map { .value($0) } + [.rest, .missing]
    }

    /// Whether the rows of a column of this type can be counted by these bins.
    public func fits(_ type: ColumnType) -> Bool {
        switch form {
        case .numbers: type != .category && type != .text
        case .categories: type == .category
        }
    }

    /// How many rows of the file are in each bin; the column's type must fit.
    ///
    /// - Throws: `TableFaults.fileDamaged`.
    public func rows(of file: ColumnFile, column: Int) throws -> [Int] {
        precondition(fits(file.schema.columns[column].type))
        var rows = [Int](repeating: 0, count: bins.count)
        rows[bins.count - 1] = file.missing(inColumn: column)
        switch form {
        case .numbers(let greatest):
            for group in 0..<file.groups {
                for value in try file.read(column: column, group: group).doubles ?? [] where !value.isNaN {
                    rows[Self.place(of: value, greatest)] += 1
                }
            }
        case .categories(let places):
            let texts = try file.categories(ofColumn: column)
            for (code, count) in try Self.codes(of: file, column, count: texts.count).enumerated() {
                rows[places[texts[code]] ?? bins.count - 2] += count
            }
        }
        return rows
    }

    private static func place(of value: Double, _ greatest: [Double]) -> Int {
        var (low, high) = (0, greatest.count)
        while low < high {
            let middle = (low + high) / 2
            if value <= greatest[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func codes(of file: ColumnFile, _ column: Int, count: Int) throws -> [Int] {
        var rows = [Int](repeating: 0, count: count)
        for group in 0..<file.groups {
            let chunk = try file.read(column: column, group: group)
            guard case .codes(let codes) = chunk.values else { continue }
            for row in codes.indices where chunk.presence[row] { rows[Int(codes[row])] += 1 }
        }
        return rows
    }
}
