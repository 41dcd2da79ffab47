import Faults
import Foundation
public import Ledger
import Logging
public import Sites
import Synchronization
public import WorkerSocket

/// Sites with a gateway each, joined by links in memory that the test makes and cuts; workers are threads.
public final class GatewaySites: Sendable {
    public struct Site: Sendable {
        public let id: SiteID
        public let gateway: Gateway
        public let ledger: any FrameLedger
        /// Of the workers' socket.
        public let path: String
        public let events: Events

        let isOver: SharedFlag

        /// A worker of a task; waits until the gateway listens, or the test ends.
        public func worker(
            job: String, task: String, epoch: UInt64 = 1, unit: UInt64 = 0
        ) throws -> WorkerConnection {
            while true {
                do {
                    // A token is good for one try, and the try may come before the socket listens.
                    let token = try gateway.token(job: job, task: task, unit: unit)
                    return try WorkerConnection.connect(
                        path: path, token: token.bytes, job: job, task: task, epoch: epoch)
                } catch let fault as Fault where fault.is(GatewayFaults.socketUnusable) && !isOver.isSet {
                    Thread.sleep(forTimeInterval: 0.002)
                }
            }
        }

        /// Blocks until the gateway listens, or the test ends; on a plain thread only.
        public func awaitListening() {
            while !isOver.isSet, (try? UnixSocket.connect(path)) == nil { Thread.sleep(forTimeInterval: 0.002) }
        }
    }

    /// What the callbacks of a gateway said.
    public final class Events: Sendable {
        struct State {
            var workers: [WorkerEvent] = []
            var ends: [String] = []
        }

        let state = Mutex(State())

        /// Task and peer of each direction that ended.
        public var ends: [String] { state.withLock { $0.ends } }
        public var workerEvents: [WorkerEvent] { state.withLock { $0.workers } }
        public var workers: [String] { workerEvents.map(\.short) }
    }

    private struct Mutable {
        var sites: [Site]
        var stops: [AsyncStream<Never>.Continuation?]
        var links: [(PipeLink, PipeLink)] = []
    }

    private struct Work: Sendable {
        let body: @Sendable () async throws -> Void
    }

    /// A folder for the test, removed at its end.
    public let folder: String
    private let state: Mutex<Mutable>
    private let work: AsyncStream<Work>
    private let input: AsyncStream<Work>.Continuation
    private let make: @Sendable (Int, SiteID, _ path: String, Events) -> Gateway
    /// The test has ended or was cancelled: no thread of it begins anything again.
    public let isOver: SharedFlag

    public var sites: [Site] { state.withLock { $0.sites } }

