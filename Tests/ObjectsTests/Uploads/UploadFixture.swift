import Faults
import Foundation
import Logging
import ObjectsTestKit
import Resources
import ResourcesTestKit
import Synchronization

@testable import Objects

/// Remembers what was registered; refuses names that it is told to.
final class MemoryRegistry: FileRegistry {
    let files = Mutex<[StoredFile]>([])
    let refused = Mutex<Set<String>>([])
    /// Refuses only at the end.
    let late = Mutex<Set<String>>([])

    func check(_ wanted: NewUpload) async throws {
        if refused.withLock({ $0.contains(wanted.name) }) { throw Fault(ResourceFaults.alreadyExists) }
    }

    func admission(of wanted: NewUpload) async throws -> UploadAdmission { { _ in } }

    func register(_ file: StoredFile) async throws {
        if late.withLock({ $0.contains(file.wanted.name) }) { throw Fault(ResourceFaults.alreadyExists) }
        files.withLock { files in
            if !files.contains(where: { $0.id == file.id }) { files.append(file) }
        }
    }
}

/// A site's uploads in a folder, whose lives follow each other.
struct UploadFixture: Sendable {
    static let scope = Scope(tenant: "t", project: "p")

    let folder: String
    let store: any ObjectStore
    let registry: MemoryRegistry
    let uploads: UploadService

    static func with(
        store: (any ObjectStore)? = nil, options: UploadOptions = UploadOptions(),
        _ body: (UploadFixture) async throws -> Void
    ) async throws {
        try await TestDisk.withFolder { folder in
            let registry = MemoryRegistry()
            try await life(in: folder, store: store, registry, options, body)
        }
    }

    /// One life of the site, with the services running.
    static func life(
        in folder: String, store: (any ObjectStore)? = nil, _ registry: MemoryRegistry,
        _ options: UploadOptions = UploadOptions(), runs: Bool = true, _ body: (UploadFixture) async throws -> Void
    ) async throws {
        let database = try SQLiteDatabase(
            path: "\(folder)/site.db", snapshots: folder, migrations: [UploadMigrations.self])
        let store = try store ?? LocalObjectStore(folder: "\(folder)/objects")
        let uploads = UploadService(database, store: store, registry: registry, options: options, logger: .quiet)
        let fixture = UploadFixture(folder: folder, store: store, registry: registry, uploads: uploads)
        try await withThrowingDiscardingTaskGroup { group in
            if runs { group.addTask { try await uploads.run() } }
            try await body(fixture)
            group.cancelAll()
        }
        try database.close()
    }

    func begin(_ name: String, _ bytes: Int, author: String = "ana") async throws -> Upload {
        try await uploads.begin(NewUpload(scope: Self.scope, name: name, bytes: Int64(bytes)), by: author)
    }

    func put(_ chunk: Int, of content: [UInt8], to upload: Upload) async throws {
        let range = FileDigest.range(chunk, of: Int64(content.count))
        let bytes = Array(content[Int(range.lowerBound)..<Int(range.upperBound)])
        try await uploads.put(chunk, bytes, digest: FileDigest.chunk(bytes), of: upload.id)
    }

    static func claim(_ content: [UInt8], rows: Int64? = nil) -> UploadClaim {
        var digester = FileDigester()
        digester.update(content)
        return UploadClaim(digest: digester.finish(), rows: rows)
    }

    func end(of upload: Upload) async throws -> Upload {
        try await eventually(within: .seconds(120), "the upload ends") {
            let state = try await uploads.upload(upload.id).state
            return state == .done || state == .failed
        }
        return try await uploads.upload(upload.id)
    }
}
