import Arithmetic
import Testing

@Suite struct NaturalTests {
    /// Sizes around word borders, with words that provoke carries and quotient corrections.
    func draws() -> [Natural] {
        var values: [Natural] = [0, 1, 2, 3, Natural(.max), Natural.power(ofTwo: 64)]
        for bits in [63, 65, 127, 128, 129, 192, 500, 2048] {
            values.append(SecureRandom.natural(bits: bits))
            values.append(Natural.power(ofTwo: bits) - 1)
            values.append(Natural.power(ofTwo: bits) + 1)
            values.append((Natural.power(ofTwo: bits) - 1) << 64)
        }
        return values
    }

    @Test func ringLaws() {
        let values = draws()
        for a in values {
            for b in values {
                #expect(a + b == b + a)
                #expect(a + b - b == a)
                #expect(a * b == b * a)
                #expect((a + 1) * b == a * b + b)
                #expect((a < b) == (a + 1 <= b))
            }
        }
    }

    @Test func division() {
        let values = draws()
        for a in values {
            for b in values where !b.isZero {
                let (quotient, remainder) = a.divided(by: b)
                #expect(remainder < b)
                #expect(quotient * b + remainder == a)
                let (exact, nothing) = (a * b).divided(by: b)
                #expect(exact == a && nothing.isZero)
            }
        }
        // The estimate of a quotient word is one too large here, and the divisor is added back (Knuth 4.3.1 D6).
        let a = Natural(words: [0, 0, 1 << 63, (1 << 63) - 1] as [UInt64])
        let b = Natural(words: [1, 0, 1 << 63] as [UInt64])
        let (quotient, remainder) = a.divided(by: b)
        #expect(quotient * b + remainder == a && remainder < b)
        #expect(Natural(hex: "123456789abcdef0fedcba9876543210")!.remainder(by: 1_000_003) == 157_143)
    }

    @Test func shiftsAndBits() {
        for a in draws() {
            for bits in [0, 1, 63, 64, 65, 200] {
                #expect(a << bits == a * Natural.power(ofTwo: bits))
                #expect(a >> bits == a / Natural.power(ofTwo: bits))
            }
            #expect(Natural.power(ofTwo: a.bitWidth) > a)
            if !a.isZero {
                #expect(a.bit(a.bitWidth - 1))
                #expect((a >> a.trailingZeroBitCount).isOdd)
            }
            #expect(Natural(a.bits(from: 60, count: 64)) == (a >> 60) % Natural.power(ofTwo: 64))
        }
    }

    @Test func encodings() {
        for a in draws() {
            let width = (a.bitWidth + 7) / 8 + 3
            #expect(Natural(bytes: a.bytes(width: width)) == a)
            #expect(Natural(words: a.words(width: width)) == a)
            #expect(Natural(hex: a.hex) == a)
            var bytes = [UInt8](repeating: 0xff, count: width)
            var span = bytes.mutableSpan
            a.copyBytes(into: &span)
            #expect(bytes == a.bytes(width: width))
        }
        #expect(Natural(0x0102).bytes(width: 3) == [2, 1, 0])
        #expect(Natural(hex: "ff")! == 255)
        #expect(Natural(hex: "") == nil)
        #expect(Natural(hex: "12g") == nil)
    }

    @Test func greatestCommonDivisor() {
        #expect(Natural(12).gcd(18) == 6)
        #expect(Natural(0).gcd(7) == 7)
        for _ in 0..<20 {
            let (a, b, c) = (
                SecureRandom.natural(bits: 300), SecureRandom.natural(bits: 200), SecureRandom.natural(bits: 90) + 1
            )
            let g = (a * c).gcd(b * c)
            #expect((g % c).isZero && (a * c % g).isZero && (b * c % g).isZero)
            #expect((a * c / g).gcd(b * c / g) <= 1 || b.isZero)
        }
    }

    @Test func inverses() {
        for bits in [2, 8, 64, 65, 512, 2048] {
            let m = randomModulus(bits: bits)
            for value in [SecureRandom.natural(below: m), 1, m - 1] {
                if value.gcd(m) == 1 {
                    let inverse = value.inverse(modulo: m)
                    #expect(inverse.map { $0 * value % m } == 1)
                } else {
                    #expect(value.inverse(modulo: m) == nil)
                }
            }
            #expect(Natural.zero.inverse(modulo: m) == nil)
        }
        #expect(Natural(3).inverse(modulo: 10) == 7)
        #expect(Natural(4).inverse(modulo: 10) == nil)
    }

    /// The Jacobi symbol equals Euler's criterion at a prime and multiplies over factors.
    @Test func jacobiSymbol() {
        let (p, q): (Natural, Natural) = (Natural(UInt64(1) << 61) - 1, 1_000_003)
        for _ in 0..<30 {
            let a = SecureRandom.natural(below: p * q)
            let euler = { (prime: Natural) -> Int in
                let power = slowPower(a % prime, (prime - 1) / 2, prime)
                return power == 1 ? 1 : power.isZero ? 0 : -1
            }
            #expect(a.jacobi(over: p) == euler(p))
            #expect(a.jacobi(over: q) == euler(q))
            #expect(a.jacobi(over: p * q) == euler(p) * euler(q))
        }
        #expect(Natural(15).jacobi(over: 5) == 0)
    }

    @Test func powersModulo() {
        for m in [1, 2, 10, 1 << 20, 1_000_003, randomModulus(bits: 700), randomModulus(bits: 100) * 2] as [Natural] {
            let (a, e) = (SecureRandom.natural(bits: 800), SecureRandom.natural(bits: 70))
            #expect(a.power(e, modulo: m) == slowPower(a % m, e, m))
        }
    }

    @Test func roots() {
        for degree in [1, 2, 3, 5, 17] {
            for base in [2, 10, Natural(.max), SecureRandom.natural(bits: 200) + 2] as [Natural] {
                var power = Natural.one
                for _ in 0..<degree { power *= base }
                #expect(power.root(degree) == base)
                #expect((power - 1).root(degree) == base - 1)
                #expect((power + 1).root(degree) == (degree == 1 ? base + 1 : base))
            }
        }
        #expect(Natural(99).squareRoot() == 9)
    }
}