    /// Runs the body with some sites; everything ends with it.
    ///
    /// - Parameters:
    ///   - ledger: of each site, by its index; it stays when a gateway is replaced.
    ///   - checkpoints: of each site, asked anew when a gateway is replaced.
    public static func with(
        _ count: Int,
        ledger: (_ index: Int, SiteID, _ folder: String) throws -> any FrameLedger = { _, _, _ in MemoryFrameLedger() },
        checkpoints: @escaping @Sendable (_ index: Int, _ folder: String) -> any CheckpointStore = { _, _ in
            MemoryCheckpointStore()
        },
        configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in },
        _ body: (GatewaySites) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "atoll-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sites = try GatewaySites(count, folder, ledger, checkpoints, configure)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { inner in
                    for await work in sites.work { inner.addTask { try await work.body() } }
                    inner.cancelAll()
                }
            }
            for index in 0..<count { sites.begin(index) }
            defer {
                sites.isOver.set()
                sites.input.finish()
            }
            try await withTaskCancellationHandler {
                try await sites.listening()
                try await body(sites)
            } onCancel: {
                sites.isOver.set()
            }
        }
    }

    /// As above, with ledgers that the test holds.
    public static func with(
        ledgers: [MemoryFrameLedger],
        checkpoints: @escaping @Sendable (_ index: Int, _ folder: String) -> any CheckpointStore = { _, _ in
            MemoryCheckpointStore()
        },
        configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in },
        _ body: (GatewaySites) async throws -> Void
    ) async throws {
        let ledger = { (index: Int, _: SiteID, _: String) in ledgers[index] }
        try await with(
            ledgers.count, ledger: ledger, checkpoints: checkpoints, configure: configure, body)
    }

    /// Checkpoints in the test's folder, which survive the gateway.
    @Sendable public static func files(index: Int, folder: String) -> any CheckpointStore {
        FileCheckpointStore(folder: "\(folder)/checkpoints-\(index)")
    }

    private init(
        _ count: Int, _ folder: String, _ ledger: (Int, SiteID, String) throws -> any FrameLedger,
        _ checkpoints: @escaping @Sendable (Int, String) -> any CheckpointStore,
        _ configure: @escaping @Sendable (inout GatewayOptions) -> Void
    ) throws {
        self.folder = folder
        (work, input) = AsyncStream.makeStream()
        let ids = (0..<count).map { SiteID(digest: [UInt8](repeating: UInt8($0 + 1), count: 32)) }
        let ledgers = try ids.enumerated().map { try ledger($0, $1, folder) }
        let make = { @Sendable (index: Int, id: SiteID, path: String, events: Events) -> Gateway in
            var options = GatewayOptions(socketPath: path)
            options.onTaskEnd = { _, peer, task in
                events.state.withLock { $0.ends.append("\(task) \(peer.short)") }
            }
            options.onWorker = { event in events.state.withLock { $0.workers.append(event) } }
            configure(&options)
            return Gateway(
                site: id, ledger: ledgers[index], checkpoints: checkpoints(index, folder), options: options,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }
        self.make = make
        let isOver = SharedFlag()
        self.isOver = isOver
        let sites = ids.indices.map { index in
            let (path, events) = ("\(folder)/\(index + 1)-0", Events())
            return Site(
                id: ids[index], gateway: make(index, ids[index], path, events), ledger: ledgers[index], path: path,
                events: events, isOver: isOver)
        }
        state = Mutex(Mutable(sites: sites, stops: sites.map { _ in nil }))
    }

    /// Starts a site's gateway; it runs until it is replaced.
    private func begin(_ index: Int) {
        let (stop, stopper) = AsyncStream.makeStream(of: Never.self)
        let gateway = state.withLock { state in
            state.stops[index] = stopper
            return state.sites[index].gateway
        }
        input.yield(
            Work {
                try await withThrowingTaskGroup { group in
                    group.addTask { try await gateway.run() }
                    group.addTask { for await _ in stop {} }
                    try await group.next()
                    group.cancelAll()
                }
            })
    }

    /// Waits until every gateway listens.
    public func listening() async throws {
        for site in sites {
            while !FileManager.default.fileExists(atPath: site.path) { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    /// Joins two sites by a new link.
    @discardableResult
    public func connect(
        _ first: Int, _ second: Int, watch: PipeLink.Watch = .nothing, back: PipeLink.Watch = .nothing
    ) async -> (PipeLink, PipeLink) {
        let sites = sites
        let (one, two) = PipeLink.pair(sites[first].id, sites[second].id, watch: watch, back: back)
        state.withLock { $0.links.append((one, two)) }
        for (site, link) in [(sites[first], one), (sites[second], two)] {
            await site.gateway.linkUp(link)
            input.yield(
                Work {
                    for await message in link.messages { await site.gateway.receive(message, on: link) }
                    await site.gateway.linkDown(link)
                })
        }
        return (one, two)
    }

    /// Joins every pair.
    public func connectAll() async {
        for first in sites.indices {
            for second in sites.indices where first < second { await connect(first, second) }
        }
    }

    /// Cuts every link.
    public func cut() {
        let links = state.withLock { state in
            defer { state.links = [] }
            return state.links
        }
        for (one, two) in links {
            one.cut()
            two.cut()
        }
    }

    /// Puts a fresh gateway in the place of one that is stopped in whatever it does: only the ledger stays, and what the
    /// checkpoint store keeps by itself.
    public func replace(_ index: Int) {
        cut()
        let path = "\(folder)/\(index + 1)-\(UUID().uuidString.prefix(8))"
        let stop = state.withLock { state in
            let old = state.sites[index]
            let events = Events()
            state.sites[index] = Site(
                id: old.id, gateway: make(index, old.id, path, events), ledger: old.ledger, path: path, events: events,
                isOver: isOver)
            return state.stops[index]
        }
        stop?.finish()
        begin(index)
    }
}

/// Set once, from any thread.
public final class SharedFlag: Sendable {
    private let state = Mutex(false)

    public init() {}

    public var isSet: Bool { state.withLock { $0 } }

    public func set() {
        state.withLock { $0 = true }
    }
}

extension WorkerEvent {
    /// In a word or two, for comparing.
    public var short: String {
        switch what {
        case .connected: "connected"
        case .progress(let done, let total): "progress \(done)/\(total)"
        case .log(let level, let text): "log \(level) \(text)"
        case .done(let result): "done \(result)"
        case .failed(let fault): "failed \(fault.number)"
        }
    }
}

/// Runs what blocks on a thread of its own.
public func onPlainThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        _ = PlainThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
