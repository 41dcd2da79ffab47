import Crypto
import Faults
import Foundation
import GRDB
import Ledger
import People
import Resources
import Synchronization
import Testing

@Suite struct AuditTests {
    private static func entry(_ kind: AuditRecord.Kind, _ account: String, tenant: String? = nil) -> AuditRecord.Entry {
        var entry = AuditRecord.Entry(kind)
        entry.account = account
        (entry.means, entry.address, entry.method) = ("session 01", "192.0.2.1", "POST")
        (entry.route, entry.path) = ("/api/v1/jobs/{name}/cancel", "/api/v1/jobs/nightly/cancel")
        entry.scope = Scope(tenant: tenant, project: tenant.map { _ in "merchants" })
        entry.detail = "Job nightly"
        (entry.status, entry.fault) = (200, 0)
        return entry
    }

    @Test func recordsAreFoundByWhatTheySay() async throws {
        try await AuditFixture.with { audit, clock, _ in
            try await audit.write(Self.entry(.change, "user ana", tenant: "retail"))
            clock.advance(minutes: 10)
            var login = Self.entry(.login, "user eva")
            (login.account, login.detail) = ("", "user eva")
            try await audit.write(login)
            var failed = Self.entry(.change, "user ana", tenant: "wholesale")
            (failed.path, failed.fault, failed.status) = ("/api/v1/jobs/other_one/cancel", 1012, 404)
            try await audit.write(failed)
            func numbers(_ change: (inout AuditQuery) -> Void) async throws -> [UInt64] {
                var query = AuditQuery()
                change(&query)
                return try await audit.list(query).map(\.number)
            }
            #expect(try await numbers { _ in } == [2, 1, 0], "newest first")
            #expect(try await numbers { $0.account = "user ana" } == [2, 0])
            #expect(try await numbers { $0.account = "user eva" } == [1], "a login is of the user whom it is about")
            #expect(try await numbers { $0.kind = .login } == [1])
            #expect(try await numbers { $0.scope = Scope(tenant: "retail") } == [0], "of the tenant alone")
            #expect(try await numbers { $0.scope = Scope(tenant: "retail", project: "other") } == [])
            #expect(try await numbers { $0.text = "nightly/c" } == [1, 0])
            #expect(try await numbers { $0.text = "other%one" } == [], "letters, not patterns")
            #expect(try await numbers { $0.text = "x' OR '1' = '1" } == [])
            #expect(try await numbers { $0.limit = 1 } == [2])
            #expect(try await numbers { $0.before = 2 } == [1, 0])
            let later = Timestamp(milliseconds: clock.now.milliseconds - 60_000)
            #expect(try await numbers { $0.since = later } == [2, 1])
            #expect(try await numbers { $0.until = later } == [0])
            let found = try #require(try await audit.list(AuditQuery()).first)
            #expect(found.entry == failed && found.time == clock.now)
        }
    }

    @Test func whatHadBegunIsRecordedAfterAKill() async throws {
        try await AuditFixture.with { audit, clock, _ in
            let ended = try await audit.begin(Self.entry(.change, "user ana"))
            try await audit.write(Self.entry(.change, "user ana"), ending: ended)
            let began = clock.now
            _ = try await audit.begin(Self.entry(.change, "user eva", tenant: "retail"))
            clock.advance(minutes: 10)
            // The site starts again.
            #expect(try await audit.recover() == 1)
            #expect(try await audit.recover() == 0, "once")
            let records = try await audit.list(AuditQuery())
            let found = try #require(records.first)
            #expect(records.count == 2 && found.time == began && found.entry.account == "user eva")
            #expect(found.entry.fault == PeopleFaults.outcomeUnknown.number.rawValue && found.entry.status == 0)
            #expect(found.entry.path == "/api/v1/jobs/nightly/cancel" && found.entry.scope.tenant == "retail")
            #expect(try await audit.verify().findings.isEmpty)
        }
    }

