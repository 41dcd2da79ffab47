import Faults
public import Ledger
import Synchronization

/// A network in memory: sites listen at addresses and dial each other without sockets, for tests and for several sites
/// in one process. Identities are given, not proven; everything else is as between machines.
public final class InProcessNetwork: Sendable {
    private let state = Mutex(State())

    public init() {}

    /// Takes calls at an address until the calling task is cancelled.
    ///
    /// - Throws: `ProgramFaults.listen` when someone else listens there.
    public func listen(
        at address: String, as site: SiteID, terms: LinkTerms, directory: any PeerDirectory,
        acceptor: any LinkAcceptor
    ) async throws {
        let (calls, caller) = AsyncStream.makeStream(of: InProcessLink.self)
        let listener = Listener(site: site, terms: terms, directory: directory, calls: caller)
        guard state.withLock({ $0.add(listener, at: address) }) else {
            throw Fault(ProgramFaults.listen, "Someone listens there already.", at: address)
        }
        defer { state.withLock { $0.remove(at: address) } }
        await withDiscardingTaskGroup { group in
            for await link in calls {
                group.addTask {
                    await acceptor.accept(link)
                    await link.close(nil)
                }
            }
            group.cancelAll()
        }
    }

    /// Whether someone listens at the address.
    public func isListening(at address: String) -> Bool {
        state.withLock { $0.listeners[address] != nil }
    }

    /// The end of a site, for dialling.
    public func transport(of site: SiteID, terms: LinkTerms) -> some LinkTransport {
        InProcessTransport(network: self, site: site, terms: terms)
    }

    /// Cuts every link, as when the network fails; both ends see it at once.
    public func cut() {
        for link in state.withLock({ $0.takeLinks() }) { link.link?.cut() }
    }

    fileprivate func connect(
        from site: SiteID, terms: LinkTerms, to address: String, expecting peer: SiteID
    ) throws(Fault) -> InProcessLink {
        guard let listener = state.withLock({ $0.listeners[address] }) else {
            throw Fault(LinkFaults.unreachable, at: address)
        }
        guard listener.site == peer else {
            throw Fault(LinkFaults.wrongPeer, at: address, wanted: "the site \(peer.short)")
        }
        guard listener.directory.find(site) != nil else { throw Fault(JoiningFaults.peerUnknown, at: address) }
        let version = try terms.agree(with: listener.terms.versions)
        let (dialled, accepted) = InProcessLink.pair(dialling: site, accepting: peer, version: version)
        state.withLock { $0.links.append(WeakLink(link: dialled)) }
        listener.calls.yield(accepted)
        return dialled
    }

    private struct Listener {
        let site: SiteID
        let terms: LinkTerms
        let directory: any PeerDirectory
        let calls: AsyncStream<InProcessLink>.Continuation
    }

    private struct WeakLink {
        weak let link: InProcessLink?
    }

    private struct State {
        var listeners: [String: Listener] = [:]
        var links: [WeakLink] = []

        mutating func add(_ listener: Listener, at address: String) -> Bool {
            guard listeners[address] == nil else { return false }
            listeners[address] = listener
            return true
        }

        mutating func remove(at address: String) {
            listeners.removeValue(forKey: address)?.calls.finish()
        }

        mutating func takeLinks() -> [WeakLink] {
            defer { links = [] }
            return links
        }
    }
}

private struct InProcessTransport: LinkTransport {
    let network: InProcessNetwork
    let site: SiteID
    let terms: LinkTerms

    func dial(_ address: String, peer: SiteID, tuning: LinkTuning) async throws -> any Link {
        try network.connect(from: site, terms: terms, to: address, expecting: peer)
    }
}
