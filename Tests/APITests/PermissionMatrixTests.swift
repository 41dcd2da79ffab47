import API
import Faults
import HTTPTypes
import NIOHTTP1
import People
import Resources
import Testing

/// Role by route by method, from the API's own description: who is let in is who the table here says, and nobody else.
@Suite struct PermissionMatrixTests {
    /// Written by hand, so that neither the roles nor the door can be wrong unseen: what each role may see, and manage.
    static let table: [String: (view: Set<String>, manage: Set<String>)] = [
        "tenant-admin": (
            ["tenants", "site", "peers", "routes", "files", "datasets", "grants", "jobs", "models", "modelversions"],
            ["projects"]
        ),
        "modeller": (
            ["tenants", "site", "peers", "routes", "projects", "files", "datasets", "grants"],
            ["jobs", "models", "modelversions"]
        ),
        "data-steward": (
            ["tenants", "site", "peers", "routes", "projects", "jobs", "models", "modelversions"],
            ["files", "datasets", "grants"]
        ),
        "approver": (
            [
                "tenants", "site", "peers", "routes", "projects", "files", "datasets", "grants", "jobs", "models",
                "modelversions",
            ], []
        ),
        "auditor": (
            [
                "tenants", "checks", "site", "peers", "routes", "projects", "files", "datasets", "grants", "jobs",
                "models", "modelversions",
            ], []
        ),
        "viewer": (
            ["tenants", "site", "peers", "routes", "projects", "datasets", "jobs", "models", "modelversions"], []
        ),
        "platform-admin": (
            [],
            [
                "tenants", "secrets", "checks", "site", "peers", "routes", "projects", "files", "datasets", "grants",
                "jobs", "models", "modelversions",
            ]
        ),
    ]

    @Test(arguments: Role.builtIn.map(\.name))
    func everyRouteLetsInWhomItShould(role: String) async throws {
        let seen = try #require(Self.table[role])
        let places: [Scope] =
            role == "platform-admin"
            ? [.platform] : [.platform, Scope(tenant: "retail"), Scope(tenant: "retail", project: "merchants")]
        try await APIFixture.with(registry: Self.registry, callers: RoleHeader()) { api in
            let operations = try await Self.operations(api)
            #expect(operations.count > 80)
            for place in places {
                for operation in operations {
                    let isAllowed = operation.isAllowed(seen, at: place)
                    let answer = try await api.call(
                        operation.method, operation.request, operation.body,
                        headers: ["x-role": role, "x-place": "\(place.tenant ?? "")/\(place.project ?? "")"])
                    let isRefused = answer.fault == PeopleFaults.forbidden.number
                    #expect(isRefused != isAllowed, "\(role) in \(place): \(operation) \(answer.text.prefix(200))")
                    #expect(answer.status != 401 && isRefused == (answer.status == 403), "\(operation)")
                }
            }
        }
    }

    @Test func whoIsNobodyGetsInNowhere() async throws {
        try await APIFixture.with(registry: Self.registry, callers: RoleHeader()) { api in
            for operation in try await Self.operations(api) {
                let answer = try await api.call(operation.method, operation.request, operation.body)
                #expect(answer.status == 401, "\(operation)")
                #expect(answer.fault == PeopleFaults.notSignedIn.number, "\(operation)")
            }
            #expect(try await api.call(.GET, "/healthz").status == 200)
        }
    }