    @Test func everyColumnIsHeldByTheChain() async throws {
        let changes = [
            "time = time + 1", "kind = 'login'", "account = 'user eva'", "means = 'local'", "address = '192.0.2.2'",
            "method = 'GET'", "route = '/x'", "path = '/x'", "tenant = 'wholesale'", "project = 'other'",
            "detail = ''", "status = 404", "fault = 1", "unwritten = 1", "hash = zeroblob(32)",
            // No longer a record at all.
            "kind = 'nothing'", "status = -1",
        ]
        for change in changes {
            try await AuditFixture.with { audit, _, database in
                for _ in 0..<4 { try await audit.write(Self.entry(.change, "user ana", tenant: "retail")) }
                let whole = try await audit.verify()
                #expect(whole.records == 4 && whole.findings.isEmpty)
                try await database.write { db in
                    try db.execute(sql: "UPDATE audit SET \(change) WHERE number = 1")
                }
                let broken = try await audit.verify()
                #expect(broken.records == 1 && broken.findings.first?.place == "record 1", "\(change): \(broken)")
            }
        }
    }

    @Test func whatIsTakenAwayOrPutInIsFound() async throws {
        let changes = [
            "DELETE FROM audit WHERE number = 1", "DELETE FROM audit WHERE number = 3", "DELETE FROM audit",
            "DELETE FROM auditHead", "DELETE FROM audit; DELETE FROM auditHead",
            "UPDATE audit SET number = 9 WHERE number = 1",
            "INSERT INTO audit SELECT 4, time, kind, account, means, address, method, route, path, tenant, project, detail, status, fault, unwritten, hash FROM audit WHERE number = 3",
            "UPDATE auditHead SET records = 3", "UPDATE auditHead SET signature = zeroblob(64)",
        ]
        for change in changes {
            try await AuditFixture.with { audit, _, database in
                for _ in 0..<4 { try await audit.write(Self.entry(.change, "user ana")) }
                try await database.write { db in try db.execute(sql: change) }
                let report = try await audit.verify()
                // Nothing is left that could tell: an export that was kept elsewhere does.
                if change == changes[4] { return #expect(report.records == 0) }
                #expect(!report.findings.isEmpty, "\(change)")
            }
        }
    }

    /// Who can compute hashes and cannot sign.
    @Test func aChainMadeAnewHasNoSignature() async throws {
        try await AuditFixture.with { audit, _, database in
            try await AuditFixture.with(key: P256.Signing.PrivateKey()) { forger, _, forged in
                for _ in 0..<2 { try await audit.write(Self.entry(.change, "user ana")) }
                for _ in 0..<2 { try await forger.write(Self.entry(.change, "user eva")) }
                let (record, head) = try await forged.read { db in
                    (
                        try Row.fetchAll(db, sql: "SELECT number, account, hash FROM audit").map { row in
                            (row[0] as Int64, row[1] as String, row[2] as Data)
                        },
                        try Row.fetchOne(db, sql: "SELECT hash, signature FROM auditHead").map {
                            ($0[0] as Data, $0[1] as Data)
                        }
                    )
                }
                try await database.write { db in
                    for (number, account, hash) in record {
                        try db.execute(
                            sql: "UPDATE audit SET account = ?, hash = ? WHERE number = ?",
                            arguments: [account, hash, number])
                    }
                    try db.execute(
                        sql: "UPDATE auditHead SET hash = ?, signature = ?", arguments: [head?.0, head?.1])
                }
                #expect(try await audit.verify().findings.isEmpty == false)
            }
        }
    }

    @Test func writersAtOnceMakeOneChain() async throws {
        try await AuditFixture.with { audit, _, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<50 {
                    group.addTask { try await audit.write(Self.entry(.change, "user u\(index)")) }
                }
                try await group.waitForAll()
            }
            let report = try await audit.verify()
            #expect(report.records == 50 && report.findings.isEmpty)
        }
    }

    @Test func strangersDoNotFillTheDisk() async throws {
        try await AuditFixture.with { audit, clock, _ in
            func refused(_ kind: AuditRecord.Kind) -> AuditRecord.Entry {
                var entry = Self.entry(kind, "")
                (entry.status, entry.fault) = (401, 8001)
                return entry
            }
            for _ in 0..<100 { try await audit.write(refused(.refusal)) }
            #expect(try await audit.verify().records == 60)
            try await audit.write(refused(.login))
            #expect(try await audit.list(AuditQuery()).first?.unwritten == 40, "they are counted")
            try await audit.write(Self.entry(.login, ""))
            clock.advance(minutes: 2)
            try await audit.write(refused(.refusal))
            let report = try await audit.verify()
            #expect(report.records == 63 && report.findings.isEmpty)
        }
    }

