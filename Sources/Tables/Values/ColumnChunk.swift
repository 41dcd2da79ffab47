/// The values of one column in consecutive rows.
public struct ColumnChunk: Equatable, Sendable {
    public let type: ColumnType
    public let presence: Presence
    /// One entry per row; where the value is missing it is 0, 0.0, code 0 or an empty text and means nothing.
    public let values: Values

    public enum Values: Equatable, Sendable {
        /// Integers; decimals times 10^scale; dates as days since 1970-01-01.
        case integers([Int64])
        case floats([Double])
        /// Places in the column's list of categories.
        case codes([UInt32])
        case texts(TextValues)
    }

    public var count: Int { presence.count }
}

/// Texts one after the other.
public struct TextValues: Equatable, Sendable {
    /// One more than rows: text `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
    public internal(set) var offsets: [Int]
    /// UTF-8.
    public internal(set) var bytes: [UInt8]

    public var count: Int { offsets.count - 1 }

    public subscript(row: Int) -> ArraySlice<UInt8> { bytes[offsets[row]..<offsets[row + 1]] }
}

extension ColumnChunk {
    /// One value; `categories` is the column's list, which only category columns need.
    public func cell(_ row: Int, categories: [String] = []) -> Cell {
        guard presence[row] else { return .missing }
        switch (values, type) {
        case (.integers(let list), .decimal(let scale)): return .decimal(list[row], scale: scale)
        case (.integers(let list), .date): return .date(list[row])
        case (.integers(let list), _): return .integer(list[row])
        case (.floats(let list), _): return .float(list[row])
        case (.codes(let list), _): return .category(categories[Int(list[row])])
        case (.texts(let texts), _): return .text(String(decoding: texts[row], as: UTF8.self))
        }
    }

    /// Integers, decimals, dates and floats as doubles, missing ones as NaN; `nil` for text and categories.
    /// A decimal is divided by its power of ten, so it is the double nearest to the exact value as long as it has at most
    /// 15 digits.
    public var doubles: [Double]? {
        var list: [Double]
        switch (values, type) {
        case (.integers(let values), .decimal(let scale)):
            let power = Double(NumberText.powers[scale])
            list = values.map { Double($0) / power }
        case (.integers(let values), _): list = values.map { Double($0) }
        case (.floats(let values), _): list = values
        default: return nil
        }
        if presence.missing > 0 {
            for row in list.indices where !presence[row] { list[row] = .nan }
        }
        return list
    }
}
