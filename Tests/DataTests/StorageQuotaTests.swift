import Faults
import Foundation
import Objects
import People
import Resources
import ResourcesTestKit
import Testing

@testable import Data

/// Quotas of storage: what is stored, with uploads that are open, never passes one, whatever comes at once.
@Suite(.timeLimit(.minutes(5)))
struct StorageQuotaTests {
    private static let megabyte: Int64 = 1 << 20

    private func hold(_ site: DataFixture, _ name: String, _ spec: JSONValue) async throws {
        let id = ResourceID(kind: Quota.kind.name, scope: Scope(tenant: DataFixture.scope.tenant), name: name)
        _ = try await site.resources.store.create(Resource(id, spec: spec), by: ChangeNote(author: "ana"))
    }

    private func new(_ name: String, _ bytes: Int64, in scope: Scope = DataFixture.scope) -> NewUpload {
        NewUpload(scope: scope, name: name, bytes: bytes)
    }

    @Test func uploadsAtOnceNeverPassAQuota() async throws {
        try await DataFixture.with { site in
            try await hold(site, "cards", ["project": .string(DataFixture.scope.project ?? ""), "storage": 10])
            let uploads = UploadService(site.database, store: site.store, registry: site.shelf, logger: .quiet)
            let wanted = (0..<40).map { new("u-\($0)", Self.megabyte) }
            let faults = await withTaskGroup(of: (any Error)?.self) { group in
                for upload in wanted {
                    group.addTask {
                        do {
                            _ = try await uploads.begin(upload, by: "ana")
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(faults.count == 40 && faults.filter { $0 == nil }.count == 10)
            #expect(faults.allSatisfy { $0 == nil || ($0 as? Fault)?.is(DataFaults.overQuota) == true })
            let used = try await site.shelf.storage.bytes(in: DataFixture.scope)
            #expect(used == 10 * Self.megabyte)
            // Another project of the tenant is not held up, and one that is given up makes room.
            let elsewhere = Scope(tenant: DataFixture.scope.tenant, project: "other")
            #expect(try await uploads.begin(new("a", Self.megabyte, in: elsewhere), by: "ana").state == .open)
            for upload in try await uploads.list(in: DataFixture.scope) { try await uploads.abort(upload.id) }
            #expect(try await site.shelf.storage.bytes(in: DataFixture.scope) == 0)
            #expect(try await uploads.begin(new("again", 10 * Self.megabyte), by: "ana").state == .open)
        }
    }

    @Test func aRefusalSaysUsedAskedAndHardAndWhatIsGoneMakesRoom() async throws {
        try await DataFixture.with { site in
            try await hold(site, "all", ["storage": 1])
            try await site.file("f", Array(DatasetTests.csv.utf8))
            let size = Int64(DatasetTests.csv.utf8.count)
            let uploads = UploadService(site.database, store: site.store, registry: site.shelf, logger: .quiet)
            let refused = await #expect(throws: Fault.self) {
                _ = try await uploads.begin(new("big", Self.megabyte), by: "ana")
            }
            #expect(refused?.is(DataFaults.overQuota) == true)
            let told = "bytes of storage: used \(size), asked \(Self.megabyte), hard \(Self.megabyte)"
            #expect(refused?.what.contains(told) == true, "\(String(describing: refused?.what))")
            #expect(try await uploads.list().isEmpty)
            // What exactly fits is taken.
            let fits = try await uploads.begin(new("fits", Self.megabyte - size), by: "ana")
            // A dataset of the file has no room now, and nothing of it stays.
            let made = NewDataset(scope: DataFixture.scope, name: "made", file: "f", ids: ["id"])
            let full = await #expect(throws: Fault.self) {
                _ = try await site.datasets.make(made, by: "ana", tell: { _, _ in })
            }
            #expect(full?.is(DataFaults.overQuota) == true)
            try await uploads.abort(fits.id)
            // With little room, the dataset turns out to be too large when it is made.
            let little = try await uploads.begin(new("little", Self.megabyte - size - 10), by: "ana")
            let late = await #expect(throws: Fault.self) {
                _ = try await site.datasets.make(made, by: "ana", tell: { _, _ in })
            }
            #expect(late?.is(DataFaults.overQuota) == true)
            let stored = try await site.store.list(prefix: "datasets/", after: nil, limit: 9)
            #expect(stored.isEmpty, "nothing of it is stored")
            try await uploads.abort(little.id)
            let dataset = try await site.datasets.make(made, by: "ana", tell: { _, _ in }).dataset
            let used = try await site.shelf.storage.bytes(in: DataFixture.scope)
            #expect(used == size + DatasetSpec(dataset.spec).bytes)
            // Of a part of a MiB the view tells a whole one.
            let quota = try #require(try await Quota.over(DataFixture.scope, in: site.resources.store).first)
            let bound = try #require(StorageQuota(quota).bounds(used: used).first)
            #expect(bound.used == 1 && bound.hard == 1 && bound.field == "storage")
        }
    }
}
