public import Arithmetic
public import Faults

extension PaillierKeyPair {
    /// Makes a key pair: p and q uniform among primes of half the length that leave 3 modulo 4, with
    /// gcd(p − 1, q − 1) = 2 and |p − q| > 2^(bits/2 − 100); h_s = (−x²)^n modulo n² with x uniform and prime to n.
    ///
    /// - Parameters:
    ///   - bits: 3072, or 2048 within a group of companies.
    ///   - profile: how the key's secrets are guarded on this machine.
    ///   - workers: the threads that the key's operations use.
    /// - Throws: `key-too-short` for any other length.
    public static func generate(
        bits: Int = 3072, profile: Profile = .shared, workers: Workers = .all
    ) throws(Fault) -> PaillierKeyPair {
        guard PaillierPublicKey.acceptedBits.contains(bits) else { throw Fault(EncryptionFaults.keyTooShort) }
        return try generate(unchecked: bits, profile: profile, workers: workers)
    }

    /// As `generate`, of any even length from 128 bits: short keys are for tests.
    static func generate(
        unchecked bits: Int, profile: Profile = .shared, workers: Workers = .all, kernel: Kernel? = nil
    ) throws(Fault) -> PaillierKeyPair {
        let primes = workers.map(2) { _ in prime(bits / 2) }
        var (p, q) = (primes[0], primes[1])
        while !fit(p, q, bits: bits) {
            p = q
            q = prime(bits / 2)
        }
        let x = SecureRandom.natural(coprimeTo: p * q)
        return try PaillierKeyPair(unchecked: p, q, root: x, profile: profile, workers: workers, kernel: kernel)
    }

    private static func prime(_ bits: Int) -> Natural {
        while true {
            let prime = Primes.random(bits: bits)
            if prime.bit(1) { return prime }
        }
    }

    private static func fit(_ p: Natural, _ q: Natural, bits: Int) -> Bool {
        guard p != q else { return false }
        let distance = p > q ? p - q : q - p
        return distance.bitWidth > max(0, bits / 2 - 100)
            && (p - Natural(1)).gcd(q - Natural(1)) == Natural(2)
    }
}
