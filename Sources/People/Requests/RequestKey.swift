public import Faults

/// What a caller names a request by, so that it can be sent again and is done once: the header `Idempotency-Key`
/// (draft-ietf-httpapi-idempotency-key-header-07).
public struct RequestKey: Sendable, Hashable {
    /// Who sent it: one life of a user, or an account of the machine. Keys of different owners never meet.
    public let owner: String
    /// The token by which it was sent, which may do less than its owner; empty for everything else.
    public let means: String
    /// 1 to 255 visible ASCII characters.
    public let text: String

    /// - Parameter header: the draft's structured string in quotes, or the same characters without them.
    /// - Throws: `RequestFaults.keyForm`.
    public init(header: String, owner: String, means: String) throws(Fault) {
        var text = header[...]
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        // Quotes and backslashes would need escapes, and a comma is how two headers look when they are joined.
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"\\,".utf8.contains($0) }
        guard isPlain, (1...255).contains(text.utf8.count) else {
            throw Fault(RequestFaults.keyForm, at: "header Idempotency-Key")
        }
        self.owner = owner
        self.means = means
        self.text = String(text)
    }
}
