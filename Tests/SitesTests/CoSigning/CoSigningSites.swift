import Crypto
import Faults
import Foundation
import Ledger
import Resources
import Synchronization

@testable import Sites

/// Two sites with ledgers and co-signing services over calls in memory; `low` has the smaller id.
struct CoSigningSites {
    static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"

    let low: Side
    let high: Side
    let wire: Wire

    struct Side {
        let ledger: SiteLedger
        let service: CoSigning
        let stops: Stops

        var chain: LedgerReader.Chain? {
            get async throws { try await ledger.reader.chains(job: CoSigningSites.job).first }
        }
    }

    /// What stopped, in order.
    final class Stops: Sendable {
        private let list = Mutex<[Fault]>([])

        func add(_ fault: Fault) { list.withLock { $0.append(fault) } }

        var faults: [Fault] { list.withLock { $0 } }
    }

    static func with(_ body: (CoSigningSites) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-cosigning-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keys = [P256.Signing.PrivateKey(), P256.Signing.PrivateKey()].sorted {
            TestSigner.site($0) < TestSigner.site($1)
        }
        let wire = Wire()
        func side(_ key: P256.Signing.PrivateKey, _ name: String) throws -> Side {
            let signer = TestSigner(key: key, keys: keys)
            let ledger = try SiteLedger.open(path: "\(folder)/\(name).db", site: signer.site, signer: signer)
            let stops = Stops()
            let service = CoSigning(ledger: ledger, calls: wire.calls(of: signer.site)) { _, _, fault in
                stops.add(fault)
            }
            return Side(ledger: ledger, service: service, stops: stops)
        }
        let sites = CoSigningSites(low: try side(keys[0], "low"), high: try side(keys[1], "high"), wire: wire)
        try await sites.open(epoch: 1)
        try await body(sites)
        try sites.low.ledger.close()
        try sites.high.ledger.close()
    }

    func open(epoch: UInt64) async throws {
        for (side, peer) in [(low, high), (high, low)] {
            try await side.service.open(
                DeclaredPlan(
                    job: Self.job, planDigest: [UInt8](repeating: 5, count: 32), epoch: epoch,
                    peers: [peer.ledger.site], tasks: [:]))
        }
    }

    /// A frame from low to high; with `arriving` false it is recorded at low alone.
    func send(_ sequence: UInt64, content: UInt8 = 0, arriving arrived: UInt8? = 0) async throws {
        try await low.ledger.record([frame(sequence, .sent, peer: high.ledger.site, content)])
        if let arrived {
            try await high.ledger.record([frame(sequence, .received, peer: low.ledger.site, arrived)])
        }
    }

    private func frame(
        _ sequence: UInt64, _ direction: FrameDirection, peer: SiteID, _ content: UInt8
    ) -> FrameRecord {
        FrameRecord(
            direction: direction, peer: peer, job: Self.job, task: "align", step: 1, sequence: sequence, attempt: 1,
            messageType: "points", schemaDigest: [UInt8](repeating: 1, count: 32), elements: 1, elementBits: 256,
            bytes: 32, salt: [UInt8](repeating: 2, count: 16), payloadDigest: [UInt8](repeating: content, count: 32),
            keyID: "", route: "direct")
    }
}

/// Calls in memory, which can be cut, left without an answer, or lose chosen messages.
final class Wire: Sendable {
    private let state = Mutex(State())

    private struct State {
        var handlers: [String: Handler] = [:]
        var failure: FaultEntry?
        var lost: Set<String> = []
        var counts: [String: Int] = [:]
    }

    private struct Handler {
        let run: @Sendable (SiteID, [UInt8]) async throws -> [UInt8]
    }

    /// Every call fails with this fault; nil when the wire works.
    func fail(_ entry: FaultEntry?) {
        state.withLock { $0.failure = entry }
    }

    /// The next call of this method does not arrive.
    func loseNext(_ method: String) {
        _ = state.withLock { $0.lost.insert(method) }
    }

    func count(_ method: String) -> Int {
        state.withLock { $0.counts[method] ?? 0 }
    }

    func calls(of site: SiteID) -> any LinkCalls {
        Calls(wire: self, site: site)
    }

    private struct Calls: LinkCalls {
        let wire: Wire
        let site: SiteID

        func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
            let (failure, handler) = wire.state.withLock { state -> (FaultEntry?, Handler?) in
                if let failure = state.failure { return (failure, nil) }
                if state.lost.remove(method) != nil { return (LinkFaults.noAnswer, nil) }
                state.counts[method, default: 0] += 1
                return (nil, state.handlers["\(peer) \(method)"])
            }
            if let failure { throw Fault(failure) }
            guard let handler else { throw Fault(LinkFaults.lost) }
            return try await handler.run(site, body)
        }

        func serve(
            _ method: String,
            _ handler: @escaping @Sendable (_ caller: SiteID, _ body: [UInt8]) async throws -> [UInt8]
        ) {
            let handler = Handler(run: handler)
            wire.state.withLock { $0.handlers["\(site) \(method)"] = handler }
        }
    }
}

private struct TestSigner: LedgerSigner {
    let key: P256.Signing.PrivateKey
    let keys: [P256.Signing.PrivateKey]

    static func site(_ key: P256.Signing.PrivateKey) -> SiteID {
        SiteID(digest: SHA256.hash(data: key.publicKey.derRepresentation))
    }

    var site: SiteID { Self.site(key) }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: bytes).rawRepresentation)
    }

    func rootKey(of site: SiteID) -> [UInt8]? {
        keys.first { Self.site($0) == site }.map { Array($0.publicKey.derRepresentation) }
    }
}