    /// The other tenant's work: with a role in one tenant nothing of another is seen, whatever is asked and however.
    @Test func nothingOfAnotherTenantIsReached() async throws {
        let steal = """
            {"apiVersion": "atoll.dev/v1alpha1", "kind": "Dataset", "spec": {},
             "metadata": {"name": "x", "tenant": "wholesale", "project": "merchants"}}
            """
        let mine = "tenant=retail&project=merchants"
        let cases: [(HTTPMethod, String, String?)] = [
            (.GET, "datasets?tenant=wholesale&project=merchants", nil), (.GET, "datasets", nil),
            (.GET, "datasets?tenant=wholesale", nil), (.GET, "datasets?project=merchants", nil),
            (.GET, "datasets/x?tenant=wholesale&project=merchants", nil),
            (.GET, "datasets?tenant=wholesale&tenant=retail&project=merchants", nil),
            (.GET, "tenants/wholesale", nil), (.GET, "tenants/wholesale?tenant=retail", nil),
            (.GET, "projects/merchants?tenant=wholesale", nil),
            // The body's place counts, not the query's.
            (.POST, "datasets?\(mine)", steal), (.POST, "apply?\(mine)", steal),
            (.POST, "apply?\(mine)", Sample.tenant("new")), (.POST, "tenants?\(mine)", Sample.tenant("new")),
            (.POST, "apply?\(mine)", steal.replacing("wholesale", with: "retail") + "\n---\n" + steal),
        ]
        try await APIFixture.with(registry: Self.registry, callers: RoleHeader()) { api in
            for (method, path, body) in cases {
                let answer = try await api.call(
                    method, "/api/v1/\(path)", body, headers: ["x-role": "data-steward", "x-place": "retail/"])
                #expect(answer.fault == PeopleFaults.forbidden.number, "\(method) \(path) \(answer.text.prefix(200))")
            }
            #expect(try await api.store.list(ResourceQuery()).items.isEmpty)
            let own = try await api.call(
                .GET, "/api/v1/datasets?\(mine)", headers: ["x-role": "data-steward", "x-place": "retail/"])
            #expect(own.status == 200)
        }
    }

    /// A path that climbs is a name that is not allowed, and never another path.
    @Test func pathsThatClimbLeadNowhere() async throws {
        try await APIFixture.with(registry: Self.registry, callers: RoleHeader()) { api in
            let admin = ["x-role": "platform-admin", "x-place": "/"]
            for name in ["..%2Fsecrets", "%2E%2E%2F%2E%2E%2Fhealthz", "..%5Csecrets", "a%00b", "%2Fetc%2Fpasswd"] {
                let answer = try await api.call(.GET, "/api/v1/tenants/\(name)", headers: admin)
                #expect(answer.fault == ResourceFaults.invalidName.number, "\(name) \(answer.text)")
            }
            for path in ["/api/v1/../../healthz", "/api/v1/tenants/../secrets", "//api/v1/secrets"] {
                let answer = try await api.call(.GET, path, headers: ["x-role": "viewer", "x-place": "/"])
                #expect(answer.status >= 400, "\(path)")
            }
        }
    }