    @Test func longTextsAreCutAndStillHeld() async throws {
        try await AuditFixture.with { audit, _, _ in
            var entry = Self.entry(.change, "user ana")
            entry.path = String(repeating: "é", count: 3_000)
            entry.detail = "\u{0}\n\u{1F3DD}"
            try await audit.write(entry)
            let found = try #require(try await audit.list(AuditQuery()).first)
            #expect(found.entry.path.utf8.count == 1_024 && found.entry.detail == "\u{FFFD}\n\u{1F3DD}")
            #expect(try await audit.verify().findings.isEmpty)
        }
    }

    @Test func anExportIsVerifiedWithNothingElse() async throws {
        try await AuditFixture.with { audit, _, _ in
            for index in 0..<3 {
                try await audit.write(Self.entry(.change, "user \(index)\u{1F3DD}\"\n", tenant: "retail"))
            }
            let objects = try await Self.export(audit)
            #expect(objects.count == 6)
            var verifier = AuditVerifier()
            for object in objects { verifier.take(object) }
            #expect(verifier.finish() == [] && verifier.records == 3)
            try await AuditPython.expect(objects, isWhole: true)
            // One place after the other: taken out, put twice, changed.
            for index in objects.indices {
                for change in 0..<3 {
                    var wrong = objects
                    switch change {
                    case 0: wrong.remove(at: index)
                    case 1: wrong.insert(wrong[index], at: index)
                    default:
                        guard case .object(var members) = wrong[index], members["type"] != "end" else { continue }
                        let name = members["account"] != nil ? "account" : members["site"] != nil ? "site" : "signature"
                        let old = members[name]?.string ?? ""
                        members[name] = .string((old.first == "a" ? "b" : "a") + old.dropFirst())
                        wrong[index] = .object(members)
                    }
                    var verifier = AuditVerifier()
                    for object in wrong { verifier.take(object) }
                    #expect(!verifier.finish().isEmpty, "object \(index), change \(change)")
                    try await AuditPython.expect(wrong, isWhole: false)
                }
            }
        }
    }

    @Test func anEmptyAuditIsWhole() async throws {
        try await AuditFixture.with { audit, _, _ in
            #expect(try await audit.verify().findings.isEmpty)
            let objects = try await Self.export(audit)
            var verifier = AuditVerifier()
            for object in objects { verifier.take(object) }
            #expect(verifier.finish() == [])
            try await AuditPython.expect(objects, isWhole: true)
        }
    }

    private static func export(_ audit: AuditLog) async throws -> [JSONValue] {
        var export = try await AuditExport(audit)
        var objects: [JSONValue] = []
        while let values = try await export.next() { objects += values }
        return objects
    }
}

/// An audit in a database of its own, signed with a key of its own.
enum AuditFixture {
    struct Signer: LedgerSigner {
        let key: P256.Signing.PrivateKey
        let site: SiteID

        init(_ key: P256.Signing.PrivateKey) {
            self.key = key
            site = SiteID(digest: SHA256.hash(data: key.publicKey.derRepresentation))
        }

        func sign(_ bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes).rawRepresentation) }

        func rootKey(of site: SiteID) -> [UInt8]? { site == self.site ? Array(key.publicKey.derRepresentation) : nil }
    }

    static func with(
        key: P256.Signing.PrivateKey = P256.Signing.PrivateKey(),
        _ body: (AuditLog, PeopleFixture.Clock, SQLiteDatabase) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-audit-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "a.db").path, snapshots: folder.path, migrations: [AuditMigrations.self])
        let clock = PeopleFixture.Clock()
        try await body(AuditLog(database, signer: Signer(key)) { clock.now }, clock, database)
    }
}

/// `tools/verify_ledger.py`, which shares no code with the product.
enum AuditPython {
    static func expect(
        _ objects: [JSONValue], isWhole: Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else { return }
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-audit-\(ULID.make()).jsonl")
        defer { try? FileManager.default.removeItem(at: path) }
        let lines = objects.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) + "\n" }
        try lines.joined().write(to: path, atomically: false, encoding: .utf8)
        let tool = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "tools/verify_ledger.py").path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-I", "-B", tool, path.path]
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        #expect(status == (isWhole ? 0 : 1), sourceLocation: sourceLocation)
    }
}
