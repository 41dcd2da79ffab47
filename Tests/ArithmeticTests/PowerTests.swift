import Arithmetic
import Testing

@Suite struct PowerTests {
    @Test(arguments: Kernel.available, [16, 1024, 2048])
    func publicExponents(kernel: Kernel, bits: Int) throws {
        let modulus = try PairModulus(randomModulus(bits: bits), kernel: kernel)
        let a = (0..<3).map { _ in SecureRandom.natural(below: modulus.square) }
        let x = PairResidues(entering: a, modulus: modulus)
        let all = Natural.power(ofTwo: 200) - 1
        for exponent in [0, 1, 2, 3, 96, 65537, Natural.power(ofTwo: 129), all] as [Natural] {
            #expect(x.power(exponent).values == a.map { slowPower($0, exponent, modulus.square) }, "\(exponent.hex)")
        }
    }

    @Test(arguments: Kernel.available, [1, 2, 5, 31, 64, 65, 130])
    func exponentsPerElement(kernel: Kernel, bits: Int) throws {
        let modulus = try PairModulus(randomModulus(bits: 1024), kernel: kernel)
        let a = (0..<9).map { _ in SecureRandom.natural(below: modulus.square) }
        let x = PairResidues(entering: a, modulus: modulus)
        var e = (0..<7).map { _ in SecureRandom.natural(bits: bits) }
        e += [0, Natural.power(ofTwo: bits) - 1]
        let width = 3
        let words = flat(e, width: width)
        let expected = zip(a, e).map { slowPower($0, $1, modulus.square) }
        for profile in Profile.allCases {
            #expect(x.powers(exponents: words.span, width: width, bits: bits, profile: profile).values == expected)
            for window in [1, 3, 6, 8] {
                let table = FixedBase(
                    base: a[0], exponentBits: bits, window: window, profile: profile, modulus: modulus)
                #expect(
                    table.powers(exponents: words.span, width: width).values
                        == e.map { slowPower(a[0], $0, modulus.square) }, "window \(window)")
            }
        }
    }

    /// Bits of an exponent beyond those that count have no effect.
    @Test(arguments: Kernel.available)
    func lowBitsCount(kernel: Kernel) throws {
        let modulus = try PairModulus(randomModulus(bits: 512), kernel: kernel)
        let a = SecureRandom.natural(below: modulus.square)
        let x = PairResidues(entering: [a], modulus: modulus)
        let exponent: [UInt64] = [0xffff_ffff_ffff_ff2b]
        let expected = [slowPower(a, 0x2b, modulus.square)]
        #expect(x.powers(exponents: exponent.span, width: 1, bits: 8, profile: .shared).values == expected)
        #expect(x.power(secret: SecretWords(Natural(exponent[0])), bits: 8).values == expected)
        let table = FixedBase(base: a, exponentBits: 8, window: 3, profile: .dedicated, modulus: modulus)
        #expect(table.powers(exponents: exponent.span, width: 1).values == expected)
        #expect(table.tableBytes >= 3 * 8 * 2 * 128)
    }

    @Test(arguments: Kernel.available)
    func productsOfPowers(kernel: Kernel) throws {
        let modulus = try PairModulus(randomModulus(bits: 1024), kernel: kernel)
        let a = (0..<12).map { _ in SecureRandom.natural(below: modulus.square) }
        let x = PairResidues(entering: a, modulus: modulus)
        // Horner packing with a hole, dense exponents, and none.
        let exponentSets: [[Natural]] = [
            (0..<5).map { Natural.power(ofTwo: 33 * $0) },
            [0x1234_5678_9abc, 7, 0, Natural.power(ofTwo: 100) - 1],
            [0, 0],
        ]
        for exponents in exponentSets {
            let count = 9
            var indices = (0..<exponents.count * count).map { _ in Int32.random(in: 0..<12) }
            indices[count - 1] = -1
            let packed = PairResidues.productsOfPowers(
                of: x, indices: indices.span, exponents: exponents, count: count)
            for (i, value) in packed.values.enumerated() {
                var expected = Natural.one
                for (j, exponent) in exponents.enumerated() {
                    let index = indices[j * count + i]
                    if index < 0 { continue }
                    expected = expected * slowPower(a[Int(index)], exponent, modulus.square) % modulus.square
                }
                #expect(value == expected)
            }
        }
    }

    /// CRT by weighted entry: x mod p², y mod q² joined modulo n², and halves joined modulo n.
    @Test(arguments: Kernel.available, [16, 256, 1024])
    func chineseRemainders(kernel: Kernel, bits: Int) throws {
        let (p, q): (Natural, Natural) =
            bits == 16 ? (241, 251) : (Primes.random(bits: bits), Primes.random(bits: bits))
        let modulus = try PairModulus(p * q, kernel: kernel)
        let (pp, qq) = (p * p, q * q)
        let weights = [qq * qq.inverse(modulo: pp)!, pp * pp.inverse(modulo: qq)!]
        let entry = WeightedEntry(weights: weights, modulus: modulus)
        let values = (0..<9).map { _ in SecureRandom.natural(below: modulus.square) }
        let width = modulus.partWords
        let digits = flat(values.flatMap { [$0 % pp, $0 % qq] }, width: width)
        #expect(entry.enter(digits.span, width: width, modulus: modulus).values == values)

        let plain = WeightedEntry(
            weights: [q * q.inverse(modulo: p)!, p * p.inverse(modulo: q)!], modulus: modulus.plain)
        let residues = values.map { $0 % modulus.n }
        let halves = flat(residues.flatMap { [$0 % p, $0 % q] }, width: width)
        var out = [UInt64](repeating: 0, count: 9 * width)
        var span = out.mutableSpan
        plain.combine(digits: halves.span, width: width, into: &span)
        #expect(split(out, width) == residues)
        #expect(plain.enter(halves.span, width: width, modulus: modulus.plain).values == residues)
    }
}
