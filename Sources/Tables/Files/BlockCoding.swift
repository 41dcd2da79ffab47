import CTables
import Faults

/// One chunk as bytes: which rows have a value (0 all, 1 a bit for each row follows, 2 none), then the values of those
/// that have one.
enum BlockCoding {
    static func encode(_ chunk: ColumnChunk) -> [UInt8] {
        var writer = ByteWriter()
        let presence = chunk.presence
        if presence.missing == 0 {
            writer.put(UInt8(0))
        } else if presence.missing == chunk.count {
            writer.put(UInt8(2))
            return writer.bytes
        } else {
            writer.put(UInt8(1))
            let words = presence.words ?? []
            writer.put(
                bytes: (0..<(chunk.count + 7) / 8).map {
                    UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8))
                })
        }
        switch chunk.values {
        case .integers(let list): IntegerCoding.encode(present(list, presence), into: &writer)
        case .floats(let list): FloatCoding.encode(present(list, presence), into: &writer)
        case .codes(let list): IntegerCoding.encode(present(list, presence).map { Int64($0) }, into: &writer)
        case .texts(let texts):
            let lengths = (0..<texts.count).map { Int64(texts.offsets[$0 + 1] - texts.offsets[$0]) }
            TextCoding.encode(lengths: present(lengths, presence), bytes: texts.bytes, into: &writer)
        }
        return writer.bytes
    }

    /// `categories` is the length of the column's list; codes must be below it.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, type: ColumnType, rows: Int, missing: Int, categories: Int, place: String
    ) throws -> ColumnChunk {
        var reader = ByteReader(bytes, place: place)
        let presence = try self.presence(rows, from: &reader)
        guard presence.missing == missing else { throw reader.damage("A block has another number of missing values.") }
        let count = rows - missing
        let values: ColumnChunk.Values
        switch type {
        case .integer, .decimal, .date:
            let list = try IntegerCoding.decode(count, from: &reader)
            if type == .date, !list.allSatisfy({ (CalendarDate.first...CalendarDate.last).contains($0) }) {
                throw reader.damage("A block holds what is no date.")
            }
            values = .integers(spread(list, presence, 0))
        case .float: values = .floats(spread(try FloatCoding.decode(count, from: &reader), presence, 0))
        case .category:
            let list = try IntegerCoding.decode(count, from: &reader)
            guard list.allSatisfy({ $0 >= 0 && $0 < categories }) else {
                throw reader.damage("A block names a category that is not listed.")
            }
            values = .codes(spread(list.map { UInt32($0) }, presence, 0))
        case .text:
            var texts = try TextCoding.decode(count, limit: ColumnFileLayout.mostBlockBytes, from: &reader)
            texts.offsets = offsets(texts.offsets, presence)
            values = .texts(texts)
        }
        try reader.end()
        return ColumnChunk(type: type, presence: presence, values: values)
    }

    /// The list of a category column: its texts, each once.
    static func encode(categories: ByteDictionary) -> [UInt8] {
        var writer = ByteWriter()
        let lengths = (0..<categories.count).map { Int64(categories.offsets[$0 + 1] - categories.offsets[$0]) }
        TextCoding.encode(lengths: lengths, bytes: categories.bytes, into: &writer)
        return writer.bytes
    }

    static func decodeCategories(_ bytes: UnsafeRawBufferPointer, count: Int, place: String) throws -> TextValues {
        var reader = ByteReader(bytes, place: place)
        let texts = try TextCoding.decode(count, limit: Limits.categoryBytes, from: &reader)
        try reader.end()
        guard Set((0..<texts.count).map { texts[$0] }).count == count else {
            throw reader.damage("A category is listed twice.")
        }
        return texts
    }

    private static func presence(_ rows: Int, from reader: inout ByteReader) throws -> Presence {
        switch try reader.get(UInt8.self) {
        case 0: return Presence(all: rows)
        case 2: return Presence(count: rows, words: Array(repeating: 0, count: (rows + 63) / 64))
        case 1:
            let bytes = try reader.take((rows + 7) / 8)
            var words = [UInt64](repeating: 0, count: (rows + 63) / 64)
            for (place, byte) in bytes.enumerated() { words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8) }
            if rows % 64 != 0, let last = words.last, last >> UInt64(rows % 64) != 0 {
                throw reader.damage("A block marks rows beyond its end.")
            }
            let presence = Presence(count: rows, words: words)
            guard presence.missing > 0, presence.missing < rows else {
                throw reader.damage("A block marks missing values without need.")
            }
            return presence
        default: throw reader.damage("A block has an unknown form.")
        }
    }

    private static func present<Value>(_ list: [Value], _ presence: Presence) -> [Value] {
        guard presence.missing > 0 else { return list }
        var kept: [Value] = []
        kept.reserveCapacity(list.count - presence.missing)
        for row in list.indices where presence[row] { kept.append(list[row]) }
        return kept
    }

    private static func spread<Value>(_ list: [Value], _ presence: Presence, _ nothing: Value) -> [Value] {
        guard presence.missing > 0 else { return list }
        var next = 0
        return (0..<presence.count).map { row in
            guard presence[row] else { return nothing }
            defer { next += 1 }
            return list[next]
        }
    }

    private static func offsets(_ list: [Int], _ presence: Presence) -> [Int] {
        guard presence.missing > 0 else { return list }
        var next = 0
        var offsets = [0]
        offsets.reserveCapacity(presence.count + 1)
        for row in 0..<presence.count {
            if presence[row] { next += 1 }
            offsets.append(list[next])
        }
        return offsets
    }
}
