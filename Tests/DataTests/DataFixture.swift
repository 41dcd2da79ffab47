import Faults
import Foundation
import Logging
import Objects
import Resources
import Synchronization

@testable import Data

/// The data part of a site in a folder, without services.
struct DataFixture {
    static let scope = Scope(tenant: "risk", project: "cards")

    let folder: String
    let database: SQLiteDatabase
    let resources: ResourceService
    let store: any ObjectStore
    let shelf: FileShelf
    let clock = TestClock()
    let leases: LeaseDesk
    let grants: GrantShelf
    let datasets: DatasetShelf

    static func with(_ body: (DataFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-data-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fixture = try DataFixture(folder)
        try await body(fixture)
        try fixture.database.close()
    }

    init(_ folder: String) throws {
        self.folder = folder
        database = try SQLiteDatabase(
            path: "\(folder)/site.db", snapshots: folder, migrations: [UploadMigrations.self, DataMigrations.self])
        let clock = clock
        let leases = LeaseDesk(database, logger: .quiet, now: { clock.now })
        self.leases = leases
        var resources = ResourceService(registry: Self.registry, store: MemoryResourceStore())
        resources.deletionGuards[Dataset.kind.name] = { try await leases.checkUnread($0) }
        self.resources = resources
        store = MemoryObjectStore()
        shelf = FileShelf(
            resources: resources, contents: ContentBook(database),
            storage: StorageUse(database, store: resources.store), store: store)
        grants = GrantShelf(resources: resources, desk: leases)
        datasets = DatasetShelf(files: shelf, leases: leases, scratch: "\(folder)/scratch")
        try FileManager.default.createDirectory(atPath: datasets.scratch, withIntermediateDirectories: true)
    }

    static let registry = KindRegistry([
        File.kind, Dataset.kind, Grant.kind, AccessRequest.kind,
        KindDefinition("Peer", plural: "peers", scope: .platform, summary: "A peer.", fields: [], example: ""),
    ])

    /// The peer and the dataset that the grants of tests are about.
    func places() async throws {
        let note = ChangeNote(author: "ana")
        _ = try await resources.store.create(Resource(ResourceID(kind: "Peer", name: "partner")), by: note)
        try await dataset("loans", in: Self.scope)
    }

    func dataset(_ name: String, in scope: Scope) async throws {
        let spec: JSONValue = [
            "content": .string(ULID.make()), "bytes": 100, "digest": .string(String(repeating: "0", count: 64)),
            "rows": 100, "columns": [["name": "id", "type": "text"], ["name": "amount", "type": "integer"]],
            "ids": ["id"],
        ]
        _ = try await resources.create(
            Document(Resource(Dataset.id(name, in: scope), spec: spec).document), defaults: .platform,
            by: ChangeNote(author: "ana"))
    }

    /// A dataset as a job leaves it, made of one that is there, without content.
    ///
    /// - Parameter added: columns that its source does not have, or has in another way.
    @discardableResult
    func derived(
        _ name: String, of source: String, job: String, task: String = "match", columns: [String] = ["id", "amount"],
        added: [JSONValue] = [], rows: Int64 = 30, digest: Character = "1", in scope: Scope = scope
    ) async throws -> Resource {
        let made = try await resources.store.get(Dataset.id(source, in: scope))
        let kept = (made.spec["columns"]?.array ?? []).filter { columns.contains($0["name"]?.string ?? "") }
        let spec: JSONValue = [
            "content": .string(ULID.make()), "bytes": 100, "digest": .string(String(repeating: digest, count: 64)),
            "rows": .integer(rows), "columns": .array(kept + added), "ids": [], "origin": "job",
            "lineage": [
                "dataset": .string(source), "digest": made.spec["digest"] ?? .null, "job": .string(job),
                "task": .string(task),
            ],
        ]
        return try await resources.create(
            Document(Resource(Dataset.id(name, in: scope), spec: spec).document), defaults: .platform,
            by: ChangeNote(author: "job/\(job)"))
    }

    /// A grant of `loans` to the partner with the terms that a test is about.
    @discardableResult
    func grant(_ name: String, _ terms: [String: JSONValue]) async throws -> Resource {
        var spec: [String: JSONValue] = [
            "peer": "partner", "dataset": "loans", "columns": ["id", "amount"], "purpose": "a test",
            "algorithms": ["align", "bin"], "notAfter": "2030-01-01T00:00:00Z",
        ]
        for (member, value) in terms { spec[member] = value }
        return try await resources.create(
            Document(Resource(Grant.id(name, in: Self.scope), spec: .object(spec)).document), defaults: .platform,
            by: ChangeNote(author: "ana"))
    }

    /// What a task of a job reads.
    var read: PlannedRead { PlannedRead(dataset: "loans", columns: nil, peer: "partner", algorithm: "align") }

    /// A file as an upload registers it, its content stored.
    @discardableResult
    func file(_ name: String, _ content: [UInt8], rows: Int64? = nil, days: Int64 = 30) async throws -> Resource {
        var digester = FileDigester()
        digester.update(content)
        let file = StoredFile(
            id: ULID.make(),
            wanted: NewUpload(scope: Self.scope, name: name, bytes: Int64(content.count), retentionDays: days),
            claim: UploadClaim(digest: digester.finish(), rows: rows), author: "ana")
        try await store.put(Upload.key(of: file.id), ObjectContent(bytes: content))
        try await shelf.register(file)
        return try await resources.store.get(File.id(name, in: Self.scope))
    }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp("2026-06-01T00:00:00Z")!)

    var now: Timestamp { time.withLock { $0 } }

    func add(seconds: Int64) {
        time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + seconds * 1_000) }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
