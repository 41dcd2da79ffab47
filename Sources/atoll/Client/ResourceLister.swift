import Faults
import Resources

/// A whole list: every page of it.
struct ResourceList: Sendable, Hashable {
    var items: [JSONValue]
    /// The version of the first page: a watch from here misses nothing that the list does not hold.
    let version: String?

    var json: JSONValue {
        var members: [String: JSONValue] = ["items": .array(items)]
        if let version { members["resourceVersion"] = .string(version) }
        return .object(members)
    }
}

/// Lists resources page by page.
struct ResourceLister: Sendable {
    static let pageSize = 500

    private let client: APIClient

    init(_ client: APIClient) {
        self.client = client
    }

    /// - Throws: what the server answers; `ProgramFaults.strangeAnswer` when an answer has no list.
    func list(_ plural: String, selector: String?, scope: ScopeOptions) async throws -> ResourceList {
        var items: [JSONValue] = []
        var version: String?
        var token: String?
        repeat {
            let query: [(String, String?)] = [
                ("selector", selector), ("limit", String(Self.pageSize)), ("continue", token),
            ]
            let page = try await client.get(APIPath([plural], query: scope.query + query))
            guard let more = page["items"]?.array else {
                throw Fault(ProgramFaults.strangeAnswer, "The server's list has no items.", at: "/api/v1/\(plural)")
            }
            items += more
            version = version ?? page["resourceVersion"]?.string
            token = page["continue"]?.string
        } while token != nil
        return ResourceList(items: items, version: version)
    }

    /// The version of the collection now, without its items.
    func version(of plural: String, scope: ScopeOptions) async throws -> String? {
        try await client.get(APIPath([plural], query: scope.query + [("limit", "1")]))["resourceVersion"]?.string
    }
}
