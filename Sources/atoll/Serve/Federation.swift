import API
import Faults
import Ledger
import Logging
import NIOCore
import Resources
import ServiceLifecycle
import Sites
import Synchronization

/// The site among other sites: identity, peers, links, routes, gateway and ledger, put together.
struct Federation {
    let identity: SiteIdentity
    let gateway: Gateway
    let coSigning: CoSigning
    let ledger: SiteLedger
    private let profile: SiteProfile
    let book: PeerBook
    /// What the jobs are told, once there are jobs.
    let jobs: JobBox
    private let keys: PeerKeys
    private let peers: PeerService
    private let joining: Joining
    let hub: LinkHub
    private let keeper: LinkKeeper
    private let rotation: LeafRotation
    private let store: any ResourceStore
    private let listener: GRPCListener?
    private let logger: Logger

    /// - Parameters:
    ///   - identity: opened before, so that other planes can use the site's own root too.
    ///   - plane: where the federation plane listens; nil when it does not.
    ///   - mostConnections: on the federation plane at once.
    ///   - profile: what invitations say of this site.
    /// - Throws: faults of the parts: stores, the ledger.
    init(
        identity: SiteIdentity, plane: PlaneDescription?, mostConnections: Int, profile: SiteProfile,
        database: SQLiteDatabase,
        resources: ResourceService, ledgerPath: String, workerSocket: String, checkpointFolder: String,
        logger: Logger
    ) throws {
        self.identity = identity
        self.profile = profile
        self.logger = logger
        store = resources.store
        book = PeerBook(of: identity.id)
        keys = PeerKeys(database)
        peers = PeerService(resources: resources, book: book, keys: keys)
        ledger = try SiteLedger.open(
            path: ledgerPath, site: identity.id, signer: RootKeySigner(identity: identity, peers: book))
        hub = LinkHub(logger: logger)
        let terms = LinkTerms(build: "atoll/\(ProgramVersion.text)")
        let transport = GRPCTransport(identity: identity, directory: book, terms: terms, logger: logger)
        joining = Joining(
            identity: identity, profile: profile, invitations: InvitationStore(database, identity: identity),
            peers: peers, transport: transport, logger: logger)
        keeper = LinkKeeper(store: store, transport: transport, links: hub, calls: hub, logger: logger)
        rotation = LeafRotation(identity: identity, book: book, calls: hub, logger: logger)

        var options = GatewayOptions(socketPath: workerSocket)
        options.credit = { [keeper] peer in keeper.tuning(for: peer).credit }
        options.bytesPerSecond = { [book] peer in book.bytesPerSecond(to: peer) }
        let (tasks, jobs) = (TaskEnds(), JobBox())
        self.jobs = jobs
        options.onWorker = { jobs.tell($0) }
        options.onTaskEnd = { job, _, _ in tasks.ended(job) }
        gateway = Gateway(
            site: identity.id, ledger: ledger, checkpoints: FileCheckpointStore(folder: checkpointFolder),
            options: options, logger: logger)
        coSigning = CoSigning(ledger: ledger, calls: hub) { [gateway, logger] job, peer, why in
            logger.error(
                "job stopped", metadata: ["job": "\(job)", "peer": "\(peer.short)", "fault": "\(why.number)"])
            gateway.suspend(job: job, why)
            await jobs.stopped(job, why)
        }
        tasks.tell(coSigning)

        listener = plane.map { [book, hub] plane in
            GRPCListener(
                host: plane.address.description, port: plane.port, identity: identity, directory: book, acceptor: hub,
                terms: terms, isAllowed: { IPAddress($0).map(plane.allow.allows) ?? false },
                mostConnections: mostConnections,
                logger: logger)
        }
        connect()
    }

    /// What each part tells the others.
    private func connect() {
        hub.connect(gateway)
        hub.keepOnly { [book] in book.find($0) != nil }
        hub.answerJoins { [joining] request, root, session in
            try await joining.answer(request, root: root, session: session)
        }
        rotation.serve()
        Prober.serve(on: hub)
    }

    /// What must be done before the first listener opens: who is known, and what a kill left half done.
    func prepare() async throws {
        try await peers.load()
        try await joining.recover()
    }

    /// What runs as long as the site does.
    var services: [any Service] {
        var services: [any Service] = [
            gateway, coSigning, keeper, rotation,
            PeerKeeper(store: store, book: book, keys: keys, logger: logger),
            RouteController.controller(store: store, keeper: keeper, logger: logger),
            PeerCutting(book: book) { [hub, gateway] peer in
                await gateway.cut(peer: peer)
                await hub.disconnect(peer, Fault(JoiningFaults.peerRevoked))
            },
            LinkReports(hub: hub, book: book),
        ]
        if let listener { services.append(listener) }
        return services
    }

    /// What `/api/v1` offers of it beside the resources.
    var routes: [any APIRoutes] {
        [
            PeerRoutes(identity: identity, profile: profile, joining: joining, peers: peers),
            RouteRoutes(keeper: keeper), LedgerRoutes(reader: ledger.reader),
        ]
    }
}

/// Tells the co-signing of ended tasks, once there is one: gateway and co-signing know each other only here.
private final class TaskEnds: Sendable {
    private let coSigning = Mutex<CoSigning?>(nil)

    func tell(_ coSigning: CoSigning) {
        self.coSigning.withLock { $0 = coSigning }
    }

    func ended(_ job: String) {
        coSigning.withLock { $0 }?.taskEnded(job: job)
    }
}

/// Tells the book of peers who is connected; every link ends with the site.
private struct LinkReports: Service {
    let hub: LinkHub
    let book: PeerBook

    func run() async throws {
        let changes = hub.changes()
        await cancelWhenGracefulShutdown {
            for await change in changes {
                book.setConnected(hub.isConnected(change.peer), change.peer)
            }
        }
        await hub.disconnectAll(nil)
    }
}
