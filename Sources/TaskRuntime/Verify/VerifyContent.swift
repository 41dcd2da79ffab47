import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a frame of `verify` holds: bytes that both ends derive from the task's seed, so that a change shows.
struct VerifyContent: Hashable, Sendable {
    let type: VerifyMessage
    let from: Int
    let to: Int
    let step: UInt32
    /// Which of its type and step, from 0.
    let index: Int
    let count: Int

    /// The key is HMAC-SHA-256 of what the frame is, under the seed; the bytes are the ChaCha20 keystream under it
    /// (RFC 8439), as the ciphertext of zeros.
    func bytes(seed: [UInt8]) -> [UInt8] {
        let label = "atoll/verify/1 \(type.rawValue) \(from) \(to) \(step) \(index)"
        let code = HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: seed))
        let zeros = [UInt8](repeating: 0, count: count)
        let box = try? ChaChaPoly.seal(
            zeros, using: SymmetricKey(data: Array(code)),
            nonce: ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)))
        guard let box else { preconditionFailure("a key of 32 and a nonce of 12 bytes can seal") }
        return Array(box.ciphertext)
    }

    /// The digest of everything received from one party up to this frame.
    static func chain(after digest: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: digest)
        hash.update(data: payload)
        return Array(hash.finalize())
    }
}
