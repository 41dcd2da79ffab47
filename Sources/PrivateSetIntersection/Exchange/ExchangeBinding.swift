import Crypto

/// What binds an exchange to its task: a digest of 32 bytes that both parties compute, and what is derived from it.
public struct ExchangeBinding: Sendable, Hashable {
    /// The suite's DST: `Atoll-PSI-v1-` and the digest.
    let tag: [UInt8]
    /// The key of the hash by which ids are dealt out to parts and common ids put in order.
    let orderKey: [UInt8]
    private let digest: [UInt8]

    public init(digest: [UInt8]) {
        precondition(digest.count == 32, "a digest has 32 bytes")
        self.digest = digest
        tag = Array("Atoll-PSI-v1-".utf8) + digest
        orderKey = Array(SHA256.hash(data: Array("atoll/align/order/1".utf8) + [0] + digest).prefix(16))
    }

    /// The hash whose first block of 64 bytes, a label and the digest, is taken already: SHA-256 of that block and a
    /// point is the point's tag, before it is cut.
    var tagHash: SHA256 {
        var hash = SHA256()
        let label = Array("atoll/align/tag/1".utf8)
        hash.update(data: label + [UInt8](repeating: 0, count: 32 - label.count) + digest)
        return hash
    }

    /// The first bytes of a point's tag, as a number; 12 at most.
    static func tags(of points: [UInt8], bytes: Int, _ start: SHA256) -> [UInt128] {
        stride(from: 0, to: points.count, by: CurveKernel.pointBytes).map { begin in
            var hash = start
            unsafe points.withUnsafeBytes { points in
                unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: points[begin..<begin + 32]))
            }
            return hash.finalize().prefix(bytes).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
    }
}
