import Arithmetic
import Faults
import Synchronization

@testable import HomomorphicEncryption

/// Key pairs of the vectors and small ones, made once per kernel.
enum TestKeys {
    private static let made = Mutex<[String: PaillierKeyPair]>([:])

    /// The key pair of the vectors with this many bits.
    static func vectors(_ bits: Int, _ kernel: Kernel, profile: Profile = .dedicated) throws -> PaillierKeyPair {
        try kept("\(bits) \(kernel.name) \(profile)") {
            let key = try Vectors.shared.keys.first { $0.bits == bits }!
            return try PaillierKeyPair(
                unchecked: Natural(hex: key.p)!, Natural(hex: key.q)!, root: Natural(hex: key.x)!, profile: profile,
                workers: .all, kernel: kernel, window: window(kernel))
        }
    }

    /// The model of a vector kernel is slow, so its tables are small; nil stands for the best.
    static func window(_ kernel: Kernel) -> Int? {
        kernel.name == "ifma-model" ? 3 : nil
    }

    /// A fresh key pair of 256 bits, for everything where the length does not matter.
    static func small(_ kernel: Kernel? = nil) throws -> PaillierKeyPair {
        try kept("small \(kernel?.name ?? "preferred")") {
            try PaillierKeyPair.generate(unchecked: 256, workers: .all, kernel: kernel)
        }
    }

    private static func kept(_ name: String, _ make: () throws -> PaillierKeyPair) throws -> PaillierKeyPair {
        try made.withLock { made in
            if let pair = made[name] { return pair }
            let pair = try make()
            made[name] = pair
            return pair
        }
    }
}

/// Exponents from a list instead of from the system, and a record of what was asked for.
final class FixedExponents: Sendable {
    private let state: Mutex<State>

    private struct State {
        var values: [Natural]
        var asked: [(count: Int, bits: Int)] = []
    }

    init(_ values: [Natural]) {
        self.state = Mutex(State(values: values))
    }

    var asked: [(count: Int, bits: Int)] { state.withLock { $0.asked } }

    var source: ExponentSource {
        { count, bits in
            let width = (bits + 63) / 64
            let values = self.state.withLock { state in
                state.asked.append((count, bits))
                defer { state.values.removeFirst(count) }
                return state.values[..<count].flatMap { $0.words(width: width) }
            }
            return SecretWords(Natural(words: values), count: count * width)
        }
    }
}

extension Natural {
    /// A vector's number modulo n: negative ones counted from n down.
    init(vector text: String, modulo n: Natural) {
        let magnitude = Natural(hex: text.hasPrefix("-") ? String(text.dropFirst()) : text)! % n
        self = text.hasPrefix("-") && !magnitude.isZero ? n - magnitude : magnitude
    }
}

extension PlaintextBatch {
    /// Numbers of the vectors, signed, wide enough for all.
    init(vectors: [String], words: Int) {
        self.init(count: vectors.count, width: words)
        for (index, text) in vectors.enumerated() {
            let magnitude = Hex.words(text, count: words)
            self.words.replaceSubrange(
                (index * words)..<((index + 1) * words), with: Hex.isNegative(text) ? magnitude.negated() : magnitude)
        }
    }
}
