import Resources

/// What sites are called here, by their ids.
struct SiteNames {
    private let names: [String: String]
    /// This site's id; nil for viewers who may not see it.
    let own: String?

    /// - Returns: names as far as the viewer may see them.
    static func read(_ visit: Visit) async throws -> SiteNames {
        let site = try await visit.api.find("/site")
        let peers = try await visit.api.every("/peers")
        return SiteNames(site: site, peers: peers)
    }

    init(site: JSONValue?, peers: [JSONValue]) {
        own = site?["id"]?.string
        var names: [String: String] = [:]
        for peer in peers {
            if let id = peer[path: "spec", "site"]?.string { names[id] = peer[path: "metadata", "name"]?.string }
        }
        self.names = names
    }

    func html(_ id: String?) -> HTML {
        guard let id else { return plain("–") }
        if id == own { return HTML(Words("this site", "本站点")) }
        return plain(names[id] ?? "\(id.prefix(8))…")
    }
}
