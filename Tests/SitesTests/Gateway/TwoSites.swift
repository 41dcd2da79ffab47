import Faults
import Foundation
import Ledger
import Logging
import Sites
import Synchronization
import Testing
import WorkerSocket

/// Two sites with a gateway each, joined by links in memory that the test makes and cuts; workers are threads.
final class TwoSites: Sendable {
    static let job = "01JOB"
    static let task = "train"

    struct Site: Sendable {
        let id: SiteID
        let gateway: Gateway
        let ledger: MemoryFrameLedger
        let path: String
        let events: Events
        let isOver: SharedFlag

        /// A worker of the test's task; waits until the gateway listens, or the test ends.
        func worker(epoch: UInt64 = 1) throws -> WorkerConnection {
            while true {
                do {
                    // A token is good for one try, and the try may come before the socket listens.
                    let token = try gateway.token(job: TwoSites.job, task: TwoSites.task)
                    return try WorkerConnection.connect(
                        path: path, token: token.bytes, job: TwoSites.job, task: TwoSites.task, epoch: epoch)
                } catch let fault as Fault where fault.is(GatewayFaults.socketUnusable) && !isOver.isSet {
                    Thread.sleep(forTimeInterval: 0.002)
                }
            }
        }
    }

    /// What the callbacks of a gateway said.
    final class Events: Sendable {
        struct State {
            var workers: [String] = []
            var ends: [String] = []
        }

        let state = Mutex(State())
        var ends: [String] { state.withLock { $0.ends } }
        var workers: [String] { state.withLock { $0.workers } }
    }

    private struct Mutable {
        var sites: [Site]
        var stops: [AsyncStream<Never>.Continuation] = []
        var links: [(PipeLink, PipeLink)] = []
    }

    private struct Work: Sendable {
        let body: @Sendable () async throws -> Void
    }

    private let folder: String
    private let state: Mutex<Mutable>
    private let work: AsyncStream<Work>
    private let input: AsyncStream<Work>.Continuation
    private let configure: @Sendable (inout GatewayOptions) -> Void
    /// The test has ended or was cancelled: no thread of it begins anything again.
    let isOver: SharedFlag

    var a: Site { state.withLock { $0.sites[0] } }
    var b: Site { state.withLock { $0.sites[1] } }

    /// Runs the body with two sites; everything ends with it.
    static func with(
        delay: Duration = .zero, configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in },
        _ body: (TwoSites) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "atoll-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sites = TwoSites(folder, delay, configure)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { inner in
                    for await work in sites.work { inner.addTask { try await work.body() } }
                    inner.cancelAll()
                }
            }
            sites.begin(0)
            sites.begin(1)
            defer {
                sites.isOver.set()
                sites.input.finish()
            }
            try await withTaskCancellationHandler {
                try await body(sites)
            } onCancel: {
                sites.isOver.set()
            }
        }
    }

    private init(_ folder: String, _ delay: Duration, _ configure: @escaping @Sendable (inout GatewayOptions) -> Void) {
        self.folder = folder
        self.configure = configure
        (work, input) = AsyncStream.makeStream()
        let isOver = SharedFlag()
        self.isOver = isOver
        let sites = (1...2).map { number in
            let id = SiteID(digest: [UInt8](repeating: UInt8(number), count: 32))
            return Self.make(id, "\(folder)/\(number)-0", MemoryFrameLedger(delay: delay), isOver, configure)
        }
        state = Mutex(Mutable(sites: sites))
    }

    private static func make(
        _ id: SiteID, _ path: String, _ ledger: MemoryFrameLedger, _ isOver: SharedFlag,
        _ configure: @Sendable (inout GatewayOptions) -> Void
    ) -> Site {
        let events = Events()
        var options = GatewayOptions(socketPath: path)
        options.onTaskEnd = { _, peer, task in events.state.withLock { $0.ends.append("\(task) \(peer.short)") } }
        options.onWorker = { event in events.state.withLock { $0.workers.append(event.short) } }
        configure(&options)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let gateway = Gateway(site: id, ledger: ledger, options: options, logger: logger)
        return Site(id: id, gateway: gateway, ledger: ledger, path: path, events: events, isOver: isOver)
    }

    /// Starts a site's gateway; it runs until it is replaced.
    private func begin(_ index: Int) {
        let (stop, stopper) = AsyncStream.makeStream(of: Never.self)
        let gateway = state.withLock { state in
            state.stops.append(stopper)
            if state.stops.count > 2 { state.stops.swapAt(index, state.stops.count - 1) }
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

    /// A plan in which both may send `sums` and only the first `scores`.
    func plan(epoch: UInt64 = 1, most: Int = 4 << 20) -> DeclaredPlan {
        let both: Set = [a.id, b.id]
        let messages = [
            MessageDeclaration(
                type: "sums", senders: both, receivers: both, steps: 0...9,
                schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: 64, maximumBytes: most, keyID: "key"),
            MessageDeclaration(
                type: "scores", senders: [a.id], receivers: [b.id], steps: 0...9,
                schemaDigest: [UInt8](repeating: 2, count: 32), elementBits: 32, maximumBytes: 100),
        ]
        return DeclaredPlan(
            job: Self.job, planDigest: [UInt8](repeating: 9, count: 32), epoch: epoch, peers: [a.id, b.id],
            tasks: [Self.task: messages])
    }

    func open(epoch: UInt64 = 1) throws {
        try a.gateway.open(plan(epoch: epoch))
        try b.gateway.open(plan(epoch: epoch))
    }

    /// Joins the sites by a new link.
    @discardableResult
    func connect(watch: PipeLink.Watch = .nothing, back: PipeLink.Watch = .nothing) async -> (PipeLink, PipeLink) {
        let (one, two) = PipeLink.pair(a.id, b.id, watch: watch, back: back)
        state.withLock { $0.links.append((one, two)) }
        for (site, link) in [(a, one), (b, two)] {
            await site.gateway.linkUp(link)
            input.yield(
                Work {
                    for await message in link.messages { await site.gateway.receive(message, on: link) }
                    await site.gateway.linkDown(link)
                })
        }
        return (one, two)
    }

    /// Cuts every link.
    func cut() {
        let links = state.withLock { state in
            defer { state.links = [] }
            return state.links
        }
        for (one, two) in links {
            one.cut()
            two.cut()
        }
    }

    /// Puts a fresh gateway in the place of one that is stopped in whatever it does: only the ledger stays.
    func replace(_ index: Int) {
        cut()
        let path = "\(folder)/\(index + 1)-\(UUID().uuidString.prefix(8))"
        let stop = state.withLock { state in
            let old = state.sites[index]
            state.sites[index] = Self.make(old.id, path, old.ledger, isOver, configure)
            return state.stops[index]
        }
        stop.finish()
        begin(index)
    }
}

extension WorkerEvent {
    fileprivate var short: String {
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
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        _ = PlainThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// Set once, from any thread.
final class SharedFlag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() {
        state.withLock { $0 = true }
    }
}

/// Waits until something holds; a test that waits for ever is ended by its guard.
func eventually(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}

/// A payload that says which it is.
func payload(_ sequence: UInt64, bytes: Int) -> [UInt8] {
    var payload = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence &* 31), count: max(8, bytes))
    for place in 0..<8 { payload[place] = UInt8(truncatingIfNeeded: sequence >> UInt64(8 * place)) }
    return payload
}
