import Faults
import Ledger
import Logging
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Sites

@Suite struct LeafRotationTests {
    @Test func thePeerIsToldAtHalfLifeAndOlderLeavesAreRefused() async throws {
        try await withTwoEnds { clock, near, far in
            let first = try near.presented()
            _ = try far.book.admit(first)
            #expect(await near.rotation.step() == .seconds(600))
            clock.withLock { $0 = near.identity.leaf.rotationTime }
            #expect(await near.rotation.step() == .seconds(1))
            #expect(far.book.find(near.identity.id)?.newestLeaf == near.identity.leaf.serial)
            #expect(near.identity.leaf.serial > first.leafSerial)
            // The session made with the old leaf may be made again until the next one.
            #expect(throws: Never.self) { try far.book.admit(first) }
            clock.withLock { $0 = near.identity.leaf.rotationTime }
            _ = await near.rotation.step()
            #expect(throws: Fault(JoiningFaults.leafReplaced)) { try far.book.admit(first) }
        }
    }

    @Test func aPeerThatIsAwayLearnsItWhenItConnects() async throws {
        try await withTwoEnds { clock, near, far in
            _ = try far.book.admit(try near.presented())
            near.calls.isCut.withLock { $0 = true }
            clock.withLock { $0 = near.identity.leaf.rotationTime }
            _ = await near.rotation.step()
            #expect(far.book.find(near.identity.id)?.newestLeaf != near.identity.leaf.serial)
            #expect(throws: Never.self) { try far.book.admit(try near.presented()) }
        }
    }

    @Test func onlyOnesOwnLeafIsAnnounced() async throws {
        try await withTwoEnds { clock, near, far in
            let leaf = far.identity.leaf
            let others = LeafAnnouncement(chain: [leaf.certificate, far.identity.rootCertificate]).encoded
            let own = near.identity.leaf
            let expired = LeafAnnouncement(chain: [own.certificate, near.identity.rootCertificate]).encoded
            await #expect(throws: Fault(JoiningFaults.leafRefused)) {
                try await near.calls.call(LeafRotation.method, others, of: far.identity.id)
            }
            clock.withLock { $0 = noon.adding(seconds: 8 * 86_400) }
            await #expect(throws: Fault(JoiningFaults.leafRefused)) {
                try await near.calls.call(LeafRotation.method, expired, of: far.identity.id)
            }
        }
    }

    @Test func anyBytesOfAnAnnouncementEndInAFault() async throws {
        var generator = SeededGenerator.printed(for: "anyBytesOfAnAnnouncementEndInAFault")
        try await withTwoEnds { clock, near, far in
            for _ in 0..<300 {
                let count = Int.random(in: 0...100, using: &generator)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...40, using: &generator) }
                await #expect(throws: Fault(JoiningFaults.leafRefused)) {
                    try await near.calls.call(LeafRotation.method, bytes, of: far.identity.id)
                }
            }
        }
    }

    private struct End: Sendable {
        let identity: SiteIdentity
        let book: PeerBook
        let calls: PairedCalls
        let rotation: LeafRotation

        func presented() throws -> PresentedIdentity {
            let leaf = identity.leaf
            return try PresentedIdentity.verify(
                chain: [leaf.certificate, identity.rootCertificate], now: leaf.notBefore)
        }
    }

    private final class TestClock: Sendable {
        private let time = Mutex(noon)
        func withLock<Value: Sendable>(_ body: (inout Timestamp) -> Value) -> Value { time.withLock { body(&$0) } }
    }

    private func withTwoEnds(_ body: (TestClock, End, End) async throws -> Void) async throws {
        try await withSiteFolder { folder in
            let clock = TestClock()
            var ends: [End] = []
            for name in ["near", "far"] {
                let identity = try SiteIdentity.open(folder: "\(folder)/\(name)", now: noon)
                let (book, calls) = (PeerBook(), PairedCalls(site: identity.id))
                let rotation = LeafRotation(
                    identity: identity, book: book, calls: calls, clock: { clock.withLock { $0 } },
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
                rotation.serve()
                ends.append(End(identity: identity, book: book, calls: calls, rotation: rotation))
            }
            for (end, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                end.calls.other.withLock { $0 = other.calls }
                var peer = Resource(Peer.id("other"))
                peer.metadata.uid = "01A"
                let spec = PeerSpec(displayName: "Other", site: other.identity.id, addresses: [])
                _ = end.book.put(peer, spec: spec)
            }
            try await body(clock, ends[0], ends[1])
            ends[0].calls.other.withLock { $0 = nil }
        }
    }
}

/// Calls between two ends in memory.
private final class PairedCalls: LinkCalls {
    private struct Served: Sendable {
        let handler: @Sendable (SiteID, [UInt8]) async throws -> [UInt8]
    }

    let other = Mutex<PairedCalls?>(nil)
    let isCut = Mutex(false)
    private let site: SiteID
    private let served = Mutex<[String: Served]>([:])

    init(site: SiteID) {
        self.site = site
    }

    func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
        guard !isCut.withLock({ $0 }), let other = other.withLock({ $0 }),
            let served = other.served.withLock({ $0[method] })
        else { throw Fault(LinkFaults.lost) }
        return try await served.handler(site, body)
    }

    func serve(_ method: String, _ handler: @escaping @Sendable (SiteID, [UInt8]) async throws -> [UInt8]) {
        served.withLock { $0[method] = Served(handler: handler) }
    }
}
