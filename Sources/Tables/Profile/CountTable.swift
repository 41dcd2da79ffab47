/// Counts by 64-bit key. Its content, never the order of its slots, is what callers may look at.
struct CountTable {
    private var keys: [UInt64]
    /// 0 where a slot is free.
    private var counts: [Int]
    private(set) var used = 0

    init(capacity: Int = 64) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        keys = Array(repeating: 0, count: size)
        counts = Array(repeating: 0, count: size)
    }

    /// Adds `count`, at least 1, to the key's.
    @inline(__always)
    mutating func add(_ key: UInt64, _ count: Int) {
        if used * 2 >= keys.count { grow() }
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: ProfileHash.mixed(key)) & mask
        while counts[slot] != 0 {
            if keys[slot] == key {
                counts[slot] += count
                return
            }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        counts[slot] = count
        used += 1
    }

    /// Keys with their counts, by key.
    var sorted: [(key: UInt64, count: Int)] {
        entries.sorted { $0.key < $1.key }
    }

    var entries: [(key: UInt64, count: Int)] {
        keys.indices.filter { counts[$0] > 0 }.map { (keys[$0], counts[$0]) }
    }

    private mutating func grow() {
        let old = entries
        keys = Array(repeating: 0, count: keys.count * 2)
        counts = Array(repeating: 0, count: counts.count * 2)
        used = 0
        for entry in old { add(entry.key, entry.count) }
    }
}

/// Hashes whose values are part of a profile's result, so they are fixed for ever.
enum ProfileHash {
    /// The finaliser of SplitMix64 (Stafford's mix 13): a bijection of 64 bits.
    @inline(__always)
    static func mixed(_ key: UInt64) -> UInt64 {
        var z = key &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// SipHash-2-4 with the key 0 of a text's bytes.
    static func text(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = SipHash(SipHash.Key(low: 0, high: 0))
        for byte in bytes { hash.add(byte) }
        return hash.finish().0
    }
}
