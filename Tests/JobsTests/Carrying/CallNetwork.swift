import Faults
import Ledger
import Sites
import Synchronization

/// Calls between sites in memory. Sites can be cut off; calls can be repeated at random.
final class CallNetwork: Sendable {
    typealias Handler = @Sendable (SiteID, [UInt8]) async throws -> [UInt8]

    private struct State {
        var handlers: [SiteID: [String: Handler]] = [:]
        var cut: Set<SiteID> = []
        var calls: [String: Int] = [:]
        var isRepeating = false
        /// So many calls to a site are lost on their way.
        var losing: [SiteID: Int] = [:]
        /// Calls that a site is answering.
        var answering: [SiteID: Int] = [:]
    }

    private let state = Mutex(State())

    /// How often a method was called, by anybody.
    func count(_ method: String) -> Int { state.withLock { $0.calls[method, default: 0] } }

    /// Whether the site still answers a call.
    func isBusy(_ site: SiteID) -> Bool { state.withLock { $0.answering[site, default: 0] > 0 } }

    /// The site is dead: nobody answers there.
    func remove(_ site: SiteID) { state.withLock { $0.handlers[site] = nil } }

    func cut(_ site: SiteID) { state.withLock { _ = $0.cut.insert(site) } }

    func restore(_ site: SiteID) { state.withLock { _ = $0.cut.remove(site) } }

    func lose(_ count: Int, to site: SiteID) { state.withLock { $0.losing[site] = count } }

    /// Every call is made twice from now on, at once; the first answer counts.
    func repeatCalls() { state.withLock { $0.isRepeating = true } }

    /// A site's end; a new one takes the place of the last.
    func end(of site: SiteID) -> some LinkCalls {
        state.withLock { $0.handlers[site] = [:] }
        return End(network: self, site: site)
    }

    private struct End: LinkCalls {
        let network: CallNetwork
        let site: SiteID

        func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
            let (handler, isRepeating) = try network.state.withLock { state in
                state.calls[method, default: 0] += 1
                guard !state.cut.contains(site), !state.cut.contains(peer), let all = state.handlers[peer] else {
                    throw Fault(LinkFaults.lost)
                }
                guard let handler = all[method] else { throw Fault(LinkFaults.noMethod) }
                if let losing = state.losing[peer], losing > 0 {
                    state.losing[peer] = losing - 1
                    throw Fault(LinkFaults.lost)
                }
                state.answering[peer, default: 0] += 1
                return (handler, state.isRepeating)
            }
            defer { network.state.withLock { $0.answering[peer, default: 1] -= 1 } }
            if isRepeating {
                async let second = try? handler(site, body)
                let answer = try await handler(site, body)
                _ = await second
                return answer
            }
            return try await handler(site, body)
        }

        func serve(_ method: String, _ handler: @escaping Handler) {
            network.state.withLock { $0.handlers[site, default: [:]][method] = handler }
        }
    }
}
