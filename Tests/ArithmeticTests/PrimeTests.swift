import Arithmetic
import Testing

@Suite struct PrimeTests {
    @Test func smallNumbers() {
        var composite = [Bool](repeating: false, count: 2000)
        for n in 2..<2000 {
            #expect(Primes.isProbablePrime(Natural(UInt64(n)), rounds: 2) == !composite[n], "\(n)")
            for multiple in stride(from: 2 * n, to: 2000, by: n) { composite[multiple] = true }
        }
        #expect(!Primes.isProbablePrime(0) && !Primes.isProbablePrime(1))
    }

    /// Carmichael numbers, squares and products of near primes fool weaker tests.
    @Test(arguments: [561, 41041, 825_265, 321_197_185, 3_215_031_751, 341_550_071_728_321, 3_825_123_056_546_413_051])
    func pseudoprimes(n: UInt64) {
        #expect(!Primes.isProbablePrime(Natural(n)))
    }

    @Test func knownPrimes() {
        for exponent in [61, 89, 107, 127, 521, 607, 1279] {
            #expect(Primes.isProbablePrime(Natural.power(ofTwo: exponent) - 1, rounds: 4))
            #expect(!Primes.isProbablePrime((Natural.power(ofTwo: exponent) - 1) * 65537, rounds: 1))
        }
        #expect(!Primes.isProbablePrime(Natural.power(ofTwo: 1277) - 1, rounds: 2))
    }

    @Test(arguments: [64, 65, 512, 1024, 1536])
    func randomPrimes(bits: Int) {
        let (p, q) = (Primes.random(bits: bits), Primes.random(bits: bits))
        #expect(p.bitWidth == bits && p.bit(bits - 2) && p.isOdd)
        #expect((p * q).bitWidth == 2 * bits)
        #expect(p != q)
        // Fermat with a base that Miller-Rabin did not choose.
        #expect(Natural(3).power(p - 1, modulo: p) == 1)
    }

    @Test func smallFactors() {
        let p = Primes.random(bits: 256)
        #expect(Primes.smallestFactor(of: p, below: 1 << 20) == nil)
        #expect(Primes.smallestFactor(of: p * 1_048_573, below: 1 << 20) == 1_048_573)
        #expect(Primes.smallestFactor(of: p * 1_048_573, below: 1_048_573) == nil)
        #expect(Primes.smallestFactor(of: p * 65521 * 3, below: 1 << 20) == 3)
        #expect(Primes.smallestFactor(of: p * 2, below: 1 << 20) == 2)
        #expect(Primes.smallestFactor(of: 7, below: 100) == 7)
    }

    @Test func perfectPowers() {
        let p = Primes.random(bits: 100)
        #expect(Primes.isPerfectPower(p * p))
        #expect(Primes.isPerfectPower(p * p * p))
        #expect(!Primes.isPerfectPower(p * p * 2))
        #expect(!Primes.isPerfectPower(p))
        for n in [1, 4, 8, 9, 27, 1 << 40, 3_486_784_401] as [Natural] { #expect(Primes.isPerfectPower(n), "\(n.hex)") }
        for n in [2, 3, 5, 6, 12, 48, 1_000_001] as [Natural] { #expect(!Primes.isPerfectPower(n), "\(n.hex)") }
    }
}
