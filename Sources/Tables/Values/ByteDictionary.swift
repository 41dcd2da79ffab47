#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Different byte strings, numbered from 0 in the order in which they first came.
struct ByteDictionary {
    /// One more than entries: entry `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
    private(set) var offsets: [Int] = [0]
    private(set) var bytes: [UInt8] = []
    /// Hash and number plus 1 of an entry, 0 where there is none; a power of two, at most half full.
    private var slots: [UInt64] = Array(repeating: 0, count: 64)
    private let seed: UInt64

    init() {
        seed = UInt64.random(in: 1 ... .max)
    }

    var count: Int { offsets.count - 1 }

    subscript(number: Int) -> ArraySlice<UInt8> { bytes[offsets[number]..<offsets[number + 1]] }

    func string(_ number: Int) -> String { String(decoding: self[number], as: UTF8.self) }

    var strings: [String] { (0..<count).map(string) }

    /// The number of a string; a new one is added as long as neither limit is passed, else `nil`.
    mutating func code(of text: UnsafePointer<UInt8>, _ length: Int, limit: Int, bytesLimit: Int) -> UInt32? {
        let hash = Self.hash(text, length, seed)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        let tag = hash >> 32
        while slots[slot] != 0 {
            if slots[slot] >> 32 == tag {
                let number = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
                let start = offsets[number]
                if offsets[number + 1] - start == length,
                    bytes.withUnsafeBufferPointer({ memcmp($0.baseAddress! + start, text, length) == 0 })
                {
                    return UInt32(number)
                }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard count < limit, bytes.count + length <= bytesLimit else { return nil }
        bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
        offsets.append(bytes.count)
        slots[slot] = tag << 32 | UInt64(count)
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        bytes.withUnsafeBufferPointer { buffer in
            for number in 0..<count {
                let (start, end) = (offsets[number], offsets[number + 1])
                let hash = Self.hash(buffer.baseAddress! + start, end - start, seed)
                var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = (hash >> 32) << 32 | UInt64(number + 1)
            }
        }
    }

    /// Multiply and fold of eight bytes at a time, from a secret seed, so that a file cannot be made to collide.
    private static func hash(_ text: UnsafePointer<UInt8>, _ length: Int, _ seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(length) &* 0x9E37_79B9_7F4A_7C15
        let raw = UnsafeRawPointer(text)
        var place = 0
        while place + 8 <= length {
            state = fold(
                state ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self), 0xD6E8_FEB8_6659_FD93 ^ seed)
            place += 8
        }
        var rest: UInt64 = 0
        while place < length {
            rest = rest << 8 | UInt64(text[place])
            place += 1
        }
        return fold(state ^ rest, 0xA076_1D64_78BD_642F ^ seed)
    }

    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
