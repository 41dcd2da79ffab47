public import Faults

/// An odd modulus n in [3, 2^3072) for batches of residues modulo n.
public final class Modulus: Sendable {
    let core: ModulusCore

    /// Prepares n for a kernel, the preferred one unless named. `ATL-2004` when n is unsuitable, and what
    /// `Kernel.preferred` throws.
    public init(_ n: Natural, kernel: Kernel? = nil) throws(Fault) {
        core = try ModulusCore(n, form: 1, kernel: kernel)
    }

    public var n: Natural { core.n }
    public var kernel: Kernel { core.kernel }
    public var bitWidth: Int { core.n.bitWidth }
    /// Words of a value: ceil(bitWidth / 64).
    public var valueWords: Int { core.valueWords }
    /// Bytes of a value: ceil(bitWidth / 8).
    public var valueBytes: Int { (core.n.bitWidth + 7) / 8 }

    /// The longest modulus in bits.
    public static let largestBitWidth = ModulusCore.largestBitWidth
}

/// An odd n in [3, 2^3072) for batches of residues modulo n², each held as a pair x0 + n·x1.
public final class PairModulus: Sendable {
    let core: ModulusCore
    /// The same n for residues modulo n.
    public let plain: Modulus

    /// Prepares n for a kernel, the preferred one unless named. `ATL-2004` when n is unsuitable, and what
    /// `Kernel.preferred` throws.
    public init(_ n: Natural, kernel: Kernel? = nil) throws(Fault) {
        core = try ModulusCore(n, form: 2, kernel: kernel)
        plain = try Modulus(n, kernel: core.kernel)
    }

    public var n: Natural { core.n }
    public var square: Natural { core.modulus }
    public var kernel: Kernel { core.kernel }
    public var bitWidth: Int { core.n.bitWidth }
    /// Words of a value below n²: ceil(2 · bitWidth / 64).
    public var valueWords: Int { core.valueWords }
    /// Bytes of a value below n²: ceil(2 · bitWidth / 8).
    public var valueBytes: Int { (2 * core.n.bitWidth + 7) / 8 }
    /// Words of one half, below n.
    public var partWords: Int { core.partWords }

    /// The index of the first value of `valueBytes` bytes that is not in 1 ..< n², or nil. Public values only.
    public func firstOutOfRange(bytes: Span<UInt8>) -> Int? {
        precondition(bytes.count % valueBytes == 0, "values fill the span")
        for index in 0..<bytes.count / valueBytes {
            let start = index * valueBytes
            let value = Natural(bytes: bytes.extracting(start..<start + valueBytes))
            if value.isZero || value >= square { return index }
        }
        return nil
    }
}
