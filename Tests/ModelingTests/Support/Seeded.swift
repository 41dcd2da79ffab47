import Foundation

/// SplitMix64: the same seed gives the same numbers. Prints the seed, and takes it from `ATOLL_TEST_SEED`.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ test: String) {
        let given = ProcessInfo.processInfo.environment["ATOLL_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? .random(in: 1...UInt64(UInt32.max))
        print("\(test): seed \(seed) (repeat with ATOLL_TEST_SEED=\(seed))")
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
