public import Arithmetic
public import Faults

/// A Paillier public key: the modulus n and the base h_s, an n-th power whose powers blind.
///
/// An encryption of m is (1 + m·n)·h_s^rho modulo n² (docs/protocols/paillier.md). Residues modulo n² are computed with
/// in pair form, x0 + n·x1.
public struct PaillierPublicKey: AdditivePublicKey {
    public typealias Ciphertexts = PairResidues

    public static let scheme = SchemeIdentifier.paillier
    public static let lanes = 8
    /// Bits by which the exponent of a blinding is longer than the modulus, so that it hides from the key's owner: the
    /// statistical distance from uniform is below 2^−80.
    static let hidingBits = 80

    /// n.
    let n: Natural
    /// h_s, modulo n².
    let base: Natural
    let modulus: PairModulus
    let profile: Profile
    public let workers: Workers
    private let blinding: PublicBlinding

    /// For keys that were made here or have passed validation.
    init(
        unchecked n: Natural, base: Natural, profile: Profile, workers: Workers, kernel: Kernel? = nil,
        window: Int? = nil, draw: @escaping ExponentSource = PublicBlinding.systemExponents
    ) throws(Fault) {
        self.n = n
        self.base = base
        self.modulus = try PairModulus(n, kernel: kernel)
        self.profile = profile
        self.workers = workers
        self.blinding = PublicBlinding(modulus, base: base, profile: profile, window: window, draw: draw)
    }

    /// Bits of the modulus.
    public var bitWidth: Int { n.bitWidth }
    public var plaintextBits: Int { n.bitWidth - 1 }
    public var ciphertextBytes: Int { modulus.valueBytes }
    public var workingBytes: Int { 2 * 8 * ((n.bitWidth + 4 + 51) / 52) }

    /// The lowest sixteen bytes of the modulus.
    public var identifier: KeyIdentifier {
        KeyIdentifier((n % (Natural(1) << 128)).bytes(width: KeyIdentifier.length))!
    }

    public func receive(_ block: [UInt8], count: Int) throws(Fault) -> PairResidues {
        try CiphertextBlock.check(block, self, count: count)
        let entered = try checkedRanges(block, count) { bytes throws(Fault) in
            let residues = PairResidues(enteringBytes: bytes, width: self.ciphertextBytes, modulus: self.modulus)
            return (residues, residues.productModuloN())
        }
        try requireUnit(entered.map(\.1))
        return entered.isEmpty ? neutral(0) : PairResidues(concatenating: entered.map(\.0))
    }

    public func neutral(_ count: Int) -> PairResidues {
        PairResidues(ones: count, modulus: modulus)
    }

    public func count(_ batch: PairResidues) -> Int { batch.count }

    public func copy(_ rows: PairResidues, _ sources: [Int32], into sums: inout PairResidues, _ targets: [Int32]) {
        sums.assign(at: targets.span, from: rows, at: sources.span)
    }

    public func add(_ rows: PairResidues, _ sources: [Int32], into sums: inout PairResidues, _ targets: [Int32]) {
        sums.multiply(at: targets.span, by: rows, at: sources.span)
    }

    public func addWithin(_ sums: inout PairResidues, _ sources: [Int32], into targets: [Int32]) {
        let others = sums.selecting(sources.span)
        let places = (0..<Int32(sources.count)).map { $0 }
        sums.multiply(at: targets.span, by: others, at: places.span)
    }

    public func accumulate(_ rows: PairResidues, _ segments: Segments, into sums: inout PairResidues) {
        sums.accumulate(
            at: segments.targets.span, rows: rows, indices: segments.indices.span, starts: segments.starts.span)
    }

    public func shift(_ sums: inout PairResidues, by bits: Int) {
        sums.square(times: bits)
    }

    public func multiply(_ sums: inout PairResidues, by scalars: [Int64]) {
        precondition(scalars.count == sums.count)
        let magnitudes = scalars.map(\.magnitude)
        let bits = magnitudes.map { 64 - $0.leadingZeroBitCount }.max() ?? 0
        let factors = sums
        let powers = workers.mapRanges(sums.count, most: 256, multipleOf: Self.lanes) { range in
            factors[range].powers(
                exponents: magnitudes.span.extracting(range), width: 1, bits: max(1, bits), profile: .dedicated)
        }
        if !powers.isEmpty { sums = PairResidues(concatenating: powers) }
        let negative = scalars.indices.filter { scalars[$0] < 0 }.map { Int32($0) }
        guard !negative.isEmpty else { return }
        do throws(Fault) {
            let inverses = try sums.selecting(negative.span).inverted()
            let places = (0..<Int32(negative.count)).map { $0 }
            sums.assign(at: negative.span, from: inverses, at: places.span)
        } catch {
            // Only units come in (`receive`), and products of units are units.
            preconditionFailure("a ciphertext has no inverse")
        }
    }

