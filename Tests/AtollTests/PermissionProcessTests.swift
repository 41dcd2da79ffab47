import AsyncHTTPClient
import Faults
import Foundation
import NIOCore
import NIOHTTP1
import People
import Resources
import Testing
import Trials

@testable import atoll

/// Every role at every route and method of the real program, by its own description, over its management plane.
@Suite(.serialized) struct PermissionProcessTests {
    /// What each role may see, and manage: written by hand and complete, so that a change of roles or of what a route
    /// asks has to be made here too.
    private static let table: [String: (view: String, manage: String)] = [
        "platform-admin": (
            "",
            """
            tenants users customroles directories secrets ledger invitations checks site peers routes projects quotas \
            members audit files datasets rows grants accessrequests jobs approvals releases models modelversions
            """
        ),
        "tenant-admin": (
            """
            tenants site peers routes quotas audit files datasets grants accessrequests jobs approvals releases models \
            modelversions
            """,
            "projects members"
        ),
        "modeller": (
            "tenants site peers routes projects quotas files datasets rows grants approvals",
            "accessrequests jobs releases models modelversions"
        ),
        "data-steward": (
            "tenants site peers routes projects jobs approvals models modelversions",
            "files datasets rows grants accessrequests releases"
        ),
        "approver": (
            "tenants site peers routes projects files datasets grants accessrequests jobs models modelversions",
            "approvals"
        ),
        "auditor": (
            """
            tenants users customroles directories ledger invitations checks site peers routes projects quotas members audit \
            files datasets grants accessrequests jobs approvals releases models modelversions
            """, ""
        ),
        "viewer": ("tenants site peers routes projects datasets jobs models modelversions", ""),
    ]

    /// Where a permission to see is asked for what is no GET: nothing is changed by them.
    private static let readers: Set = [
        "post /api/v1/ledger/verify", "post /api/v1/jobs/plan", "post /api/v1/audit/verify",
    ]
    private static let ofPlatform: Set = [
        "tenants", "users", "customroles", "directories", "secrets", "ledger", "invitations", "checks",
    ]
    private static let shared: Set = ["site", "peers", "routes"]

    @Test func everyRouteAnswersEveryRoleAsItShould() async throws {
        let port = try FreePort.find()
        try await RunningSite.with(arguments: ["--management-address", "127.0.0.1:\(port)"]) { site in
            let door = RemoteDoor(address: "http://127.0.0.1:\(port)")
            try await Self.populate(site)
            let proofs = try await Self.proofs(door)
            let document = try await door.call("get", "/api/v1/openapi.json", proof: proofs["viewer"]?.whole).body
            let operations = try Self.operations(document)
            #expect(operations.count > 130, "\(operations.count)")
            for operation in operations {
                let nobody = try await door.call(operation.method, operation.request, operation.body, proof: nil)
                let isOpen = operation.permission == "nobody"
                #expect((nobody.fault == PeopleFaults.notSignedIn.number) != isOpen, "\(operation) nobody")
            }
            for (role, proof) in proofs.sorted(by: { $0.key < $1.key }) {
                for operation in operations where operation.permission != "nobody" {
                    for (isTenant, secret) in [(false, proof.whole), (true, proof.tenant)] {
                        let answer = try await door.call(
                            operation.method, operation.request, operation.body, proof: secret)
                        let wanted = operation.expected(Self.table[role]!, isTenant: isTenant)
                        #expect(answer.refusal == wanted, "\(role), \(isTenant ? "tenant" : "platform"): \(operation)")
                    }
                }
            }
        }
    }

    private struct Operation: CustomStringConvertible {
        let method: String
        let path: String
        let permission: String
        let level: String

        var description: String { "\(method) \(path) (\(permission), \(level))" }

        /// In the tenant that is there, of things that are not, so that nothing happens where nothing is refused.
        var request: String {
            let kind = path.dropFirst("/api/v1/".count).prefix { $0 != "/" }
            let name = level == "path" ? (kind == "tenants" ? "retail" : "merchants") : "none"
            let filled = path.replacing("{name}", with: name).replacing("{role}", with: "viewer")
                .replacing("{id}", with: "01J8Z6QW4N8E0V3T5B7KX2M9RC").replacing("{chunk}", with: "0")
            let query =
                switch level {
                case "query", "document":
                    ["projects", "quotas"].contains(kind)
                        ? "tenant=retail" : "tenant=retail&project=merchants"
                case "path": kind == "projects" ? "tenant=retail" : ""
                default: ""
                }
            return query.isEmpty ? filled : "\(filled)?\(query)"
        }

