public import Arithmetic
public import Faults

/// A public key on the wire; all numbers little-endian:
///
/// | bytes | content |
/// |---|---|
/// | 0–3 | `ATLK` |
/// | 4 | version, 1 |
/// | 5 | scheme, 1 |
/// | 6–7 | bits of the modulus, b |
/// | b/8 | n |
/// | b/4 | h_s |
extension PaillierPublicKey {
    static let magic = Array("ATLK".utf8)
    static let version: UInt8 = 1
    private static let headerBytes = 8

    /// The lengths that are accepted: 112-bit security within a group, 128-bit security between institutions.
    public static let acceptedBits: Set<Int> = [2048, 3072]

    public func encoded() -> [UInt8] {
        Self.magic + [Self.version, Self.scheme.code] + CiphertextBlock.bytes(UInt16(bitWidth))
            + n.bytes(width: (bitWidth + 7) / 8) + base.bytes(width: (2 * bitWidth + 7) / 8)
    }

    /// Reads and validates a peer's key (docs/protocols/paillier.md).
    ///
    /// - Throws: `key-encoding`, `key-version`; `key-too-short` for a length that is not accepted; `key-length`,
    ///   `key-even`, `key-small-factor`, `key-prime-power` for the modulus; `key-base-range`, `key-base-common-factor`,
    ///   `key-base-symbol` for the base.
    public init(decoding bytes: [UInt8], profile: Profile = .shared, workers: Workers = .all) throws(Fault) {
        try self.init(decoding: bytes, profile: profile, workers: workers, accepting: Self.acceptedBits)
    }

    /// `accepting`: other lengths are for tests with toy keys, whose factors may also be small.
    init(
        decoding bytes: [UInt8], profile: Profile, workers: Workers, accepting lengths: Set<Int>, kernel: Kernel? = nil
    ) throws(Fault) {
        guard bytes.count >= Self.headerBytes, Array(bytes[..<4]) == Self.magic else {
            throw Fault(EncryptionFaults.keyEncoding)
        }
        guard bytes[4] == Self.version, bytes[5] == Self.scheme.code else {
            throw Fault(EncryptionFaults.keyVersion, wanted: "version \(Self.version) of scheme \(Self.scheme)")
        }
        let bits = CiphertextBlock.number(bytes[6..<8])
        guard lengths.contains(bits) else { throw Fault(EncryptionFaults.keyTooShort) }
        let split = Self.headerBytes + (bits + 7) / 8
        guard bytes.count == split + (2 * bits + 7) / 8 else { throw Fault(EncryptionFaults.keyEncoding) }
        let n = Natural(bytes: Array(bytes[Self.headerBytes..<split]))
        let base = Natural(bytes: Array(bytes[split...]))
        try Self.validate(modulus: n, bits: bits)
        try Self.validate(base: base, modulus: n)
        try self.init(unchecked: n, base: base, profile: profile, workers: workers, kernel: kernel)
    }

    /// - Throws: `key-length`, `key-even`, `key-small-factor`, `key-prime-power`.
    static func validate(modulus n: Natural, bits: Int, smallestFactor: UInt32 = 1 << 20) throws(Fault) {
        guard n.bitWidth == bits else { throw Fault(EncryptionFaults.keyLength, wanted: "\(bits) bits") }
        guard n.isOdd else { throw Fault(EncryptionFaults.keyEven) }
        // Toy keys of tests have nothing but small factors.
        guard bits < 64 || Primes.smallestFactor(of: n, below: smallestFactor) == nil else {
            throw Fault(EncryptionFaults.keySmallFactor)
        }
        guard !mayBePrimePower(n) else { throw Fault(EncryptionFaults.keyPrimePower) }
    }

    /// - Throws: `key-base-range`, `key-base-common-factor`, `key-base-symbol`.
    static func validate(base: Natural, modulus n: Natural) throws(Fault) {
        guard base > Natural(1), base < n * n else { throw Fault(EncryptionFaults.keyBaseRange) }
        guard base.gcd(n) == Natural(1) else { throw Fault(EncryptionFaults.keyBaseCommonFactor) }
        guard (base % n).jacobi(over: n) == 1 else { throw Fault(EncryptionFaults.keyBaseSymbol) }
    }

    /// Whether n may be a power of a prime, the prime itself included.
    ///
    /// For n = p^k the order of every a divides p^k − p^(k−1), so p divides a^n − a. For a product of two primes as they
    /// are made here, a^n = a modulo one of them has probability 2/p: one try decides at real sizes, and eight leave
    /// toy keys a chance.
    static func mayBePrimePower(_ n: Natural) -> Bool {
        for _ in 0..<8 {
            let a = SecureRandom.natural(below: n)
            let power = a.power(n, modulo: n)
            let difference = power >= a ? power - a : power + n - a
            if difference.gcd(n) == Natural(1) { return false }
        }
        return true
    }
}

extension PaillierPublicKey: Equatable {
    public static func == (left: PaillierPublicKey, right: PaillierPublicKey) -> Bool {
        left.n == right.n && left.base == right.base
    }
}
