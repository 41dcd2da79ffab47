import Arithmetic
import Testing

/// Random values at every size on every kernel against plain integers, with the edges of each.
@Suite struct CrossCheckTests {
    /// Values whose kernel form is an edge: 0, 1, all ones, a half of R (so that a product is zero modulo R and the
    /// quotient is zero), n - 1, and random ones.
    static func edges(_ modulus: PairModulus, count: Int) -> [Natural] {
        let square = modulus.square
        let bits = modulus.kernel.name.contains("ifma") ? 1040 : 1024
        var values: [Natural] = [0, 1, square - 1, modulus.n, modulus.n - 1, square - modulus.n]
        // v · R ≡ form (mod n²) for R = 2^bits and its multiples at wider kernels.
        if let inverse = (Natural.power(ofTwo: bits) % square).inverse(modulo: square) {
            for form in [Natural.one, Natural.power(ofTwo: bits / 2), Natural.power(ofTwo: 64) - 1] {
                values.append(form * inverse % square)
            }
        }
        while values.count < count { values.append(SecureRandom.natural(below: square)) }
        return Array(values.prefix(count))
    }

    @Test(arguments: Kernel.available, modulusBits)
    func productsAndSquares(kernel: Kernel, bits: Int) throws {
        for dense in [false, true] {
            let modulus = try PairModulus(randomModulus(bits: bits, dense: dense), kernel: kernel)
            let square = modulus.square
            let a = CrossCheckTests.edges(modulus, count: 11)
            let b = Array(CrossCheckTests.edges(modulus, count: 11).reversed())
            let x = PairResidues(entering: a, modulus: modulus)
            let y = PairResidues(entering: b, modulus: modulus)
            #expect(x.multiplied(by: y).values == zip(a, b).map { $0 * $1 % square })
            #expect(x.multiplied(by: x).values == x.squared().values)
            #expect(x.squared(times: 2).values == a.map { slowPower($0, 4, square) })
            #expect(x.multiplied(by: y[3..<4]).values == a.map { $0 * b[3] % square })
            let u = Residues(entering: a, modulus: modulus.plain)
            let v = Residues(entering: b, modulus: modulus.plain)
            #expect(u.multiplied(by: v).values == zip(a, b).map { $0 * $1 % modulus.n })
            #expect(u.squared().values == a.map { $0 * $0 % modulus.n })
        }
    }

    /// Groups of fewer than eight and a rest after a full group.
    @Test(arguments: Kernel.available, [0, 1, 7, 8, 9, 16, 17])
    func counts(kernel: Kernel, count: Int) throws {
        let modulus = try PairModulus(randomModulus(bits: 1024), kernel: kernel)
        let a = (0..<count).map { _ in SecureRandom.natural(below: modulus.square) }
        let x = PairResidues(entering: a, modulus: modulus)
        #expect(x.count == count)
        #expect(x.values == a)
        #expect(x.squared().values == a.map { $0 * $0 % modulus.square })
        #expect(x.power(5).values == a.map { slowPower($0, 5, modulus.square) })
        #expect(PairResidues(ones: count, modulus: modulus).values == Array(repeating: 1, count: count))
        let bytes = x.leaveBytes()
        #expect(bytes.count == count * modulus.valueBytes)
        let back = PairResidues(enteringBytes: bytes.span, width: modulus.valueBytes, modulus: modulus)
        #expect(back.values == a)
    }

    /// Reductions stay bounded over a thousand steps; the reference walks beside it.
    @Test(arguments: Kernel.available, [1024, 1536, 2048, 3072])
    func longChains(kernel: Kernel, bits: Int) throws {
        // The model is slow: it walks the whole way at one width.
        let steps = kernel.name == "ifma-model" && bits > 1024 ? 100 : 1000
        let modulus = try PairModulus(randomModulus(bits: bits, dense: true), kernel: kernel)
        let a = (0..<3).map { _ in SecureRandom.natural(below: modulus.square) }
        var x = PairResidues(entering: a, modulus: modulus)
        let factor = PairResidues(entering: a.reversed(), modulus: modulus)
        var expected = a
        let factors = Array(a.reversed())
        for _ in 0..<steps / 2 {
            x.square()
            x.multiply(by: factor)
            for i in 0..<3 { expected[i] = expected[i] * expected[i] % modulus.square * factors[i] % modulus.square }
        }
        #expect(x.values == expected)
    }

    /// (1 + mn)·x over and over: the only call that adds to a half without a product.
    @Test(arguments: Kernel.available, [3, 16, 1024, 2048])
    func onePlusChain(kernel: Kernel, bits: Int) throws {
        let modulus = try PairModulus(randomModulus(bits: bits, dense: true), kernel: kernel)
        let m = (0..<9).map { _ in SecureRandom.natural(below: modulus.n) }
        let words = flat(m, width: modulus.partWords)
        var x = PairResidues(onePlus: words.span, width: modulus.partWords, modulus: modulus)
        for _ in 0..<40 { x.multiplyOnePlus(words.span, width: modulus.partWords) }
        #expect(x.values == m.map { (1 + $0 * 41 * modulus.n) % modulus.square })
    }

    @Test(arguments: Kernel.available)
    func partsOfPairs(kernel: Kernel) throws {
        let modulus = try PairModulus(randomModulus(bits: 1536), kernel: kernel)
        let a = CrossCheckTests.edges(modulus, count: 9)
        let x = PairResidues(entering: a, modulus: modulus)
        var low = [UInt64](repeating: 0, count: 9 * modulus.partWords)
        var high = low
        var lowSpan = low.mutableSpan
        var highSpan = high.mutableSpan
        x.leaveParts(low: &lowSpan, high: &highSpan)
        #expect(split(low, modulus.partWords) == a.map { $0 % modulus.n })
        #expect(split(high, modulus.partWords) == a.map { $0 / modulus.n })
        let secret = x.leaveSecret()
        #expect(secret.reveal() == Natural(words: x.leaveWords()))
    }

    @Test func rangeOfPublicValues() throws {
        let modulus = try PairModulus(randomModulus(bits: 64))
        let good: [Natural] = [1, modulus.square - 1]
        for (bad, index) in [([], nil), ([Natural.zero], 2), ([modulus.square], 2)] as [([Natural], Int?)] {
            let bytes = (good + bad).flatMap { $0.bytes(width: modulus.valueBytes) }
            #expect(modulus.firstOutOfRange(bytes: bytes.span) == index)
        }
    }
}
