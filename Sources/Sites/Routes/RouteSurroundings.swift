import Faults
import Logging
public import Resources

/// How routes are kept.
public struct RouteSettings: Sendable {
    /// Between tries to dial.
    public var backoff = Backoff(least: .milliseconds(100), first: .milliseconds(200), most: .seconds(10))
    /// Milliseconds after which everything is measured again, and not only what costs little.
    public var wholeProbeEvery: Int64 = 15 * 60 * 1000

    public init() {}
}

/// What every route of a site uses.
struct RouteSurroundings: Sendable {
    let store: any ResourceStore
    let transport: any LinkTransport
    let links: any RouteLinks
    let prober: Prober
    let names: NameLookup
    let time: ProbeTime
    let settings: RouteSettings
    let logger: Logger

    /// Writes a route's status. A route that is gone needs none; a store that fails is written to with the next probe.
    func write(_ progress: RouteProgress, of plan: RoutePlan) async {
        do {
            _ = try await store.modifyStatus(Route.id(plan.name)) { progress.write(to: &$0, spec: plan.spec) }
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {
        } catch is CancellationError {
        } catch {
            let number = (error as? Fault)?.number.description ?? "\(type(of: error))"
            logger.error(
                "the status of a route cannot be written", metadata: ["route": "\(plan.name)", "error": "\(number)"])
        }
    }
}
