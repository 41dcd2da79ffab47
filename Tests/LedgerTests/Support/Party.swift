import Crypto
import Faults
import Foundation
import Ledger
import Resources
import Synchronization

/// A site of a test: a root key, and the root keys of the sites it knows.
struct Party: LedgerSigner {
    let key: P256.Signing.PrivateKey
    let known: Known

    final class Known: Sendable {
        let keys = Mutex<[SiteID: [UInt8]]>([:])
    }

    init() {
        key = P256.Signing.PrivateKey()
        known = Known()
        know(self)
    }

    var site: SiteID { SiteID(digest: SHA256.hash(data: publicKey)) }

    var publicKey: [UInt8] { Array(key.publicKey.derRepresentation) }

    func know(_ other: Party) {
        let (site, key) = (other.site, other.publicKey)
        known.keys.withLock { $0[site] = key }
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: bytes).rawRepresentation)
    }

    func rootKey(of site: SiteID) -> [UInt8]? {
        known.keys.withLock { $0[site] }
    }

    func open(in folder: String, named name: String = "ledger.db") throws -> SiteLedger {
        try SiteLedger.open(path: "\(folder)/\(name)", site: site, signer: self)
    }

    /// Two sites that know each other, the one with the smaller id first.
    static func pair() -> (Party, Party) {
        let (one, other) = (Party(), Party())
        one.know(other)
        other.know(one)
        return one.site < other.site ? (one, other) : (other, one)
    }
}

/// Two ledgers of two sites and one job.
struct Pair {
    let one: Party
    let other: Party
    let first: SiteLedger
    let second: SiteLedger

    static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
    static let plan = [UInt8](repeating: 5, count: 32)

    static func with(_ body: (Pair) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let (one, other) = Party.pair()
            let first = try one.open(in: folder, named: "first.db")
            let second = try other.open(in: folder, named: "second.db")
            let pair = Pair(one: one, other: other, first: first, second: second)
            try await pair.open(epoch: 1)
            try await body(pair)
            try first.close()
            try second.close()
        }
    }

    func open(epoch: UInt64) async throws {
        try await first.open(job: Self.job, planDigest: Self.plan, epoch: epoch, peers: [other.site])
        try await second.open(job: Self.job, planDigest: Self.plan, epoch: epoch, peers: [one.site])
    }

    /// A frame from one to other, or back, as both ends see it.
    func frame(
        _ sequence: UInt64, back: Bool = false, task: String = "align", attempt: UInt32 = 1, content: UInt8 = 0
    ) -> (sent: FrameRecord, received: FrameRecord) {
        var record = FrameRecord.sample(sequence, peer: back ? one.site : other.site, task: task, content: content)
        record.attempt = attempt
        var mirror = record
        mirror.direction = .received
        mirror.peer = back ? other.site : one.site
        return (record, mirror)
    }

    /// Sends a frame that arrives.
    func exchange(_ sequence: UInt64, back: Bool = false, task: String = "align", content: UInt8 = 0) async throws {
        let (sent, received) = frame(sequence, back: back, task: task, content: content)
        try await (back ? second : first).record([sent])
        try await (back ? first : second).record([received])
    }

    /// All three messages.
    func coSign(isClosed: Bool = false) async throws {
        let proposal = try await first.propose(job: Self.job, to: other.site, isClosed: isClosed)
        let answer = try await second.answer(proposal, from: one.site)
        let signed = try await first.sign(answer, from: other.site, job: Self.job, isClosed: isClosed)
        try await second.accept(signed, from: one.site)
    }
}

extension FrameRecord {
    static func sample(
        _ sequence: UInt64, direction: FrameDirection = .sent, peer: SiteID, task: String = "align", content: UInt8 = 0
    ) -> FrameRecord {
        let salt = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence) ^ content, count: 16)
        let payload = [UInt8]("payload \(sequence) \(content)".utf8)
        return FrameRecord(
            direction: direction, peer: peer, job: Pair.job, task: task, step: UInt32(sequence / 4), sequence: sequence,
            attempt: 1, messageType: sequence % 3 == 2 ? "bins.totals" : "bins.histogram",
            schemaDigest: [UInt8](repeating: 1, count: 32), elements: 100 + sequence, elementBits: 64,
            bytes: UInt64(payload.count), salt: salt, payloadDigest: LedgerHash.payload(payload, salt: salt),
            keyID: "key-1", route: "direct")
    }
}

/// Runs the body with a fresh folder and removes it after.
func withTemporaryFolder<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appending(path: "atoll-ledger-\(ULID.make())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

extension LedgerReader {
    func exported(job: String? = nil, withSalts: Bool = false) async throws -> [JSONValue] {
        var export = try await LedgerExport(self, job: job, withSalts: withSalts)
        var objects: [JSONValue] = []
        while let piece = try await export.next() { objects += piece }
        return objects
    }
}

func verified(_ objects: [JSONValue]) -> LedgerReport {
    var verifier = LedgerVerifier()
    for object in objects { verifier.take(object) }
    return verifier.finish()
}

func compared(_ one: [JSONValue], _ other: [JSONValue]) -> [LedgerFinding] {
    var verifiers = [LedgerVerifier(), LedgerVerifier()]
    for object in one { verifiers[0].take(object) }
    for object in other { verifiers[1].take(object) }
    return LedgerVerifier.compare(verifiers[0], verifiers[1])
}