        /// A document of the kind that the path is about, with nothing in it.
        var body: String? {
            guard method != "get", method != "delete" else { return nil }
            let kinds = [
                "tenants": "Tenant", "projects": "Project", "quotas": "Quota", "users": "User", "peers": "Peer",
                "directories": "Directory", "customroles": "CustomRole",
                "routes": "Route",
                "files": "File", "datasets": "Dataset", "grants": "Grant",
                "accessrequests": "AccessRequest", "approvals": "Approval", "jobs": "Job",
                "models": "Model",
                "modelversions": "ModelVersion", "apply": "Job",
            ]
            let kind = String(path.dropFirst("/api/v1/".count).prefix { $0 != "/" })
            return kinds[kind].map { #"{"kind": "\#($0)"}"# } ?? "{}"
        }

        /// The refusal that a token of a role gets; nil for none.
        func expected(_ seen: (view: String, manage: String), isTenant: Bool) -> FaultNumber? {
            switch permission {
            case "caller": return nil
            case "person": return PeopleFaults.personOnly.number
            default: break
            }
            let parts = permission.split(separator: ".").map(String.init)
            let first = path.dropFirst("/api/v1/".count).prefix { $0 != "/" }
            let noun = parts[0] == "documents" ? (first == "apply" ? "jobs" : String(first)) : parts[0]
            let view = Set(seen.view.split(separator: " ").map(String.init))
            let manage = Set(seen.manage.split(separator: " ").map(String.init))
            let holds = manage.contains(noun) || (parts[1] == "view" && view.contains(noun))
            let isWide = isTenant && level == "platform"
            let reaches =
                !isTenant || level == "path" || (shared.contains(noun) && parts[1] == "view")
                || !(ofPlatform.contains(noun) || shared.contains(noun))
            return holds && reaches && !isWide ? nil : PeopleFaults.forbidden.number
        }
    }

    private static func operations(_ document: JSONValue) throws -> [Operation] {
        try #require(document["paths"]?.object).sorted { $0.key < $1.key }.flatMap { path, item in
            try (item.object ?? [:]).sorted { $0.key < $1.key }.map { method, operation in
                let permission = try #require(operation["x-atoll-permission"]?.string, "a hole: \(method) \(path)")
                let isChange = method != "get" && !readers.contains("\(method) \(path)")
                let isReading = permission.hasSuffix(".view")
                #expect(!isChange || !isReading, "\(method) \(path) is changed with a permission to see")
                #expect(!isReading || !permission.hasPrefix("secrets") || method == "get")
                return Operation(
                    method: method, path: path, permission: permission,
                    level: operation["x-atoll-scope"]?.string ?? "")
            }
        }
    }

    private struct Proof {
        let whole: String
        let tenant: String
    }

    private static let password = "correct horse battery"

    private static func populate(_ site: RunningSite) async throws {
        var documents = [
            "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: retail}, spec: {displayName: R}}",
            """
            {apiVersion: atoll.dev/v1alpha1, kind: Project, metadata: {name: merchants, tenant: retail},
             spec: {displayName: M}}
            """,
        ]
        for role in table.keys.sorted() {
            documents.append(
                """
                {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(role)},
                 spec: {displayName: U, roles: [{role: \(role)}]}}
                """)
        }
        let applied = try await site.run(["apply", "-f", "-"], input: documents.joined(separator: "\n---\n"))
        #expect(applied.status == 0, "\(applied.errors)")
        for role in table.keys {
            let set = try await site.run(["user", "password", role], input: password + "\n")
            #expect(set.status == 0, "\(set.errors)")
        }
    }

    /// Of every role a token for all that it may, and one for a tenant alone.
    private static func proofs(_ door: RemoteDoor) async throws -> [String: Proof] {
        var proofs: [String: Proof] = [:]
        for role in table.keys {
            let login = try await door.call(
                "post", "/api/v1/login", #"{"name": "\#(role)", "password": "\#(password)", "as": "bearer"}"#,
                proof: nil)
            let session = try #require(login.body["secret"]?.string, "\(role)")
            func token(_ more: String) async throws -> String {
                let made = try await door.call("post", "/api/v1/tokens", #"{"name": "t"\#(more)}"#, proof: session)
                return try #require(made.body["secret"]?.string)
            }
            proofs[role] = Proof(whole: try await token(""), tenant: try await token(#", "tenant": "retail""#))
        }
        return proofs
    }
}

/// The management plane of a running site, asked with or without a proof.
struct RemoteDoor {
    let address: String

    struct Answer {
        let status: Int
        let body: JSONValue

        var fault: FaultNumber? { (body["code"]?.string).flatMap { FaultNumber($0) } }

        /// The fault, where it is one of permissions.
        var refusal: FaultNumber? {
            let refusals = [PeopleFaults.notSignedIn, PeopleFaults.forbidden, PeopleFaults.personOnly]
            return fault.flatMap { number in refusals.contains { $0.number == number } ? number : nil }
        }
    }

    func call(_ method: String, _ path: String, _ body: String? = nil, proof: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = HTTPMethod(rawValue: method.uppercased())
        if let proof { request.headers.add(name: "authorization", value: "Bearer \(proof)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = Array((try await response.body.collect(upTo: 16 << 20)).readableBytesView)
        let isJSON = response.headers.first(name: "content-type")?.contains("json") == true
        return Answer(status: Int(response.status.code), body: isJSON ? (try? JSONParser.parse(bytes)) ?? .null : .null)
    }
}
