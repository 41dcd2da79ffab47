import Arithmetic
import Testing

/// Every operation on every kernel against answers that Python computed.
@Suite struct VectorTests {
    @Test(arguments: Kernel.available, Vectors.all.cases)
    func pairs(kernel: Kernel, known: Vectors.Case) throws {
        let modulus = try PairModulus(known.n, kernel: kernel)
        let width = modulus.partWords
        let a = PairResidues(entering: known.a, modulus: modulus)
        let b = PairResidues(entering: known.b, modulus: modulus)
        #expect(a.values == known.a)
        #expect(a.multiplied(by: b).values == known.product)
        #expect(a.squared().values == known.square)
        #expect(a.power(known.exponent).values == known.power)
        #expect(a.power(secret: SecretWords(known.exponent), bits: 42).values == known.power)
        #expect(PairResidues(entering: known.wide, modulus: modulus).values == known.entered)
        var blinded = a
        let m = flat(known.m, width: width)
        blinded.multiplyOnePlus(m.span, width: width)
        #expect(blinded.values == known.onePlus)
        let exponents = flat(known.exponents, width: 1)
        let base = known.b[known.b.count - 2]
        for profile in Profile.allCases {
            let powers = a.powers(exponents: exponents.span, width: 1, bits: 37, profile: profile)
            #expect(powers.values == known.powers)
            let table = FixedBase(base: base, exponentBits: 37, window: 4, profile: profile, modulus: modulus)
            #expect(table.powers(exponents: exponents.span, width: 1).values == known.fixedBase)
        }
        let entry = WeightedEntry(weights: known.weights, modulus: modulus)
        let digits = flat(known.digits, width: width)
        #expect(entry.enter(digits.span, width: width, modulus: modulus).values == known.sum)
    }

    @Test(arguments: Kernel.available, Vectors.all.cases)
    func plain(kernel: Kernel, known: Vectors.Case) throws {
        let modulus = try Modulus(known.n, kernel: kernel)
        let width = modulus.valueWords
        let a = Residues(entering: known.a, modulus: modulus)
        let b = Residues(entering: known.b, modulus: modulus)
        #expect(a.values == known.a.map { $0 % known.n })
        #expect(a.multiplied(by: b).values == known.plainProduct)
        #expect(a.power(known.exponent).values == known.plainPower)
        #expect(a.power(secret: SecretWords(known.exponent), bits: 41).values == known.plainPower)
        let entry = WeightedEntry(weights: known.weights, modulus: modulus)
        let digits = flat(known.digits, width: width)
        #expect(entry.enter(digits.span, width: width, modulus: modulus).values == known.plainSum)
        var combined = [UInt64](repeating: 0, count: known.plainSum.count * width)
        var span = combined.mutableSpan
        entry.combine(digits: digits.span, width: width, into: &span)
        #expect(split(combined, width) == known.plainSum)
    }

    @Test(arguments: Kernel.available, Vectors.all.cases)
    func chain(kernel: Kernel, known: Vectors.Case) throws {
        let modulus = try PairModulus(known.n, kernel: kernel)
        var x = PairResidues(entering: [known.a[known.a.count - 1]], modulus: modulus)
        let factor = PairResidues(entering: [known.b[0]], modulus: modulus)
        for _ in 0..<50 {
            x.square()
            x.multiply(by: factor)
        }
        #expect(x.values == [known.chain])
    }
}
