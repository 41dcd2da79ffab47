import Faults
import Foundation
import Ledger
import Logging
import Resources
import Synchronization

@testable import Sites

/// One site as far as joining goes, with a database in a folder and a clock that the test sets.
struct JoiningSite: Sendable {
    let identity: SiteIdentity
    let database: SQLiteDatabase
    let resources: ResourceService
    let book: PeerBook
    let keys: PeerKeys
    let invitations: InvitationStore
    let peers: PeerService
    let joining: Joining
    let address: String?

    /// Opens the site, also again after a stop, and listens at its address.
    static func open(
        _ name: String, in folder: String, on network: JoinNetwork, address: String? = nil,
        transport: (SiteIdentity, PeerBook) -> (any JoinTransport)? = { _, _ in nil }
    ) async throws -> JoiningSite {
        let identity = try SiteIdentity.open(folder: "\(folder)/\(name)", now: network.now)
        let database = try SQLiteDatabase(
            path: "\(folder)/\(name).db", snapshots: "\(folder)/snapshots",
            migrations: [ResourceMigrations.self, JoiningMigrations.self])
        let resources = ResourceService(
            registry: KindRegistry([Peer.kind, Route.kind]), store: try SQLiteResourceStore(database))
        let book = PeerBook(of: identity.id)
        let keys = PeerKeys(database)
        let invitations = InvitationStore(database, identity: identity)
        let peers = PeerService(resources: resources, book: book, keys: keys)
        let joining = Joining(
            identity: identity,
            profile: SiteProfile(displayName: "Bank \(name)", addresses: address.map { [$0] } ?? []),
            invitations: invitations, peers: peers,
            transport: transport(identity, book) ?? TestJoinTransport(network: network, identity: identity),
            clock: { network.now }, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let site = JoiningSite(
            identity: identity, database: database, resources: resources, book: book, keys: keys,
            invitations: invitations, peers: peers, joining: joining, address: address)
        try await peers.load()
        try await joining.recover()
        if let address { network.listen(address, site) }
        return site
    }

    func close() throws {
        try database.close()
    }

    func all(_ kind: String) async throws -> [Resource] {
        try await resources.store.listAll(ResourceQuery(kind: kind)).items
    }
}

/// Carries requests to join between sites in memory; tests tell it what to spoil.
final class JoinNetwork: Sendable {
    enum Trouble: Sendable {
        case none
        /// The request does not arrive.
        case lostRequest
        /// The request is answered and the answer does not arrive.
        case lostAnswer
        case changedRequest(@Sendable ([UInt8]) -> [UInt8])
        case changedAnswer(@Sendable ([UInt8]) -> [UInt8])
    }

    private struct State {
        var sites: [String: JoiningSite] = [:]
        var now = noon
        var trouble = Trouble.none
        var requests: [[UInt8]] = []
    }

    private let state = Mutex(State())

    var now: Timestamp {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    var trouble: Trouble {
        get { state.withLock { $0.trouble } }
        set { state.withLock { $0.trouble = newValue } }
    }

    /// Every request that was sent.
    var requests: [[UInt8]] { state.withLock { $0.requests } }

    func listen(_ address: String, _ site: JoiningSite) {
        state.withLock { $0.sites[address] = site }
    }

    func site(at address: String) -> JoiningSite? {
        state.withLock { $0.sites[address] }
    }

    func sent(_ request: [UInt8]) {
        state.withLock { $0.requests.append(request) }
    }

    /// Two sites of which the first can be reached, and what is asked of them.
    static func withTwoSites(
        _ body: (_ network: JoinNetwork, _ inviter: JoiningSite, _ joiner: JoiningSite, _ folder: String) async throws
            ->
            Void
    ) async throws {
        try await withSiteFolder { folder in
            let network = JoinNetwork()
            let inviter = try await JoiningSite.open("north", in: folder, on: network, address: "north.example:9370")
            let joiner = try await JoiningSite.open("south", in: folder, on: network)
            try await body(network, inviter, joiner, folder)
        }
    }
}

struct TestJoinTransport: JoinTransport {
    let network: JoinNetwork
    let identity: SiteIdentity

    func exchange(
        address: String, pin: SiteID, makeRequest: @escaping @Sendable (JoinSession) throws -> [UInt8]
    ) async throws -> [UInt8] {
        guard let other = network.site(at: address) else { throw Fault(LinkFaults.lost, at: address) }
        guard other.identity.id == pin else { throw Fault(JoiningFaults.wrongName, at: address) }
        let (mine, theirs) = (identity.leaf.fingerprint, other.identity.leaf.fingerprint)
        var request = try makeRequest(JoinSession(ownLeaf: mine, otherLeaf: theirs))
        network.sent(request)
        let trouble = network.trouble
        if case .lostRequest = trouble { throw Fault(LinkFaults.lost, at: address) }
        if case .changedRequest(let change) = trouble { request = change(request) }
        let answer = try await other.joining.answer(
            request, root: identity.id, session: JoinSession(ownLeaf: theirs, otherLeaf: mine))
        if case .lostAnswer = trouble { throw Fault(LinkFaults.lost, at: address) }
        if case .changedAnswer(let change) = trouble { return change(answer) }
        return answer
    }
}
