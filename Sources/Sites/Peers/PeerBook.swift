public import Faults
public import Ledger
import Resources
import Synchronization

/// Every peer that may connect, in memory: filled before the first listener opens, kept by the peers' controller, and
/// changed at once when a peer joins or is revoked. Thread-safe; nothing in it waits.
///
/// What was once revoked or deleted never comes back under the same uid, whatever order stale readings arrive in.
public final class PeerBook: PeerDirectory {
    private let state = Mutex(State())
    /// The names of peers of which something was seen that the status should tell: a leaf, a key, a link.
    let changes: AsyncStream<String>
    private let changed: AsyncStream<String>.Continuation
    private let own: SiteID?

    /// - Parameter site: this site, which is never a peer of itself.
    public init(of site: SiteID? = nil) {
        own = site
        (changes, changed) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(4096))
    }

    public func find(_ site: SiteID) -> KnownPeer? {
        state.withLock { $0.entries[site]?.known }
    }

    /// Every peer in order of name.
    public var peers: [KnownPeer] {
        state.withLock { $0.entries.values.map(\.known) }.sorted { $0.name < $1.name }
    }

    public func find(named name: String) -> KnownPeer? {
        state.withLock { $0.entries.values.first { $0.name == name }?.known }
    }

    /// The root key of a site that is or was a peer, as DER SubjectPublicKeyInfo; nil when it was never seen.
    public func rootKey(of site: SiteID) -> [UInt8]? {
        state.withLock { $0.keys[site] }
    }

    /// Most bytes a second that may be sent to the peer; nil without a limit.
    public func bytesPerSecond(to site: SiteID) -> Int? {
        state.withLock { ($0.entries[site]?.spec.bandwidthLimit).map { $0 * 125_000 } }
    }

    public func sawLeaf(_ serial: UInt64, of site: SiteID) {
        note { $0.sawLeaf(serial, of: site) }
    }

    /// Lets a proven identity in, and remembers its leaf and its root key.
    ///
    /// - Throws: `JoiningFaults.peerUnknown`, also for a revoked peer; `.leafReplaced`.
    public func admit(_ presented: PresentedIdentity) throws(Fault) -> KnownPeer {
        let peer = try check(presented)
        note { state in
            let isNewKey = state.keys.updateValue(presented.rootKey, forKey: presented.site) == nil
            let name = state.sawLeaf(presented.leafSerial, of: presented.site)
            return isNewKey ? peer.name : name
        }
        return peer
    }

    /// A link to the peer came up, or the last one went; told in the peer's status.
    public func setConnected(_ isConnected: Bool, _ site: SiteID) {
        note { state in
            guard let before = state.entries[site]?.isConnected, before != isConnected else { return nil }
            state.entries[site]?.isConnected = isConnected
            return state.entries[site]?.name
        }
    }

    /// Called with every peer that is revoked or deleted from now on, after it has left the book, so that whoever asks
    /// the book again finds it gone. Called on whatever thread that happens; returns quickly.
    public func onRevoked(_ hook: @escaping @Sendable (SiteID) -> Void) {
        state.withLock { $0.hooks.append(Hook(call: hook)) }
    }

    // MARK: - for the peers' controller

    enum Placement: Sendable, Hashable {
        case trusted
        /// It is this site itself.
        case own
        /// Another peer, older, has the same site id.
        case duplicate(of: String)
        /// Its uid was revoked or deleted.
        case gone
    }

    /// Puts in a peer or takes over its new spec. Serials only rise.
    func put(_ resource: Resource, spec: PeerSpec) -> Placement {
        if spec.site == own { return .own }
        return state.withLock { state in
            let uid = resource.metadata.uid
            if state.gone.contains(uid) { return .gone }
            var entry = Entry(name: resource.metadata.name, uid: uid, spec: spec)
            if let old = state.entries[spec.site] {
                if old.uid < uid { return .duplicate(of: old.name) }
                if old.uid == uid { (entry.serials, entry.isConnected) = (old.serials, old.isConnected) }
            }
            for member in ["leafSerial", "leafSerialBefore"] {
                if let serial = resource.status[member]?.integer.flatMap({ UInt64(exactly: $0) }) { entry.saw(serial) }
            }
            state.entries[spec.site] = entry
            return .trusted
        }
    }

    /// Takes a peer out for good, and has it cut.
    ///
    /// - Returns: whether it was in.
    @discardableResult
    func remove(uid: String) -> Bool {
        let (site, hooks) = state.withLock { state -> (SiteID?, [Hook]) in
            state.gone.insert(uid)
            guard let site = state.entries.first(where: { $0.value.uid == uid })?.key else { return (nil, []) }
            state.entries[site] = nil
            return (site, state.hooks)
        }
        guard let site else { return false }
        for hook in hooks { hook.call(site) }
        return true
    }

    /// The uid of the peer of that name, while it is in.
    func uid(named name: String) -> String? {
        state.withLock { $0.entries.values.first { $0.name == name }?.uid }
    }

    func sawKey(_ key: [UInt8], of site: SiteID) {
        state.withLock { $0.keys[site] = key }
    }

    /// What was seen of a peer: its serials, newest first, and whether a link is up.
    func seen(_ site: SiteID) -> (serials: [UInt64], isConnected: Bool) {
        state.withLock { ($0.entries[site]?.serials ?? [], $0.entries[site]?.isConnected ?? false) }
    }

    private func note(_ change: (inout State) -> String?) {
        if let name = state.withLock({ change(&$0) }) { changed.yield(name) }
    }

    private struct Hook: Sendable {
        let call: @Sendable (SiteID) -> Void
    }

    private struct Entry {
        let name: String
        let uid: String
        var spec: PeerSpec
        /// The newest two seen, newest first.
        var serials: [UInt64] = []
        var isConnected = false

        init(name: String, uid: String, spec: PeerSpec) {
            self.name = name
            self.uid = uid
            self.spec = spec
        }

        var known: KnownPeer {
            KnownPeer(site: spec.site, name: name, newestLeaf: serials.first ?? 0, oldestLeaf: serials.last)
        }

        /// - Returns: whether it was news.
        @discardableResult
        mutating func saw(_ serial: UInt64) -> Bool {
            let next = Array(Set(serials + [serial]).sorted(by: >).prefix(2))
            defer { serials = next }
            return next != serials
        }
    }

    private struct State {
        var entries: [SiteID: Entry] = [:]
        var keys: [SiteID: [UInt8]] = [:]
        var gone: Set<String> = []
        var hooks: [Hook] = []

        /// - Returns: the peer's name when that was news.
        mutating func sawLeaf(_ serial: UInt64, of site: SiteID) -> String? {
            guard entries[site]?.saw(serial) == true else { return nil }
            return entries[site]?.name
        }
    }
}
