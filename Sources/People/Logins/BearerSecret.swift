import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What proves a caller: 256 random bits as text, told once. Only its SHA-256 is kept, which is enough for something that
/// nobody can guess.
public struct BearerSecret: Sendable {
    /// What it is for, told by its beginning, so that one kind is never taken for another and scanners find it.
    public enum Use: String, Sendable, CaseIterable {
        case session = "atoll_s_"
        case token = "atoll_t_"
        case first = "atoll_f_"
    }

    public let use: Use
    /// To be given to its owner, and to nobody else: not logged, not stored.
    public let text: String

    static func make(_ use: Use) -> BearerSecret {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = Data(bytes).base64EncodedString().filter { $0 != "=" }
        let safe = text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return BearerSecret(use: use, text: use.rawValue + String(safe))
    }

    private init(use: Use, text: String) {
        self.use = use
        self.text = text
    }

    /// - Returns: nil for a text that does not look like one.
    public init?(_ text: String) {
        guard let use = Use.allCases.first(where: { text.hasPrefix($0.rawValue) }), text.utf8.count == 51 else {
            return nil
        }
        let rest = text.utf8.dropFirst(use.rawValue.utf8.count)
        guard
            rest.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x5F
            })
        else { return nil }
        self.init(use: use, text: text)
    }

    /// What is kept and looked up. 32 bytes.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
