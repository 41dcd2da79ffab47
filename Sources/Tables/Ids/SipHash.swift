/// SipHash-2-4 with 128 bits (Aumasson and Bernstein 2012; the 128-bit form of the authors' reference code): without the
/// key nobody can make two texts collide, and among 10^9 honest ones a collision has a chance below 10^-20.
struct SipHash {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var tail: UInt64 = 0
    private var length = 0

    struct Key: Sendable {
        let low: UInt64
        let high: UInt64

        static func fresh() -> Key { Key(low: .random(in: 0 ... .max), high: .random(in: 0 ... .max)) }
    }

    init(_ key: Key) {
        v0 = 0x736F_6D65_7073_6575 ^ key.low
        v1 = 0x646F_7261_6E64_6F6D ^ key.high ^ 0xEE
        v2 = 0x6C79_6765_6E65_7261 ^ key.low
        v3 = 0x7465_6462_7974_6573 ^ key.high
    }

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64((length & 7) * 8)
        length &+= 1
        if length & 7 == 0 {
            compress(tail)
            tail = 0
        }
    }

    @inline(__always)
    mutating func add(_ word: UInt64) {
        let shift = UInt64((length & 7) * 8)
        length &+= 8
        compress(tail | word << shift)
        tail = shift == 0 ? 0 : word >> (64 - shift)
    }

    func finish() -> (UInt64, UInt64) {
        var state = self
        state.compress(tail | UInt64(truncatingIfNeeded: length) << 56)
        state.v2 ^= 0xEE
        for _ in 0..<4 { state.round() }
        let first = state.v0 ^ state.v1 ^ state.v2 ^ state.v3
        state.v1 ^= 0xDD
        for _ in 0..<4 { state.round() }
        return (first, state.v0 ^ state.v1 ^ state.v2 ^ state.v3)
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
