/// SipHash-2-4 over whole words (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): the 64-bit form, for
/// messages whose length is a multiple of eight bytes.
struct SipHash: Sendable {
    let low: UInt64
    let high: UInt64

    func hash(_ words: UInt64...) -> UInt64 {
        var state = State(low: low, high: high)
        for word in words { state.compress(word) }
        state.compress(UInt64(words.count * 8) << 56)
        return state.finish()
    }

    /// The same for two words, without an array: this is called for every row.
    func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var state = State(low: low, high: high)
        state.compress(first)
        state.compress(second)
        state.compress(16 << 56)
        return state.finish()
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(low: UInt64, high: UInt64) {
            v0 = 0x736F_6D65_7073_6575 ^ low
            v1 = 0x646F_7261_6E64_6F6D ^ high
            v2 = 0x6C79_6765_6E65_7261 ^ low
            v3 = 0x7465_6462_7974_6573 ^ high
        }

        @inline(__always)
        mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 &+= v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 &+= v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
