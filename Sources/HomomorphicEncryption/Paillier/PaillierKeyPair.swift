public import Arithmetic
public import Faults

/// A Paillier key pair: what decrypts, and what encrypts at half the cost of the public key.
///
/// It exists in memory only: it has no encoding. Its secrets are wiped when it is released.
public final class PaillierKeyPair: AdditiveKeyPair {
    public let publicKey: PaillierPublicKey
    let profile: Profile
    private let workers: Workers
    private let owner: OwnerBlinding
    private let opener: Opener

    /// From primes that both leave 3 modulo 4, with gcd(p − 1, q − 1) = 2, and x prime to n, the root of the base.
    /// No length is refused: toy keys are for tests.
    init(
        unchecked p: Natural, _ q: Natural, root x: Natural, profile: Profile, workers: Workers, kernel: Kernel? = nil,
        window: Int? = nil
    ) throws(Fault) {
        let n = p * q
        // h_s = (−x²)^n modulo n².
        let base = (n - x * x % n).power(n, modulo: n * n)
        let modulusP = try PairModulus(p, kernel: kernel)
        let modulusQ = try PairModulus(q, kernel: kernel)
        self.publicKey = try PaillierPublicKey(
            unchecked: n, base: base, profile: profile, workers: workers, kernel: kernel, window: window)
        self.profile = profile
        self.workers = workers
        self.owner = try OwnerBlinding(
            modulusP, modulusQ, publicKey.modulus, base: base, profile: profile, window: window)
        self.opener = try Opener(modulusP, modulusQ, kernel: kernel)
    }

    public func encrypt(
        _ plaintexts: PlaintextBatch, from pool: BlindingPool<PaillierPublicKey>?
    ) throws(Fault) -> [UInt8] {
        let width = publicKey.n.words.count
        let messages = try publicKey.residues(plaintexts, width: width)
        var block = CiphertextBlock.header(publicKey, count: plaintexts.count)
        let parts = workers.mapRanges(plaintexts.count, most: 256, multipleOf: PaillierPublicKey.lanes) { range in
            var blinded = pool?.blindings(range.count) ?? self.owner.make(range.count)
            defer { self.publicKey.wipe(&blinded) }
            let words = messages.span.extracting((range.lowerBound * width)..<(range.upperBound * width))
            blinded.multiplyOnePlus(words, width: width)
            return blinded.leaveBytes()
        }
        for part in parts { block += part }
        return block
    }

    public func decrypt(_ block: [UInt8], count: Int) throws(Fault) -> PlaintextBatch {
        try CiphertextBlock.check(block, publicKey, count: count)
        let key = publicKey
        // The product of the ciphertexts modulo n finds common factors before any secret exponent is used.
        try key.requireUnit(
            key.checkedRanges(block, count) { bytes throws(Fault) in
                PairResidues(enteringBytes: bytes, width: key.ciphertextBytes, modulus: key.modulus).productModuloN()
            })
        let opened = key.workers.mapRanges(count, most: 256, multipleOf: PaillierPublicKey.lanes) { range in
            let start = CiphertextBlock.headerBytes + range.lowerBound * key.ciphertextBytes
            let bytes = block.span.extracting(start..<(start + range.count * key.ciphertextBytes))
            return self.opener.open(bytes, width: key.ciphertextBytes, count: range.count)
        }
        // One word more than n: values are never negative.
        let words = key.n.words.count
        var result = PlaintextBatch(count: count, width: words + 1)
        var next = 0
        for part in opened {
            for start in stride(from: 0, to: part.count, by: words) {
                result.words.replaceSubrange(next..<(next + words), with: part[start..<(start + words)])
                next += words + 1
            }
        }
        return result
    }

    public func blindings(_ count: Int) -> PairResidues {
        let made = workers.mapRanges(count, most: 256, multipleOf: PaillierPublicKey.lanes) { range in
            self.owner.make(range.count)
        }
        return made.isEmpty ? publicKey.neutral(0) : PairResidues(concatenating: made)
    }

    /// Blindings with given exponents below (p − 1)(q − 1)/2, for known answers.
    func blindings(exponents: [Natural]) -> PairResidues {
        owner.make(exponents: exponents)
    }
}
