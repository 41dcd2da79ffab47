import Faults
public import Ledger
public import Resources

/// What people and joining do with peers beyond what every resource can do: made, found by site, revoked at once.
public struct PeerService: Sendable {
    let resources: ResourceService
    let book: PeerBook
    let keys: PeerKeys

    public init(resources: ResourceService, book: PeerBook, keys: PeerKeys) {
        self.resources = resources
        self.book = book
        self.keys = keys
    }

    /// Fills the book from keys and resources. Called before the first listener opens, so that nobody revoked gets in and
    /// nobody trusted is turned away.
    public func load() async throws {
        for (site, key) in try await keys.all() { book.sawKey(key, of: site) }
        for resource in try await all() {
            guard let spec = PeerSpec(resource.spec) else { continue }
            if spec.isRevoked || resource.isBeingDeleted {
                book.remove(uid: resource.metadata.uid)
            } else {
                _ = book.put(resource, spec: spec)
            }
        }
    }

    /// Stops everything with the peer, for good: durable, out of the book and cut when this returns. Again is no change.
    ///
    /// - Throws: `ResourceFaults.notFound`, store faults.
    @discardableResult
    public func revoke(_ name: String, by note: ChangeNote) async throws -> Resource {
        let revoked = try await resources.store.modify(Peer.id(name), by: note) { resource in
            // One that is being deleted cannot change any more, and is cut all the same.
            guard !resource.isBeingDeleted, var spec = PeerSpec(resource.spec) else { return }
            spec.isRevoked = true
            resource.spec = spec.json
        }
        book.remove(uid: revoked.metadata.uid)
        return revoked
    }

    /// The peer with this site id; of several the one that counts: the oldest.
    public func find(site: SiteID) async throws -> Resource? {
        try await all().filter { $0.spec["site"]?.string == site.text }.min { $0.metadata.uid < $1.metadata.uid }
    }

    /// - Throws: `ResourceFaults.alreadyExists`.
    func checkFree(_ name: String) async throws {
        guard try await resources.store.find(Peer.id(name)) == nil else {
            throw Fault(
                ResourceFaults.alreadyExists, "There is a peer '\(name)' already.", at: Peer.id(name).description,
                fix: "Choose another name for the new peer.")
        }
    }

    /// Makes the peer and its route, or what of them is missing; may be called again after having been killed anywhere.
    func make(_ pending: PendingPeer) async throws -> Resource {
        try await keys.keep(pending.rootKey, of: pending.site)
        book.sawKey(pending.rootKey, of: pending.site)
        let peer = try await makePeer(pending)
        guard let spec = PeerSpec(peer.spec), !spec.isRevoked, !peer.isBeingDeleted else { return peer }
        _ = book.put(peer, spec: spec)
        book.sawLeaf(pending.leafSerial, of: pending.site)
        try await makeRoute(to: peer, address: pending.addresses.first, author: pending.author)
        return peer
    }

    /// Names are tried in a fixed order, so that two at once for one site meet in the same resource.
    private func makePeer(_ pending: PendingPeer) async throws -> Resource {
        if let known = try await find(site: pending.site) { return known }
        let spec = PeerSpec(displayName: pending.displayName, site: pending.site, addresses: pending.addresses).json
        let note = ChangeNote(author: pending.author, reason: "joined")
        for attempt in 1...99 {
            let name = attempt == 1 ? pending.name : "\(pending.name.prefix(60))-\(attempt)"
            do {
                let document = Document(Resource(Peer.id(name), spec: spec).document)
                return try await resources.create(document, defaults: .platform, by: note)
            } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
                let taken = try await resources.store.find(Peer.id(name))
                if let taken, taken.spec["site"]?.string == pending.site.text { return taken }
            }
        }
        throw Fault(
            ResourceFaults.alreadyExists, "No name is free for the peer.", at: Peer.id(pending.name).description)
    }

    /// A route of the peer's name that is there already stays as it is.
    private func makeRoute(to peer: Resource, address: String?, author: String) async throws {
        let id = Route.id(peer.metadata.name)
        let spec = Route.spec(peer: peer.metadata.name, way: address == nil ? .reverse : .direct, address: address)
        let note = ChangeNote(author: author, reason: "joined")
        do {
            let document = Document(Resource(id, spec: spec).document)
            _ = try await resources.create(document, defaults: .platform, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {}
        // So that it goes when the peer is deleted.
        try await resources.store.modify(id, by: note) { route in
            guard route.spec["peer"]?.string == peer.metadata.name, route.metadata.owners.isEmpty else { return }
            route.metadata.owners = [OwnerReference(peer)]
        }
    }

    private func all() async throws -> [Resource] {
        try await resources.store.listAll(ResourceQuery(kind: Peer.kind.name)).items
    }
}
