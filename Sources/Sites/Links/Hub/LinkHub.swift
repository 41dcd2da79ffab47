public import Faults
public import Ledger
public import Logging
import Synchronization

/// Where all links of a site meet: it takes those that come and those that the route keeper dials, hands frames to the
/// channels, carries calls of the control planes both ways, and cuts a peer that is revoked.
///
/// Messages of one link are handed on one after the other; links do not wait for each other.
public final class LinkHub: LinkAcceptor, LinkCalls {
    public typealias Handler = @Sendable (_ caller: SiteID, _ body: [UInt8]) async throws -> [UInt8]
    /// Answers a request to join; `root` and `session` are what the TLS handshake proved.
    public typealias JoinHandler =
        @Sendable (_ request: [UInt8], _ root: SiteID, _ session: JoinSession) async throws -> [UInt8]

    let state = Mutex(State())
    let logger: Logger
    private let answerTime: Duration

    public convenience init(logger: Logger) {
        self.init(logger: logger, answerTime: .seconds(10))
    }

    /// - Parameter answerTime: how long a call waits for its answer.
    init(logger: Logger, answerTime: Duration) {
        self.logger = logger
        self.answerTime = answerTime
    }

    /// Names who takes what belongs to channels. Called once, before the first link.
    public func connect(_ traffic: any ChannelTraffic) {
        state.withLock { $0.traffic = traffic }
    }

    /// Names who answers requests to join; without it they are refused.
    public func answerJoins(_ handler: @escaping JoinHandler) {
        state.withLock { $0.join = Join(handler: handler) }
    }

    /// Names who knows which sites are peers. It is asked about each link once more when the link is in the table: a peer
    /// that is revoked between its handshake and that moment is not among those that `disconnect` finds. Called once,
    /// before the first link.
    public func keepOnly(_ isPeer: @escaping @Sendable (SiteID) -> Bool) {
        state.withLock { $0.standing = Standing(isPeer: isPeer) }
    }

    /// Whether a link to the peer is up.
    public func isConnected(_ peer: SiteID) -> Bool {
        state.withLock { $0.table.preferred(peer) != nil }
    }

    /// The link that leads to the peer: the newest this site dialled, else the newest that came.
    public func link(to peer: SiteID) -> (any Link)? {
        state.withLock { $0.table.preferred(peer)?.link }
    }

    /// What comes and goes from now on. Whoever listens looks at `isConnected` for the truth: of more than 256 changes
    /// that nobody took the oldest are dropped.
    public func changes() -> AsyncStream<LinkChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: LinkChange.self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { $0.addListener(continuation) }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[number] = nil }
        }
        return stream
    }

    /// Ends every link of the peer at once, telling it why.
    public func disconnect(_ peer: SiteID, _ reason: Fault) async {
        await close(state.withLock { $0.table.all(peer) }, reason)
    }

    /// Ends every link, when the site stops.
    public func disconnectAll(_ reason: Fault?) async {
        await close(state.withLock { $0.table.everything }, reason)
    }

    private func close(_ links: [any Link], _ reason: Fault?) async {
        await withDiscardingTaskGroup { group in
            for link in links {
                group.addTask { await link.close(reason) }
            }
        }
    }

    // MARK: - LinkAcceptor

    public func accept(_ link: any Link) async {
        await use(link)
    }

    public func join(_ request: [UInt8], root: SiteID, session: JoinSession) async throws -> [UInt8] {
        guard let join = state.withLock({ $0.join }) else { throw Fault(JoiningFaults.peerUnknown) }
        return try await join.handler(request, root, session)
    }

    // MARK: - LinkCalls

    public func serve(_ method: String, _ handler: @escaping Handler) {
        precondition(LinkLimits.isName(method), "a call's name crosses the wire")
        let isNew = state.withLock { $0.addHandler(Served(handler: handler), for: method) }
        precondition(isNew, "a call has one handler: \(method)")
    }

    public func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
        guard let (entry, id, answer) = state.withLock({ $0.newCall(to: peer) }) else {
            throw Fault(LinkFaults.lost, "There is no link to the peer.", at: method)
        }
        defer { state.withLock { $0.table.forget(id) } }
        let time = answerTime
        let outcome = try await withThrowingTaskGroup(of: CallAnswer?.self) { group in
            group.addTask {
                try await entry.link.send(.request(id: id, method: method, body: body))
                return await answer.wait()
            }
            group.addTask {
                try await Task.sleep(for: time)
                return .fault(Fault(LinkFaults.noAnswer, at: method, wanted: "an answer within \(time)"))
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        switch outcome {
        case .body(let body): return body
        case .fault(let fault): throw fault
        case nil: throw CancellationError()
        }
    }
}

extension LinkHub {
    // Closures stay inside structures: one kept bare in a mutex is wrapped again at each access.
    struct Served: Sendable {
        let handler: Handler
    }

    struct Join: Sendable {
        let handler: JoinHandler
    }

    struct Standing: Sendable {
        let isPeer: @Sendable (SiteID) -> Bool
    }

    struct State {
        var table = LinkTable()
        var standing: Standing?
        var traffic: (any ChannelTraffic)?
        var join: Join?
        var handlers: [String: Served] = [:]
        var listeners: [UInt64: AsyncStream<LinkChange>.Continuation] = [:]
        private var numbers: UInt64 = 0

        mutating func addListener(_ continuation: AsyncStream<LinkChange>.Continuation) -> UInt64 {
            numbers += 1
            listeners[numbers] = continuation
            return numbers
        }

        mutating func addHandler(_ served: Served, for method: String) -> Bool {
            guard handlers[method] == nil else { return false }
            handlers[method] = served
            return true
        }

        mutating func newCall(to peer: SiteID) -> (LinkTable.Entry, UInt64, Latch<CallAnswer>)? {
            guard let entry = table.preferred(peer) else { return nil }
            let (id, answer) = table.newCall(on: entry)
            return (entry, id, answer)
        }
    }
}
