import Crypto

/// The pseudorandom function behind every choice of a training: a number of 64 bits from seed, purpose, tree and key.
/// Nothing depends on the place of a row or column in its table, so every party and every order of rows chooses the same.
///
/// It is SipHash-2-4 under the first 16 bytes of SHA-256("atoll sampling 1\n", purpose, "\n", seed as 8 bytes), read as two
/// little-endian words, over the words of the message.
public struct SamplingFunction: Sendable {
    public enum Purpose: String, Sendable {
        case rows, columns, validation
    }

    private let hash: SipHash

    public init(seed: UInt64, purpose: Purpose) {
        var writer = ByteWriter()
        writer.put(bytes: "atoll sampling 1\n\(purpose.rawValue)\n".utf8)
        writer.put(seed)
        var reader = ByteReader(Array(SHA256.hash(data: writer.bytes))[...])
        // Thirty-two bytes are there.
        hash = SipHash(low: (try? reader.number()) ?? 0, high: (try? reader.number()) ?? 0)
    }

    /// Whether a row of this key is among the share of rows chosen for the tree.
    ///
    /// - Parameter share: 0 ... 1; a row is in when its number is below share · 2^64.
    public func chooses(tree: Int, key: UInt64, share: Double) -> Bool {
        if share >= 1 { return true }
        return hash.hash(UInt64(tree), key) < UInt64(share * 0x1p64)
    }

    /// The columns of one party that a tree may use, ascending: the ⌈share · count⌉, at least one, with the lowest
    /// numbers of (tree, party, key of the name), ties to the lower column.
    ///
    /// - Parameters:
    ///   - party: 0 for the guest, then the hosts in the plan's order.
    ///   - names: the party's columns; no other party needs to know them.
    public func columns(tree: Int, party: Int, names: [String], share: Double) -> [Int] {
        if share >= 1 || names.isEmpty { return Array(names.indices) }
        let wanted = max(1, Int((share * Double(names.count)).rounded(.up)))
        let numbers = names.map { hash.hash(UInt64(tree), UInt64(party), RowKey.key(of: $0)) }
        let ranked = names.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        return ranked.prefix(wanted).sorted()
    }
}

/// The key of a row: what sampling and the order of sums go by.
public enum RowKey {
    /// The first eight bytes of the SHA-256 of the id's text, as a big-endian number.
    public static func key(of id: String) -> UInt64 {
        key(ofBytes: Array(id.utf8))
    }

    /// - Parameter id: the UTF-8 of the id's text.
    public static func key(ofBytes id: [UInt8]) -> UInt64 {
        SHA256.hash(data: id).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