    @Test func theAuthorIsTheUser() async throws {
        try await APIFixture.with(registry: Self.registry, callers: RoleHeader()) { api in
            let headers = ["x-role": "platform-admin", "x-place": "/"]
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: headers)
            let history = try await api.call(.GET, "/api/v1/tenants/retail/history", headers: headers)
            #expect(history.body["items"]?.array?.first?["author"] == "user ana")
        }
    }

    /// Kinds with the names and scopes of the program's own.
    private static let registry: KindRegistry = {
        let wanted: [(String, String, KindDefinition.ScopeLevel)] = [
            ("Tenant", "tenants", .platform), ("Project", "projects", .tenant), ("Peer", "peers", .platform),
            ("Route", "routes", .platform), ("File", "files", .project), ("Dataset", "datasets", .project),
            ("Grant", "grants", .project), ("Job", "jobs", .project), ("Model", "models", .project),
            ("ModelVersion", "modelversions", .project),
        ]
        let name = Field("displayName", .text(0...80), default: "", "A name.")
        return KindRegistry(
            wanted.map {
                KindDefinition($0.0, plural: $0.1, scope: $0.2, summary: "A thing.", fields: [name], example: "")
            }, tenantKind: "Tenant", projectKind: "Project")
    }()

    /// One operation of the description, with a request that it takes or refuses for another reason than the caller.
    private struct Operation: CustomStringConvertible {
        let method: HTTPMethod
        let path: String
        let permission: String
        let level: String?

        var description: String { "\(method) \(path) (\(permission), \(level ?? "-"))" }

        /// Nouns that live on the platform; a copy, so that the program's list is held against it.
        private static let platform: Set = ["tenants", "secrets", "checks", "peers", "routes", "site"]

        var request: String {
            let kind = String(path.dropFirst("/api/v1/".count).prefix { $0 != "/" })
            var query = "tenant=retail&project=merchants"
            if kind == "projects" { query = "tenant=retail" }
            if Self.platform.contains(kind) { query = "" }
            let name = kind == "tenants" ? "retail" : "merchants"
            return path.replacing("{name}", with: name) + (query.isEmpty ? "" : "?\(query)")
        }

        var body: String? {
            guard method == .POST || method == .PUT else { return nil }
            let kinds = [
                "tenants": "Tenant", "projects": "Project", "peers": "Peer", "routes": "Route", "files": "File",
            ]
            let more = [
                "datasets": "Dataset", "grants": "Grant", "jobs": "Job", "models": "Model", "apply": "Dataset",
                "modelversions": "ModelVersion",
            ]
            let kind = String(path.dropFirst("/api/v1/".count).prefix { $0 != "/" })
            return #"{"kind": "\#(kinds[kind] ?? more[kind] ?? "")"}"#
        }

        func isAllowed(_ seen: (view: Set<String>, manage: Set<String>), at place: Scope) -> Bool {
            if permission == "caller" { return true }
            var (noun, verb) = (permission.prefix { $0 != "." }, permission.drop { $0 != "." }.dropFirst())
            if noun == "documents" {
                noun = path.dropFirst("/api/v1/".count)[...]
                if noun == "apply" { noun = "datasets" }
            }
            let name = String(noun)
            guard seen.manage.contains(name) || (verb == "view" && seen.view.contains(name)) else { return false }
            verb = verb[...]
            switch (name, place.tenant, place.project) {
            // Peers, routes and the site itself are seen from everywhere.
            case ("peers", _, _) where verb == "view", ("routes", _, _) where verb == "view": return true
            case ("site", _, _) where verb == "view": return true
            case (_, nil, nil): return true
            case ("tenants", _, nil): return level == "path"
            case ("tenants", _, _): return false
            // A project is seen with a role in it, and listed and changed with one in its tenant.
            case ("projects", _, .some): return level == "path"
            case (let noun, _, _): return !Self.platform.contains(noun)
            }
        }
    }

    private static func operations(_ api: APIFixture) async throws -> [Operation] {
        let document = try await api.call(
            .GET, "/api/v1/openapi.json", headers: ["x-role": "viewer", "x-place": "/"]
        ).body
        return try #require(document["paths"]?.object).sorted { $0.key < $1.key }.flatMap { path, item in
            try (item.object ?? [:]).sorted { $0.key < $1.key }.map { method, operation in
                let permission = try #require(
                    operation["x-atoll-permission"]?.string, "\(method) \(path) does not say what it asks")
                // Nothing is changed with a permission to see.
                #expect(method == "get" || permission.hasSuffix(".manage"), "\(method) \(path) \(permission)")
                return Operation(
                    method: HTTPMethod(rawValue: method.uppercased()), path: path, permission: permission,
                    level: operation["x-atoll-scope"]?.string)
            }
        }
    }
}

/// Callers of these tests: a role in a header.
struct RoleHeader: CallerSource {
    func caller(_ request: HTTPRequest, isUse: Bool) async throws -> Caller? {
        let headers = request.headerFields
        guard let name = headers[HTTPField.Name("x-role")!], let role = Role.named(name) else { return nil }
        let place = (headers[HTTPField.Name("x-place")!] ?? "/").split(separator: "/", omittingEmptySubsequences: false)
        let parts = place.map { $0.isEmpty ? nil : String($0) }
        let scope = Scope(tenant: parts.first ?? nil, project: parts.last ?? nil)
        return Caller(user: "ana", authority: Authority([RoleBinding(role, in: scope)].compactMap { $0 }))
    }
}
