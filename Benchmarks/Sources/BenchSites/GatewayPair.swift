import Faults
import Foundation
public import Ledger
import Logging
import NIOCore
import Resources
public import Sites
import WorkerSocket

/// Two sites in this process with everything that a frame goes through on its way from worker to worker: sockets of the
/// workers, gateways, ledgers on the disk, one link over mutual TLS on loopback.
public struct GatewayPair: Sendable {
    /// What a pair is made of.
    public struct Setting: Sendable {
        /// Whether frames are recorded; otherwise they cross without a ledger, which no site allows.
        public var hasLedger = true
        /// Half a round trip.
        public var delay: Duration = .zero
        /// The most bytes per second towards each other.
        public var bytesPerSecond: Int?

        public init() {}
    }

    public struct Site: Sendable {
        public let id: SiteID
        let gateway: Gateway
        /// Path of the workers' socket.
        public let socket: String
    }

    /// It has dialled the other one.
    public let dialler: Site
    public let listener: Site
    /// The dialling site's, for a bare stream beside it.
    public let identity: SiteIdentity

    /// The job that both gateways have open.
    public static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
    /// Each run is a task of its own.
    private static let tasks = 256

    /// Runs the body once the link is up; everything ends with it.
    public static func with<Value: Sendable>(
        _ setting: Setting = Setting(), _ body: @Sendable (GatewayPair) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "atoll-bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try End("one", in: folder, setting)
        let two = try End("two", in: folder, setting)
        try one.open(one, two)
        try two.open(one, two)
        let listener = GRPCListener(
            host: "127.0.0.1", port: 0, identity: two.identity, directory: OnePeer(site: one.identity.id),
            acceptor: two.hub, terms: End.terms, logger: End.logger)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            defer { group.cancelAll() }
            for gateway in [one.gateway, two.gateway] {
                group.addTask {
                    try await gateway.run()
                    return nil
                }
            }
            group.addTask {
                try await listener.run()
                return nil
            }
            guard var port = await listener.boundPort() else { throw Fault(ProgramFaults.listen) }
            let nanoseconds = Int64(setting.delay / .nanoseconds(1))
            let proxy =
                nanoseconds > 0 ? try await DelayProxy.start(before: port, delay: .nanoseconds(nanoseconds)) : nil
            if let proxy { port = proxy.port }
            let transport = GRPCTransport(
                identity: one.identity, directory: OnePeer(site: two.identity.id), terms: End.terms, logger: End.logger)
            let link = try await transport.dial("127.0.0.1:\(port)", peer: two.identity.id, tuning: .standard)
            group.addTask {
                await one.hub.use(link)
                return nil
            }
            while !one.hub.isConnected(two.identity.id) || !two.hub.isConnected(one.identity.id) {
                try await Task.sleep(for: .milliseconds(1))
            }
            let value = try await body(GatewayPair(dialler: one.site, listener: two.site, identity: one.identity))
            await link.close(nil)
            await proxy?.stop()
            return value
        }
    }

    /// Sends frames from a worker of one site to a worker of the other.
    ///
    /// - Parameters:
    ///   - run: 0 to 255, another one each time.
    ///   - pause: after each frame at the receiver.
    /// - Returns: seconds from before the first frame to after the last has arrived.
    public func send(
        _ run: Int, frames: Int, size: Int, from sender: Site? = nil, pause: Duration = .zero
    ) async throws -> Double {
        let from = sender ?? dialler
        let to = from.id == dialler.id ? listener : dialler
        let task = Self.task(run)
        let input = try await onThread { try to.worker(task) }
        let output = try await onThread { try from.worker(task) }
        let seconds = try await withThrowingTaskGroup(of: Double?.self) { group in
            let clock = ContinuousClock()
            let start = clock.now
            group.addTask {
                try await onThread {
                    let channel = try output.sender(to: to.id.text)
                    let payload = [UInt8](repeating: 7, count: size)
                    for _ in 0..<frames {
                        try channel.send(step: 0, type: "block", elements: 1, payload: payload)
                    }
                    try channel.finish()
                    return nil
                }
            }
            group.addTask {
                try await onThread {
                    let channel = try input.receiver(from: from.id.text)
                    var (count, end) = (0, clock.now)
                    while try channel.receive() != nil {
                        count += 1
                        end = clock.now
                        if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
                    }
                    guard count == frames else { throw Fault(LinkFaults.lost) }
                    return start.duration(to: end) / .seconds(1)
                }
            }
            var seconds = 0.0
            for try await result in group { seconds += result ?? 0 }
            return seconds
        }
        try await onThread {
            try output.finish(result: [])
            try input.finish(result: [])
        }
        return seconds
    }

    /// Lets one worker of a run in at the dialling site.
    public func token(_ run: Int) throws -> (bytes: [UInt8], epoch: UInt64) {
        let token = try dialler.gateway.token(job: Self.job, task: Self.task(run))
        return (token.bytes, token.epoch)
    }

    /// The task of a run.
    public static func task(_ run: Int) -> String { "run-\(run)" }

    static func plan(_ sites: [SiteID]) -> DeclaredPlan {
        let block = MessageDeclaration(
            type: "block", senders: Set(sites), receivers: Set(sites), steps: 0...0,
            schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: 8, maximumBytes: LinkLimits.payload)
        return DeclaredPlan(
            job: job, planDigest: [UInt8](repeating: 2, count: 32), epoch: 1, peers: sites,
            tasks: Dictionary(uniqueKeysWithValues: (0..<tasks).map { (task($0), [block]) }))
    }
}

