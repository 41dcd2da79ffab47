import Faults
public import Ledger
public import Sites
import Synchronization
public import Testing

/// How the conformance suite of links gets two sites that can reach each other through one transport.
public struct LinkHarness: Sendable {
    /// Runs the body with a site that listens and sites that may dial it, and cleans up after it.
    public let withSites: @Sendable (_ body: @Sendable (LinkSites) async throws -> Void) async throws -> Void
    /// Bytes that may lie between a sender and a receiver that does not read, in both sites and the network between.
    public let room: Int

    public init(
        room: Int, withSites: @escaping @Sendable (@Sendable (LinkSites) async throws -> Void) async throws -> Void
    ) {
        self.room = room
        self.withSites = withSites
    }
}

/// Who dials, and what is unusual about it.
public enum Dialling: Sendable {
    /// One of the peers, from 0.
    case peer(Int)
    /// A site that the listening one does not know.
    case stranger
    /// A peer that expects another site at the address.
    case expectingAnother
    /// A peer that speaks these versions; the listening one speaks 2 to 4.
    case versions(ClosedRange<UInt32>)
    /// Somewhere where nobody listens.
    case nowhere
}

public struct LinkSites: Sendable {
    /// How many peers there are to dial from.
    public static let peers = 4

    public let listener: SiteID
    public let diallers: [SiteID]
    public let dial: @Sendable (Dialling) async throws -> any Link
    /// Everything that came to the listening site.
    public let door: TestDoor
    /// Breaks every connection between the sites.
    public let cut: @Sendable () -> Void

    public init(
        listener: SiteID, diallers: [SiteID], door: TestDoor, cut: @escaping @Sendable () -> Void,
        dial: @escaping @Sendable (Dialling) async throws -> any Link
    ) {
        self.listener = listener
        self.diallers = diallers
        self.door = door
        self.cut = cut
        self.dial = dial
    }

    /// Both ends of a new link from the first peer.
    public func link() async throws -> (dialled: any Link, accepted: any Link) {
        let dialled = try await dial(.peer(0))
        let accepted = try await door.next()
        return (dialled, accepted)
    }
}

/// Keeps each link that comes until it ends, and gives it to the test.
public final class TestDoor: LinkAcceptor {
    private let links: AsyncStream<any Link>
    private let arriving: AsyncStream<any Link>.Continuation
    private let count = Mutex(0)

    public init() {
        (links, arriving) = AsyncStream.makeStream()
    }

    public func accept(_ link: any Link) async {
        count.withLock { $0 += 1 }
        arriving.yield(link)
        // Until the session is cancelled; an hour is longer than any test.
        try? await Task.sleep(for: .seconds(3600))
    }

    public func join(_ request: [UInt8], root: SiteID, session: JoinSession) async throws -> [UInt8] {
        throw Fault(JoiningFaults.peerUnknown)
    }

    /// The next link that came; asked by one task at a time.
    public func next() async throws -> any Link {
        for await link in links { return link }
        throw CancellationError()
    }

    /// Links that came so far.
    public var accepted: Int { count.withLock { $0 } }
}

/// A fixed set of peers.
public final class TestDirectory: PeerDirectory {
    private let peers: Mutex<[SiteID: KnownPeer]>

    public init(_ sites: [SiteID]) {
        peers = Mutex(
            Dictionary(uniqueKeysWithValues: sites.map { ($0, KnownPeer(site: $0, name: $0.short, newestLeaf: 0)) }))
    }

    public func find(_ site: SiteID) -> KnownPeer? {
        peers.withLock { $0[site] }
    }

    public func sawLeaf(_ serial: UInt64, of site: SiteID) {
        peers.withLock { peers in
            guard let known = peers[site], serial > known.newestLeaf else { return }
            let oldest = known.newestLeaf == 0 ? serial : known.newestLeaf
            peers[site] = KnownPeer(site: site, name: known.name, newestLeaf: serial, oldestLeaf: oldest)
        }
    }

    public func add(_ site: SiteID) {
        peers.withLock { $0[site] = KnownPeer(site: site, name: site.short, newestLeaf: 0) }
    }

    public func remove(_ site: SiteID) {
        peers.withLock { $0[site] = nil }
    }
}

/// One check of the suite: a sentence of the port's comments and the code that holds a transport to it.
public struct LinkCheck: Sendable, CustomTestStringConvertible {
    public let name: String
    private let body: @Sendable (LinkSites, LinkHarness) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (LinkSites, LinkHarness) async throws -> Void) {
        self.name = name
        self.body = body
    }

    public func run(on harness: LinkHarness) async throws {
        let body = body
        try await harness.withSites { sites in try await body(sites, harness) }
    }

    public var testDescription: String { name }
}
