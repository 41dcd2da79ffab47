import Crypto
import Ledger

/// What both ends of a join prove to each other: HMAC-SHA-256 under the code's secret over everything that the session
/// is made of. See `docs/protocols/join.md` and `docs/decisions/0006-join-binding.md`.
struct JoinProof {
    let code: [UInt8]
    let inviter: SiteID
    let joiner: SiteID
    /// SHA-256 of the leaf that the inviter authenticated with in this session; 32 bytes.
    let inviterLeaf: [UInt8]
    let joinerLeaf: [UInt8]
    private let key: SymmetricKey

    /// - Parameter code: the digest of the join code.
    init(
        secret: [UInt8], code: [UInt8], inviter: SiteID, joiner: SiteID, inviterLeaf: [UInt8], joinerLeaf: [UInt8]
    ) {
        self.code = code
        self.inviter = inviter
        self.joiner = joiner
        self.inviterLeaf = inviterLeaf
        self.joinerLeaf = joinerLeaf
        key = SymmetricKey(data: secret)
    }

    /// - Returns: 32 bytes.
    func request(_ body: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message("request", [body]), using: key))
    }

    /// Whether the proof of a request is right; takes the same time wherever it is wrong.
    func isRequest(_ proof: [UInt8], of body: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(proof, authenticating: message("request", [body]), using: key)
    }

    /// The answer is bound to the request that it answers.
    func answer(_ body: [UInt8], to request: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message("answer", [request, body]), using: key))
    }

    func isAnswer(_ proof: [UInt8], of body: [UInt8], to request: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(proof, authenticating: message("answer", [request, body]), using: key)
    }

    /// Every part with its length before it (4 bytes, big-endian), so that no two messages have the same bytes.
    private func message(_ label: String, _ parts: [[UInt8]]) -> [UInt8] {
        let context = [
            Array("atoll join \(JoinCode.version) \(label)".utf8), code, Array(inviter.text.utf8),
            Array(joiner.text.utf8), inviterLeaf, joinerLeaf,
        ]
        return (context + parts).flatMap { part in
            (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (8 * (3 - $0))) } + part
        }
    }
}
