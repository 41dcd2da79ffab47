import BenchKit
import CIFMARate
import COpenSSL
import PrivateSetIntersection

/// One core, processor time, a thousand points at a time.
private let batch = 1_024

private func kernel() throws -> CurveKernel { try CurveKernel.preferred() }

private let ids = IdentifierTable((0..<batch).map { Array("id \(100_000_000_000_000 + $0)".utf8) })
private let tag = Array("Atoll-PSI-v1-".utf8) + [UInt8](repeating: 7, count: 32)

let curveRows = [
    BenchRow(
        "curve.mult", unit: "ns",
        doc: "X25519 of one point with a secret scalar, processor time of one core. Ratio: OpenSSL's X25519, timed in "
            + "turn, over ours.",
        ratio: .measured, goal: .ratio(.atLeast, 8)
    ) { _ in
        let points = try kernel().hash(ids, tag: tag)
        let scalar = CurveScalar()
        let peer = try OpenSSLX25519()
        let runs = try (0..<9).map { _ in
            let ours = try Timing.once(.thread) { _ = try kernel().multiply(points, by: scalar) } / Double(batch)
            return (ours, try peer.once())
        }
        return Measurement(
            runs.map(\.0), ratio: Statistics.median(runs.map { $0.1 / $0.0 }),
            against: Against(
                name: "OpenSSL \(OpenSSLX25519.version)", value: Statistics.median(runs.map(\.1)),
                source: "measured in this run"))
    },
    BenchRow(
        "curve.mult.bound", unit: "ns",
        doc:
            "The same. Ratio: the time of 131,000 eight-lane multiply-adds per eight points, at the rate that this core "
            + "showed in this run, over ours; null without AVX-512 IFMA.",
        ratio: .measured
    ) { _ in
        let points = try kernel().hash(ids, tag: tag)
        let scalar = CurveScalar()
        let runs = try Timing.runs(units: batch) { _ = try kernel().multiply(points, by: scalar) }
        let rate = atoll_ifma_rate()
        guard rate > 0 else { return Measurement(runs, goalApplies: false) }
        let bound = 131_000 / rate / 8 * 1e9
        return Measurement(
            runs, ratio: bound / Statistics.median(runs),
            against: Against(name: "IFMA bound", value: bound, source: "measured in this run"))
    },
    BenchRow(
        "curve.hash", unit: "ns",
        doc: "hash_to_curve of one id of 18 bytes (curve25519_XMD:SHA-512_ELL2_RO_), processor time of one core."
    ) { _ in
        Measurement(try Timing.runs(units: batch) { _ = try kernel().hash(ids, tag: tag) })
    },
]

/// OpenSSL's X25519 as its own speed test takes it: one shared secret.
private final class OpenSSLX25519 {
    private let context: OpaquePointer
    private let own: OpaquePointer
    private let peer: OpaquePointer

    static var version: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }

    init() throws {
        var bytes = [UInt8](repeating: 9, count: 32)
        bytes[5] = 77
        guard let own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, bytes, 32),
            let peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, bytes, 32),
            let context = EVP_PKEY_CTX_new(own, nil), EVP_PKEY_derive_init(context) == 1,
            EVP_PKEY_derive_set_peer(context, peer) == 1
        else { throw BenchFailure("OpenSSL has no X25519") }
        self.own = own
        self.peer = peer
        self.context = context
    }

    deinit {
        EVP_PKEY_CTX_free(context)
        EVP_PKEY_free(own)
        EVP_PKEY_free(peer)
    }

    /// Nanoseconds of one, over some milliseconds.
    func once() throws -> Double {
        var secret = [UInt8](repeating: 0, count: 32)
        let repeats = 300
        var good = true
        let time = Timing.once(.thread) {
            for _ in 0..<repeats {
                var size = 32
                good = EVP_PKEY_derive(context, &secret, &size) == 1 && good
            }
        }
        guard good else { throw BenchFailure("OpenSSL's X25519 failed") }
        return time / Double(repeats)
    }
}