    public func add(_ plaintexts: PlaintextBatch, into sums: inout PairResidues) throws(Fault) {
        precondition(plaintexts.count == sums.count)
        let width = n.words.count
        let messages = try residues(plaintexts, width: width)
        sums.multiplyOnePlus(messages.span, width: width)
    }

    public func seal(_ sums: PairResidues, from pool: BlindingPool<PaillierPublicKey>?) -> [UInt8] {
        var block = CiphertextBlock.header(self, count: sums.count)
        let sealed = workers.mapRanges(sums.count, most: 256, multipleOf: Self.lanes) { range in
            var blindings = pool?.blindings(range.count) ?? self.blinding.make(range.count, bits: self.exponentBits)
            defer { self.wipe(&blindings) }
            return sums[range].multiplied(by: blindings).leaveBytes()
        }
        for bytes in sealed { block += bytes }
        return block
    }

    public func blindings(_ count: Int) -> PairResidues {
        let made = workers.mapRanges(count, most: 256, multipleOf: Self.lanes) { range in
            self.blinding.make(range.count, bits: self.exponentBits)
        }
        return made.isEmpty ? neutral(0) : PairResidues(concatenating: made)
    }

    public func wipe(_ batch: inout PairResidues) {
        guard batch.count > 0 else { return }
        let all = (0..<Int32(batch.count)).map { $0 }
        let first = [Int32](repeating: 0, count: all.count)
        batch.assign(at: all.span, from: neutral(1), at: first.span)
    }
}

extension PaillierPublicKey {
    /// |n| + 80: the length of every exponent that blinds a reply or an encryption by the public key.
    var exponentBits: Int { n.bitWidth + Self.hidingBits }

    /// Encryptions with exponents of half the modulus' length, for comparison with other libraries' figures only: such
    /// blinding does not hide anything from the key's owner, and no protocol uses it.
    @_spi(Benchmarks)
    public func halfLengthBlindings(_ count: Int) -> PairResidues {
        blinding.make(count, bits: n.bitWidth / 2)
    }

    /// Makes the table of the blinding base now instead of with the first blinding.
    public func prepare() {
        blinding.prepare(bits: exponentBits)
    }

    /// The values of a block in ranges, each checked to be in 1 ..< n², then worked off on the workers.
    func checkedRanges<Result: Sendable>(
        _ block: [UInt8], _ count: Int, _ body: @escaping @Sendable (Span<UInt8>) throws(Fault) -> Result
    ) throws(Fault) -> [Result] {
        let width = ciphertextBytes
        return try workers.mapRanges(count, most: 512, multipleOf: Self.lanes) { range throws(Fault) in
            let start = CiphertextBlock.headerBytes + range.lowerBound * width
            let bytes = block.span.extracting(start..<(start + range.count * width))
            if let index = self.modulus.firstOutOfRange(bytes: bytes) {
                throw Fault(EncryptionFaults.ciphertextRange, at: "ciphertext \(range.lowerBound + index)")
            }
            return try body(bytes)
        }
    }

    /// Refuses a batch whose product, known modulo n up to a unit, has a factor in common with n.
    func requireUnit(_ products: [Natural]) throws(Fault) {
        let product = products.reduce(Natural(1)) { $0 * $1 % n }
        guard product.gcd(n) == Natural(1) else { throw Fault(EncryptionFaults.ciphertextCommonFactor) }
    }

    /// Plaintexts modulo n, `width` words each, without a branch on a value.
    ///
    /// - Throws: `plaintext-range` when a value is not in [−2^plaintextBits, 2^plaintextBits).
    func residues(_ plaintexts: PlaintextBatch, width: Int) throws(Fault) -> [UInt64] {
        let modulus = n.words(width: width)
        var result = [UInt64](repeating: 0, count: plaintexts.count * width)
        var excess: UInt64 = 0
        for index in 0..<plaintexts.count {
            let value = plaintexts.words[(index * plaintexts.width)..<((index + 1) * plaintexts.width)]
            let sign = 0 &- (value[value.endIndex - 1] >> 63)
            var carry: UInt64 = 0
            for place in 0..<max(width, plaintexts.width) {
                let word = place < plaintexts.width ? value[value.startIndex + place] : sign
                // Bits from plaintextBits on must repeat the sign.
                let free = min(64, max(0, plaintextBits - 64 * place))
                if free < 64 { excess |= (word ^ sign) >> UInt64(free) }
                guard place < width else { continue }
                let (first, one) = word.addingReportingOverflow(modulus[place] & sign)
                let (second, two) = first.addingReportingOverflow(carry)
                result[index * width + place] = second
                carry = (one ? 1 : 0) + (two ? 1 : 0)
            }
        }
        guard excess == 0 else {
            throw Fault(EncryptionFaults.plaintextRange, wanted: "numbers of at most \(plaintextBits) bits and a sign")
        }
        return result
    }
}
