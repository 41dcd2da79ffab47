import Resources

/// The peers of the site by what pages are asked for: names, and site ids as the ledger has them.
struct KnownPeers: Sendable {
    struct Peer: Sendable {
        /// At this site.
        let name: String
        /// That people here see; set here.
        let displayName: String
        let site: String
        let state: String?
        let document: JSONValue
    }

    let all: [Peer]

    init(_ documents: [JSONValue]) {
        all = documents.map { peer in
            Peer(
                name: peer[path: "metadata", "name"]?.string ?? "",
                displayName: peer[path: "spec", "displayName"]?.string ?? "",
                site: peer[path: "spec", "site"]?.string ?? "", state: peer[path: "status", "state"]?.string,
                document: peer)
        }
    }

    /// - Returns: none for those who may not see peers.
    static func of(_ visit: Visit) async throws -> KnownPeers {
        KnownPeers(try await visit.api.every("/peers"))
    }

    subscript(name name: String) -> Peer? { all.first { $0.name == name } }

    /// Its name here; the id itself for one that is no peer any more.
    func name(ofSite site: String?) -> String {
        guard let site else { return "–" }
        return all.first { $0.site == site }?.name ?? site
    }

    /// The site that a name or a site id means.
    func site(_ text: String) -> String { self[name: text]?.site ?? text }

    var options: [(value: String, shown: HTML)] {
        all.map { peer in
            (
                value: peer.name,
                shown: plain(
                    peer.displayName.isEmpty || peer.displayName == peer.name
                        ? peer.name : "\(peer.name) (\(peer.displayName))")
            )
        }
    }
}

extension JSONValue {
    /// The name of a resource.
    var resourceName: String { self[path: "metadata", "name"]?.string ?? "" }

    func texts(_ keys: String...) -> [String] {
        var value: JSONValue? = self
        for key in keys { value = value?[key] }
        return (value?.array ?? []).compactMap(\.string)
    }
}

/// A site id in groups of four, as people read it to each other.
func fingerprint(_ site: String) -> String {
    let characters = Array(site)
    return stride(from: 0, to: characters.count, by: 4).map {
        String(characters[$0..<min($0 + 4, characters.count)])
    }.joined(separator: " ")
}
