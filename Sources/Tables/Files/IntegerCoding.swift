import CTables
import Faults

/// Whole numbers in as few bits as simple means allow. The writer takes the smallest of four forms:
///
/// | first byte | then |
/// |---|---|
/// | 0 constant | the value (i64); all are equal |
/// | 1 frame | least value (i64), width (u8), differences to it, packed |
/// | 2 steps | first value (i64), least step (i64), width (u8), for all but the first the step less the least, packed |
/// | 3 table | size (u16, 2 to 4096), different values ascending (i64 each), width (u8), places in it, packed |
///
/// Differences wrap around at 64 bits. Packed: `width` bits each, lowest first. No values take no bytes at all.
enum IntegerCoding {
    private static let mostInTable = 4096

    static func encode(_ values: [Int64], into writer: inout ByteWriter) {
        guard let first = values.first else { return }
        var (least, most) = (first, first)
        var (leastStep, mostStep) = (Int64.max, Int64.min)
        var previous = first
        for (place, value) in values.enumerated() {
            least = min(least, value)
            most = max(most, value)
            if place > 0 {
                let step = value &- previous
                leastStep = min(leastStep, step)
                mostStep = max(mostStep, step)
            }
            previous = value
        }
        if least == most {
            writer.put(UInt8(0))
            writer.put(least)
            return
        }
        let count = values.count
        let frameWidth = width(most, least)
        let frameSize = 9 + ct_packed_size(count, UInt32(frameWidth))
        let stepWidth = width(mostStep, leastStep)
        let stepsSize = 17 + ct_packed_size(count - 1, UInt32(stepWidth))
        let best = min(frameSize, stepsSize)
        // A table of at least two values takes a bit for each place, so it is worth looking only above that.
        if best > 8 * 2 + 4 + count / 8, let table = table(of: values, smallerThan: best) {
            encode(values, table: table, into: &writer)
        } else if stepsSize < frameSize {
            writer.put(UInt8(2))
            writer.put(first)
            writer.put(leastStep)
            var previous = first
            pack(count - 1, stepWidth, into: &writer) { place in
                let value = values[place + 1]
                defer { previous = value }
                return UInt64(bitPattern: (value &- previous) &- leastStep)
            }
        } else {
            writer.put(UInt8(1))
            writer.put(least)
            pack(count, frameWidth, into: &writer) { UInt64(bitPattern: values[$0] &- least) }
        }
    }

    static func decode(_ count: Int, from reader: inout ByteReader) throws -> [Int64] {
        guard count > 0 else { return [] }
        switch try reader.get(UInt8.self) {
        case 0: return Array(repeating: try reader.get(), count: count)
        case 1:
            let least = try reader.get(Int64.self)
            return try unpack(count, from: &reader).map { least &+ Int64(bitPattern: $0) }
        case 2:
            var value = try reader.get(Int64.self)
            let least = try reader.get(Int64.self)
            let steps = try unpack(count - 1, from: &reader)
            var list = [value]
            list.reserveCapacity(count)
            for step in steps {
                value = value &+ least &+ Int64(bitPattern: step)
                list.append(value)
            }
            return list
        case 3:
            let size = Int(try reader.get(UInt16.self))
            guard (2...mostInTable).contains(size) else {
                throw reader.damage("The table of a block has no such size.")
            }
            let table = try (0..<size).map { _ in try reader.get(Int64.self) }
            let places = try unpack(count, from: &reader)
            guard places.allSatisfy({ $0 < UInt64(size) }) else {
                throw reader.damage("A place lies outside of a block's table.")
            }
            return places.map { table[Int($0)] }
        default: throw reader.damage("A block has an unknown form.")
        }
    }

    private static func width(_ high: Int64, _ low: Int64) -> Int {
        64 - UInt64(bitPattern: high &- low).leadingZeroBitCount
    }

    /// The different values ascending, when a table of them is smaller than `size`.
    private static func table(of values: [Int64], smallerThan size: Int) -> [Int64]? {
        var seen = Set<Int64>()
        for (place, value) in values.enumerated() where seen.insert(value).inserted {
            if seen.count > mostInTable { return nil }
            // Give up early where nearly every value is new.
            if place == 1023, seen.count > 768 { return nil }
        }
        let width = 64 - (UInt64(seen.count) - 1).leadingZeroBitCount
        guard 4 + seen.count * 8 + ct_packed_size(values.count, UInt32(width)) < size else { return nil }
        return seen.sorted()
    }

    private static func encode(_ values: [Int64], table: [Int64], into writer: inout ByteWriter) {
        writer.put(UInt8(3))
        writer.put(UInt16(table.count))
        for value in table { writer.put(value) }
        let places = Dictionary(uniqueKeysWithValues: table.enumerated().map { ($1, UInt64($0)) })
        let width = 64 - (UInt64(table.count) - 1).leadingZeroBitCount
        pack(values.count, width, into: &writer) { places[values[$0]]! }
    }

    private static func pack(
        _ count: Int, _ width: Int, into writer: inout ByteWriter, _ value: (Int) -> UInt64
    ) {
        writer.put(UInt8(width))
        let differences = (0..<count).map(value)
        writer.put(room: ct_packed_size(count, UInt32(width))) { out in
            ct_pack(differences, count, UInt32(width), out)
            return ct_packed_size(count, UInt32(width))
        }
    }

    private static func unpack(_ count: Int, from reader: inout ByteReader) throws -> [UInt64] {
        let width = Int(try reader.get(UInt8.self))
        guard width <= 64 else { throw reader.damage("A block's values are wider than 64 bits.") }
        let bytes = try reader.take(ct_packed_size(count, UInt32(width)))
        guard count > 0 else { return [] }
        return [UInt64](unsafeUninitializedCapacity: count) { buffer, written in
            var nothing: UInt8 = 0
            withUnsafePointer(to: &nothing) { spare in
                let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? spare
                ct_unpack(start, count, UInt32(width), buffer.baseAddress!)
            }
            written = count
        }
    }
}
