import API
import Crypto
import Faults
import Foundation
import HTTPTypes
import Ledger
import NIOHTTP1
import People
import Resources
import Testing

/// What the door writes into the audit, and how it is looked at.
@Suite struct AuditRouteTests {
    @Test func changesLoginsRefusalsAndNothingElseAreWritten() async throws {
        try await withSite { api, audit in
            let root = ["x-role": "platform-admin"]
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: root)
            _ = try await api.call(.GET, "/api/v1/tenants", headers: root)
            _ = try await api.call(.POST, "/api/v1/apply?dryRun=true", Sample.twoDocuments, headers: root)
            _ = try await api.call(.DELETE, "/api/v1/tenants/none", headers: root)
            _ = try await api.call(.GET, "/api/v1/tenants", headers: [:])
            _ = try await api.call(
                .DELETE, "/api/v1/projects/x?tenant=retail", headers: ["x-role": "viewer", "x-place": "retail/"])
            _ = try await api.call(.PUT, "/api/v1/secrets/directory", "needle", headers: root)
            let records = try await audit.list(AuditQuery()).reversed().map(\.entry)
            let wanted: [(AuditRecord.Kind, String, String, String, UInt16, UInt16)] = [
                (.change, "user ana", "POST /api/v1/tenants", "Tenant retail", 201, 0),
                (
                    .change, "user ana", "POST /api/v1/apply",
                    "Project merchants (tenant retail), Tenant retail, dry run",
                    200, 0
                ),
                (
                    .change, "user ana", "DELETE /api/v1/tenants/{name}", "", 404,
                    ResourceFaults.notFound.number.rawValue
                ),
                (.refusal, "", "GET /api/v1/tenants", "", 401, PeopleFaults.notSignedIn.number.rawValue),
                (
                    .refusal, "user ana", "DELETE /api/v1/projects/{name}", "", 403,
                    PeopleFaults.forbidden.number.rawValue
                ),
                (.change, "user ana", "PUT /api/v1/secrets/{name}", "", 200, 0),
            ]
            #expect(records.count == wanted.count, "\(records)")
            for (record, wanted) in zip(records, wanted) {
                #expect(record.kind == wanted.0 && record.account == wanted.1, "\(record)")
                #expect("\(record.method) \(record.route)" == wanted.2 && record.detail == wanted.3, "\(record)")
                #expect(record.status == wanted.4 && record.fault == wanted.5, "\(record)")
            }
            #expect(records[1].scope == .platform, "in no one tenant")
            let one = Sample.twoDocuments.components(separatedBy: "---")[0]
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: root)
            _ = try await api.call(.POST, "/api/v1/apply", one, headers: root)
            #expect(try await audit.list(AuditQuery()).first?.entry.scope == Scope(tenant: "retail"))
            #expect(records[4].scope == Scope(tenant: "retail") && records[4].path == "/api/v1/projects/x")
            #expect(!"\(records)".contains("needle"), "no value of a secret")
            let report = try await api.call(.POST, "/api/v1/audit/verify", "{}", headers: root)
            #expect(report.body["whole"] == true && report.body["records"] == 8)
        }
    }

    @Test func aSecretInAPathIsNotKept() async throws {
        try await withSite { api, audit in
            let secret = "atoll_t_" + String(repeating: "k", count: 43)
            _ = try await api.call(.DELETE, "/api/v1/secrets/\(secret)", headers: ["x-role": "platform-admin"])
            let path = try await audit.list(AuditQuery()).first?.entry.path
            #expect(path == "/api/v1/secrets/[redacted]")
        }
    }

    @Test func whoMaySeeATenantSeesItsRecordsAlone() async throws {
        try await withSite { api, _ in
            for tenant in ["retail", "wholesale"] {
                _ = try await api.call(
                    .DELETE, "/api/v1/projects/x?tenant=\(tenant)",
                    headers: ["x-role": "viewer", "x-place": "\(tenant)/"])
            }
            let auditor = ["x-role": "auditor", "x-place": "retail/"]
            let own = try await api.call(.GET, "/api/v1/audit?tenant=retail", headers: auditor)
            #expect(own.body["items"]?.array?.map { $0["tenant"] } == ["retail"])
            for path in ["audit", "audit?tenant=wholesale", "audit/export", "audit/export?tenant=retail"] {
                let answer = try await api.call(.GET, "/api/v1/\(path)", headers: auditor)
                #expect(answer.fault == PeopleFaults.forbidden.number, "\(path)")
            }
            let whole = ["x-role": "auditor"]
            let export = try await api.call(.GET, "/api/v1/audit/export", headers: whole)
            let lines = export.text.split(separator: "\n").compactMap { try? JSONParser.parse(String($0)) }
            var verifier = AuditVerifier()
            for line in lines { verifier.take(line) }
            #expect(verifier.finish().isEmpty && verifier.records >= 2)
            for query in ["kind=nothing", "since=yesterday", "until=2026"] {
                let answer = try await api.call(.GET, "/api/v1/audit?\(query)", headers: whole)
                #expect(answer.fault == PeopleFaults.auditForm.number, "\(query)")
            }
        }
    }

    private func withSite(_ body: @escaping @Sendable (APIFixture, AuditLog) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-audit-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "a.db").path, snapshots: folder.path, migrations: [AuditMigrations.self])
        let audit = AuditLog(database, signer: Signer())
        try await APIFixture.with(
            routes: [AuditRoutes(audit: audit)], callers: RoleHeader(), audit: audit
        ) { api in try await body(api, audit) }
    }

    private struct Signer: LedgerSigner {
        let key = P256.Signing.PrivateKey()

        var site: SiteID { SiteID(digest: SHA256.hash(data: key.publicKey.derRepresentation)) }

        func sign(_ bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes).rawRepresentation) }

        func rootKey(of site: SiteID) -> [UInt8]? { Array(key.publicKey.derRepresentation) }
    }
}
