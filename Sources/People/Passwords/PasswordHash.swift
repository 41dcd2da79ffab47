import Crypto
import CryptoExtras
import Faults
import Ledger

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a hash costs: time, and memory that a guess needs as well. RFC 7914.
public struct PasswordCost: Sendable, Hashable {
    /// Binary logarithm of the rounds, 1 to 20.
    public let logRounds: Int
    /// Size of a block, 1 to 32. Memory is 128 bytes times rounds times this.
    public let block: Int
    /// Repetitions, 1 to 16.
    public let parallel: Int

    /// - Returns: nil outside of the ranges.
    public init?(logRounds: Int, block: Int, parallel: Int) {
        guard (1...20).contains(logRounds), (1...32).contains(block), (1...16).contains(parallel) else { return nil }
        self.logRounds = logRounds
        self.block = block
        self.parallel = parallel
    }

    /// 64 MiB, two passes: the second of the settings that OWASP's password storage cheat sheet takes for equal.
    public static let usual = PasswordCost(logRounds: 16, block: 8, parallel: 2)!
}

/// A password as it is kept: scrypt with a salt of its own. Written with everything that is needed to check it, so that
/// the cost can rise later: `scrypt$16,8,2$SALT$KEY`, salt and key in hexadecimal.
struct PasswordHash: Sendable {
    let cost: PasswordCost
    private let salt: [UInt8]
    private let key: [UInt8]

    private static let saltBytes = 16
    private static let keyBytes = 32

    init(_ password: [UInt8], cost: PasswordCost) throws(Fault) {
        var generator = SystemRandomNumberGenerator()
        self.cost = cost
        salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        key = try Self.derive(password, salt: salt, cost)
    }

    /// - Returns: nil for a text that is no hash.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "scrypt" else { return nil }
        let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let rounds = numbers[0], let block = numbers[1], let parallel = numbers[2],
            let cost = PasswordCost(logRounds: rounds, block: block, parallel: parallel),
            let salt = Hexadecimal.bytes(parts[2]), salt.count == Self.saltBytes,
            let key = Hexadecimal.bytes(parts[3]), key.count == Self.keyBytes
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    var text: String {
        "scrypt$\(cost.logRounds),\(cost.block),\(cost.parallel)$\(Hexadecimal.text(salt))$\(Hexadecimal.text(key))"
    }

    /// Takes the same time for every password of the same cost.
    func matches(_ password: [UInt8]) throws(Fault) -> Bool {
        let found = try Self.derive(password, salt: salt, cost)
        return zip(found, key).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: [UInt8], salt: [UInt8], _ cost: PasswordCost) throws(Fault) -> [UInt8] {
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: password, salt: salt, outputByteCount: keyBytes, rounds: 1 << cost.logRounds,
                blockSize: cost.block, parallelism: cost.parallel)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            throw Fault(PeopleFaults.busy, "The hash of a password cannot be computed.")
        }
    }
}
