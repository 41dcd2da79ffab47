import Faults
import Foundation
import NIOHTTP1
import People
import Resources
import Testing

@testable import atoll

/// Reading another tenant's objects by guessing how they are called: every GET of the API's own description that names one.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct AttemptTenantTests {
    /// What is there of the tenant `risk`, by the first part of its path.
    private struct Objects {
        var names: [String: String] = [
            "projects": "cards", "quotas": "limit", "files": "loans", "datasets": "loans", "grants": "guessed",
            "tenants": "risk", "users": "owner",
        ]
    }

    @Test func anothersObjectsLookAsIfTheyWereNotThere() async throws {
        try await GuardedSite.with { door in
            let objects = try await Self.populate(door)
            let (own, foreign) = (try await door.login("owner"), try await door.login("mallory"))
            let document = try await door.call(.GET, "/api/v1/openapi.json", proof: own).body
            var found = 0
            var tried = 0
            for (path, item) in try #require(document["paths"]?.object).sorted(by: { $0.key < $1.key }) {
                guard let operation = item["get"], path.contains("{"),
                    let level = operation["x-atoll-scope"]?.string, level == "query" || level == "path"
                else { continue }
                let kind = String(path.split(separator: "/")[2])
                func filled(_ name: String, _ query: String) -> String {
                    var path = path
                    for part in ["{name}", "{id}"] { path = path.replacing(part, with: name) }
                    return path.replacing("{chunk}", with: "0").replacing("{role}", with: "viewer")
                        + (query.isEmpty ? "" : "?\(query)")
                }
                // A kind of which nothing can be there without a partner is asked for all the same.
                let isNumbered = ["makings", "uploads"].contains(kind)
                let name = objects.names[kind] ?? (isNumbered ? "01J8Z6QW4N8E0V3T5B7KX2M9RC" : "guess-one")
                let none = isNumbered ? "01J8Z6QW4N8E0V3T5B7KX2M9RD" : "none-\(kind)"
                let isOfTenant = ["projects", "quotas"].contains(kind)
                let scope = { (tenant: String, project: String) in
                    isOfTenant ? "tenant=\(tenant)" : "tenant=\(tenant)&project=\(project)"
                }
                let whole = kind == "tenants" ? "" : scope("risk", "cards")
                if try await door.call(.GET, filled(name, whole), proof: own).status == 200 { found += 1 }
                let guesses =
                    kind == "tenants"
                    ? [""] : ["", whole, scope("other", "own"), scope("other", "cards"), scope("risk", "own")]
                for query in guesses {
                    let answer = try await door.call(.GET, filled(name, query), proof: foreign)
                    let nothing = try await door.call(.GET, filled(none, query), proof: foreign)
                    tried += 1
                    #expect([400, 403, 404].contains(answer.status), "\(filled(name, query)): \(answer.status)")
                    #expect(answer.status == nothing.status && answer.fault == nothing.fault, "\(filled(name, query))")
                    #expect(
                        answer.text.replacing(name, with: "*") == nothing.text.replacing(none, with: "*"),
                        "\(filled(name, query)) is told apart from what is not there")
                    #expect(!answer.text.contains("needle"), "\(filled(name, query))")
                }
            }
            #expect(found >= 15, "the owner finds its own: \(found)")
            #expect(tried > 100, "\(tried)")
            // Lists tell nothing of others either, and neither does a watch.
            for kind in ["projects", "files", "datasets", "grants", "jobs", "models", "modelversions", "uploads"] {
                let query = kind == "projects" ? "tenant=other" : "tenant=other&project=own"
                let list = try await door.call(.GET, "/api/v1/\(kind)?\(query)", proof: foreign)
                #expect(list.status == 200 && !list.text.contains("needle") && !list.text.contains("loans"), "\(kind)")
                for query in ["", "tenant=risk", "tenant=risk&project=cards", "tenant=risk&watch=true"] {
                    let others = try await door.call(.GET, "/api/v1/\(kind)?\(query)", proof: foreign)
                    #expect(others.fault == PeopleFaults.forbidden.number, "\(kind) \(query): \(others.text)")
                }
            }
            #expect(try await door.isSound())
        }
    }

    private static func populate(_ door: GuardedSite) async throws -> Objects {
        let folder = ClientFolder()
        let places =
            FileUploadTests.places + """

                ---
                apiVersion: atoll.dev/v1alpha1
                kind: Quota
                metadata: {name: limit, tenant: risk}
                spec: {runningJobs: 3}
                ---
                apiVersion: atoll.dev/v1alpha1
                kind: Tenant
                metadata: {name: other}
                spec: {displayName: Other}
                ---
                apiVersion: atoll.dev/v1alpha1
                kind: Project
                metadata: {name: own, tenant: other}
                spec: {displayName: Own}
                ---
                apiVersion: atoll.dev/v1alpha1
                kind: Peer
                metadata: {name: partner}
                spec: {displayName: Partner, site: mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrtgq2q}
                """
        func run(_ words: String...) async throws {
            let result = try await door.site.run(words)
            try #require(result.status == 0, "\(words): \(result.errors)")
        }
        try await run("apply", "-f", folder.write("places.yaml", places))
        let csv = folder.write("loans.csv", "id,needle,y\na1,10,0\nb2,20,1\nc3,30,0\n")
        let scope = FileUploadTests.scope
        let uploaded = try await door.site.run(
            ["data", "upload", csv, "--name", "loans", "--id", "id", "--label", "y"] + scope)
        try #require(uploaded.status == 0, "\(uploaded.errors)")
        let granted = try await door.site.run(
            [
                "grant", "create", "guessed", "--peer", "partner", "--dataset", "loans", "--column", "id", "--purpose",
                "needle", "--algorithm", "align", "--until", "2099-01-01T00:00:00Z", "--uses", "5",
            ] + scope)
        try #require(granted.status == 0, "\(granted.errors)")
        let roles = ["tenant-admin", "modeller", "data-steward", "approver", "auditor"]
        for (user, tenant) in [("owner", "risk"), ("mallory", "other")] {
            try await door.user(
                user, roles: roles.map { "{role: \($0), tenant: \(tenant)}" }.joined(separator: ", "))
        }
        var objects = Objects()
        let owner = try await door.login("owner")
        let upload = try await door.call(
            .POST, "/api/v1/uploads?tenant=risk&project=cards", #"{"name": "needle", "bytes": 100}"#, proof: owner)
        objects.names["uploads"] = try #require(upload.body["id"]?.string, "\(upload.text)")
        return objects
    }
}
