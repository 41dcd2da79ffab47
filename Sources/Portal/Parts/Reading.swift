import People
import Resources

/// A resource as the API writes it, read for a page: what is absent is empty.
struct Item: Sendable {
    let json: JSONValue

    init(_ json: JSONValue) {
        self.json = json
    }

    var name: String { text("metadata", "name") }
    var scope: Scope {
        Scope(tenant: json[path: "metadata", "tenant"]?.string, project: json[path: "metadata", "project"]?.string)
    }
    var version: String { text("metadata", "resourceVersion") }
    var isBeingDeleted: Bool { json[path: "metadata", "deletionTimestamp"] != nil }

    func value(_ keys: [String]) -> JSONValue? {
        var value: JSONValue? = json
        for key in keys { value = value?[key] }
        return value
    }

    func text(_ keys: String...) -> String { value(keys)?.string ?? "" }
    func integer(_ keys: String...) -> Int64? { value(keys)?.integer }
    func isSet(_ keys: String...) -> Bool { value(keys)?.bool ?? false }
    func items(_ keys: String...) -> [Item] { (value(keys)?.array ?? []).map(Item.init) }
    func texts(_ keys: String...) -> [String] { (value(keys)?.array ?? []).compactMap(\.string) }

    /// The document to write back, with other members of its spec. It has the version that was read, so that what
    /// somebody else changed meanwhile is not lost.
    ///
    /// - Parameters:
    ///   - changes: members of the spec; nil takes one away.
    ///   - version: that the form was made from; empty takes the one that was read.
    func document(_ changes: [String: JSONValue?], version: String = "") -> JSONValue {
        var spec = json["spec"]?.object ?? [:]
        for (member, value) in changes { spec[member] = value }
        var metadata: [String: JSONValue] = ["name": .string(name)]
        for member in ["tenant", "project", "labels"] { metadata[member] = json[path: "metadata", member] }
        metadata["resourceVersion"] = .string(version.isEmpty ? self.version : version)
        return [
            "apiVersion": .string(Resource.apiVersion), "kind": json["kind"] ?? .null, "metadata": .object(metadata),
            "spec": .object(spec),
        ]
    }

    /// A document that is not there yet.
    static func new(_ kind: String, _ name: String, in scope: Scope = .platform, _ spec: [String: JSONValue?])
        -> JSONValue
    {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        metadata["tenant"] = scope.tenant.map { .string($0) }
        metadata["project"] = scope.project.map { .string($0) }
        return [
            "apiVersion": .string(Resource.apiVersion), "kind": .string(kind), "metadata": .object(metadata),
            "spec": .object(spec.compactMapValues(\.self)),
        ]
    }
}

extension SiteCalls {
    /// So many items of a list are read at most.
    static let mostItems = 20_000

    /// Every item of a list, page by page.
    func all(_ path: String, _ query: Query = []) async throws -> [Item] {
        try await listAll(path, query).map(Item.init)
    }

    /// The same as JSON.
    func listAll(_ path: String, _ query: Query = []) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var next: String?
        repeat {
            let page = try await get(path, query + [("limit", "1000"), ("continue", next)])
            items += page["items"]?.array ?? []
            next = page["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while next != nil && items.count < Self.mostItems
        return items
    }

    /// The same for lists that not every viewer may see: none for the others.
    func allIfSeen(_ path: String, _ query: Query = []) async throws -> [Item] {
        try await every(path, query).map(Item.init)
    }

    /// The same as JSON.
    func every(_ path: String, _ query: Query = []) async throws -> [JSONValue] {
        do {
            return try await listAll(path, query)
        } catch let refusal as Refusal where [403, 404].contains(refusal.status) {
            return []
        }
    }
}

extension Scope {
    /// The parameters by which the API and the portal name a place.
    var parameters: [(String, String?)] { [("tenant", tenant), ("project", project)] }
    /// The options by which commands name it.
    var options: [String] {
        (tenant.map { ["--tenant", $0] } ?? []) + (project.map { ["--project", $0] } ?? [])
    }
    /// `risk / cards`; empty for the whole site.
    var path: String { [tenant, project].compactMap(\.self).joined(separator: " / ") }
    var html: HTML { tenant == nil ? HTML(Words("whole site", "整个站点")) : plain(path) }
}
