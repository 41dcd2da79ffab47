import Faults
public import Ledger
public import Logging
public import Resources
public import ServiceLifecycle
import Synchronization

/// Keeps a link for each direct route, and every route's status true.
///
/// A lost link is dialled again at once, and after that with a back-off between 0.2 s and 10 s; one try at a time. The
/// loss itself is seen by the link within 15 s. What is to be kept is told by `RouteController`; nothing is kept before
/// `run` and after it.
public final class LinkKeeper: Service {
    private struct State {
        var runners: [String: RouteRunner] = [:]
        /// Where runners wait until `run` takes them; nil once it has ended.
        var starts: AsyncStream<RouteRunner>.Continuation?
    }

    private let state: Mutex<State>
    private let starts: AsyncStream<RouteRunner>
    private let site: RouteSurroundings

    /// - Parameter calls: where the prober calls; peers' probes are answered by `Prober.serve`.
    public init(
        store: any ResourceStore, transport: any LinkTransport, links: any RouteLinks, calls: any LinkCalls,
        settings: RouteSettings = RouteSettings(), time: ProbeTime = .system, names: NameLookup = .system,
        logger: Logger
    ) {
        var continuation: AsyncStream<RouteRunner>.Continuation?
        starts = AsyncStream { continuation = $0 }
        state = Mutex(State(starts: continuation))
        site = RouteSurroundings(
            store: store, transport: transport, links: links, prober: Prober(calls: calls, time: time), names: names,
            time: time, settings: settings, logger: logger)
    }

    public func run() async throws {
        let changes = site.links.changes()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    for await change in changes { self.linkChanged(change.peer) }
                }
                for await runner in self.starts {
                    group.addTask { await runner.run() }
                }
                group.cancelAll()
            }
        }
        for runner in state.withLock({ Self.end(&$0) }) { runner.stop() }
    }

    /// Keeps the route from now on as the plan says; may be called again with the same plan or another one.
    public func keep(_ plan: RoutePlan) {
        let known = state.withLock { state -> RouteRunner? in
            if let runner = state.runners[plan.name] { return runner }
            guard let starts = state.starts else { return nil }
            let runner = RouteRunner(plan: plan, site: site)
            state.runners[plan.name] = runner
            starts.yield(runner)
            return nil
        }
        known?.follow(plan)
    }

    /// The route is gone; its link is closed.
    public func drop(_ name: String) {
        state.withLock { $0.runners.removeValue(forKey: name) }?.stop()
    }

    /// A link of the peer has come or gone, whoever dialled it.
    private func linkChanged(_ peer: SiteID) {
        for runner in runners(to: peer) { runner.look() }
    }

    /// Measures a route now, with everything; takes some seconds, and up to a minute on a very slow route.
    ///
    /// - Throws: `RouteFaults.notKept`. That the peer is not reached is no error but the report.
    public func probe(_ name: String) async throws -> ProbeReport {
        guard let runner = state.withLock({ $0.runners[name] }) else { throw RouteRunner.notKept(name) }
        return try await runner.probe()
    }

    /// Window and credit for the peer: the largest that its routes have chosen, or the standard ones.
    public func tuning(for peer: SiteID) -> LinkTuning {
        runners(to: peer).map(\.tuning).reduce(.standard) {
            LinkTuning(window: max($0.window, $1.window), credit: max($0.credit, $1.credit))
        }
    }

    /// The names of the routes to a peer, by the peer's name.
    func routes(of peer: String) -> [String] {
        state.withLock { $0.runners.values.map(\.plan).filter { $0.spec.peer == peer }.map(\.name) }
    }

    private func runners(to peer: SiteID) -> [RouteRunner] {
        state.withLock { $0.runners.values.filter { $0.plan.site == peer } }
    }

    private static func end(_ state: inout State) -> [RouteRunner] {
        state.starts?.finish()
        state.starts = nil
        defer { state.runners = [:] }
        return Array(state.runners.values)
    }
}
