#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How many different values there are, estimated in 16 KB: HyperLogLog with 2^14 registers and 64-bit hashes, read with
/// the improved estimator of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6,
/// which needs no tables of corrections and is unbiased from 0 to 2^64.
///
/// The standard error is 1.04 / √16384 = 0.81 %. Merging gives the very sketch of both inputs together.
public struct DistinctSketch: Equatable, Sendable {
    /// One standard deviation of the estimate over the truth.
    public static let standardError = 0.0081

    private static let bits = 14
    private var registers = [UInt8](repeating: 0, count: 1 << bits)

    public init() {}

    /// Adds a hash whose 64 bits are evenly spread.
    @inline(__always)
    mutating func add(hash: UInt64) {
        let register = Int(truncatingIfNeeded: hash >> UInt64(64 - Self.bits))
        let rest = hash << UInt64(Self.bits)
        let rank = UInt8(truncatingIfNeeded: min(rest.leadingZeroBitCount, 64 - Self.bits) + 1)
        if rank > registers[register] { registers[register] = rank }
    }

    public mutating func merge(_ other: DistinctSketch) {
        for place in registers.indices { registers[place] = max(registers[place], other.registers[place]) }
    }

    public var estimate: Double {
        let most = 64 - Self.bits
        let size = Double(registers.count)
        var counts = [Double](repeating: 0, count: most + 2)
        for register in registers { counts[Int(register)] += 1 }
        var z = size * Self.tau(1 - counts[most + 1] / size)
        for rank in stride(from: most, through: 1, by: -1) { z = 0.5 * (z + counts[rank]) }
        z += size * Self.sigma(counts[0] / size)
        return size / (2 * 0.693_147_180_559_945_3) * size / z
    }

    private static func sigma(_ start: Double) -> Double {
        if start == 1 { return .infinity }
        var (x, y, z) = (start, 1.0, start)
        while true {
            x *= x
            let previous = z
            z += x * y
            y += y
            if z == previous { return z }
        }
    }

    private static func tau(_ start: Double) -> Double {
        if start == 0 || start == 1 { return 0 }
        var (x, y, z) = (start, 1.0, 1 - start)
        while true {
            x = x.squareRoot()
            let previous = z
            y *= 0.5
            z -= (1 - x) * (1 - x) * y
            if z == previous { return z / 3 }
        }
    }
}