extension GatewayPair.Site {
    /// Waits until the gateway listens.
    fileprivate func worker(_ task: String) throws -> WorkerConnection {
        for attempt in 0... {
            do {
                let token = try gateway.token(job: GatewayPair.plan([]).job, task: task)
                return try WorkerConnection.connect(
                    path: socket, token: token.bytes, job: token.job, task: task, epoch: token.epoch)
            } catch let fault as Fault where fault.is(GatewayFaults.socketUnusable) && attempt < 5_000 {
                Thread.sleep(forTimeInterval: 0.002)
            }
        }
        throw Fault(GatewayFaults.socketUnusable)
    }
}

/// One site while it is put together.
private struct End {
    static let terms = LinkTerms(build: "bench")
    static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    let identity: SiteIdentity
    let hub = LinkHub(logger: End.logger)
    let gateway: Gateway
    let socket: String

    init(_ name: String, in folder: URL, _ setting: GatewayPair.Setting) throws {
        identity = try SiteIdentity.open(folder: folder.appending(path: name).path, now: .now)
        socket = folder.appending(path: "\(name).sock").path
        var options = GatewayOptions(socketPath: socket)
        let limit = setting.bytesPerSecond
        options.bytesPerSecond = { _ in limit }
        let ledger: any FrameLedger =
            setting.hasLedger
            ? try SiteLedger.open(
                path: folder.appending(path: "\(name).db").path, site: identity.id, signer: NoKeys(site: identity.id))
            : NoLedger()
        gateway = Gateway(site: identity.id, ledger: ledger, options: options, logger: Self.logger)
        hub.connect(gateway)
    }

    var site: GatewayPair.Site { .init(id: identity.id, gateway: gateway, socket: socket) }

    func open(_ sites: End...) throws {
        try gateway.open(GatewayPair.plan(sites.map(\.identity.id)))
    }
}

private struct OnePeer: PeerDirectory {
    let site: SiteID

    func find(_ site: SiteID) -> KnownPeer? {
        site == self.site ? KnownPeer(site: site, name: "peer", newestLeaf: 0) : nil
    }

    func sawLeaf(_ serial: UInt64, of site: SiteID) {}
}

/// Recording alone needs no key.
private struct NoKeys: LedgerSigner {
    let site: SiteID

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { throw Fault(LedgerFaults.notRecorded) }
    func rootKey(of site: SiteID) -> [UInt8]? { nil }
}

private struct NoLedger: FrameLedger {
    func record(_ records: [FrameRecord]) async throws {}
    func refuse(_ record: RefusalRecord) async throws {}
    func receivedCount(from peer: SiteID, job: String, task: String) async throws -> UInt64? { nil }
}

/// Runs what blocks on a thread of its own.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        _ = PlainThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
