import Arithmetic

/// A secret multiplier of points, in memory of its own that is wiped when the last use ends. Never written anywhere.
public final class CurveScalar: Sendable {
    private let words: SecretWords

    /// 256 fresh bits; the kernels clamp them as X25519 does, so 251 of them count.
    public init() {
        var words = SecretWords(count: 4)
        words.withMutableWords { SecureRandom.fill(&$0) }
        self.words = words
    }

    /// For known answers: 32 bytes, least significant first.
    init(bytes: [UInt8]) {
        precondition(bytes.count == 32, "a scalar has 32 bytes")
        var words = SecretWords(count: 4)
        words.withMutableWords { words in
            for (place, byte) in bytes.enumerated() { words[place / 8] |= UInt64(byte) << UInt64(8 * (place % 8)) }
        }
        self.words = words
    }

    /// The 32 bytes, on processors that put the least significant one first.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        words.withWords { words in
            unsafe words.withUnsafeBufferPointer { words in
                unsafe words.withMemoryRebound(to: UInt8.self) { unsafe body($0.baseAddress!) }
            }
        }
    }
}
