import Faults
import Foundation
import Objects
import People
import Resources
import Tables
import Testing

@testable import Data

/// What tasks of jobs read of datasets and leave beside them.
@Suite(.timeLimit(.minutes(5)))
struct DatasetOfTaskTests {
    private static let job = "01JZZZZZZZZZZZZZZZZZABCDEF"

    private func source(_ site: DataFixture) async throws -> Resource {
        try await site.file("f", Array(DatasetTests.csv.utf8))
        let new = NewDataset(scope: DataFixture.scope, name: "loans", file: "f", ids: ["id"], label: "y")
        return try await site.datasets.make(new, by: "ana", tell: { _, _ in }).dataset
    }

    /// Rows of the source, as a task would write them.
    private func left(_ rows: [UInt32], of source: Resource, _ site: DataFixture) async throws -> Int32 {
        let read = try await site.datasets.openForWorker(source, folder: site.datasets.scratch)
        defer { close(read) }
        let descriptor = try site.datasets.makeFile(in: site.datasets.scratch)
        let arrangement = try TableArrangement(of: try ColumnFile(descriptor: read), to: descriptor)
        try arrangement.append(rows)
        _ = try arrangement.finish()
        return descriptor
    }

    @Test func aTableThatATaskLeavesIsADatasetWithItsLineage() async throws {
        try await DataFixture.with { site in
            let source = try await source(site)
            let descriptor = try await left([2, 0], of: source, site)
            defer { close(descriptor) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.datasets.scratch).isEmpty)
            let made = try await site.datasets.keep(descriptor, of: source, job: Self.job, task: "match")
            #expect(made.metadata.name == "loans-match-zzzzabcdef")
            #expect(made.spec["origin"] == "job" && made.spec["rows"] == 2 && made.spec["label"] == "y")
            let lineage = try #require(made.spec["lineage"])
            #expect(lineage["dataset"] == "loans" && lineage["digest"] == source.spec["digest"])
            #expect(lineage["job"]?.string == Self.job && lineage["task"] == "match")
            #expect(try await site.datasets.head(made.id, rows: 9).rows.map(\.first) == ["c3", "a1"])
            // Again it is the one that is there; after it was deleted it is made anew.
            let again = try await site.datasets.keep(descriptor, of: source, job: Self.job, task: "match")
            #expect(again.metadata.uid == made.metadata.uid)
            let other = try await left([1], of: source, site)
            defer { close(other) }
            await #expect(throws: Fault(DataFaults.otherDataset)) {
                _ = try await site.datasets.keep(other, of: source, job: Self.job, task: "match")
            }
            #expect(try await site.datasets.open(made.id).rows == 2)
        }
    }

    /// What a task leaves counts as everything that is stored: beyond a quota nothing of it stays, and with room it does.
    @Test func aTableBeyondAQuotaIsNotKept() async throws {
        try await DataFixture.with { site in
            let source = try await source(site)
            let used = try await site.shelf.storage.bytes(in: DataFixture.scope)
            let note = ChangeNote(author: "root")
            let id = ResourceID(kind: Quota.kind.name, scope: Scope(tenant: DataFixture.scope.tenant), name: "all")
            _ = try await site.resources.store.create(Resource(id, spec: ["storage": 0]), by: note)
            let descriptor = try await left([2, 0], of: source, site)
            defer { close(descriptor) }
            let refused = await #expect(throws: Fault.self) {
                _ = try await site.datasets.keep(descriptor, of: source, job: Self.job, task: "match")
            }
            #expect(refused?.is(DataFaults.overQuota) == true)
            #expect(try await site.shelf.storage.bytes(in: DataFixture.scope) == used)
            #expect(try await site.store.list(prefix: "datasets/", after: nil, limit: 9).count == 1, "the source alone")
            _ = try await site.resources.store.modify(id, by: note) { $0.spec = ["storage": 1] }
            let made = try await site.datasets.keep(descriptor, of: source, job: Self.job, task: "match")
            let grown = try await site.shelf.storage.bytes(in: DataFixture.scope) - used
            #expect(grown == DatasetSpec(made.spec).bytes)
        }
    }

    /// A task may leave other columns than it read.
    @Test func whatATaskLeavesHasItsOwnColumns() async throws {
        try await DataFixture.with { site in
            let source = try await source(site)
            let schema = try TableSchema(
                columns: [ColumnSchema("id", .text), ColumnSchema("score", .decimal(scale: 3))], ids: ["id"], label: nil
            )
            let descriptor = try site.datasets.makeFile(in: site.datasets.scratch)
            defer { close(descriptor) }
            let writer = try ColumnFileWriter(descriptor: descriptor, schema: schema)
            try writer.append([.text("a1"), .decimal(125, scale: 3)])
            _ = try writer.finish()
            let made = try await site.datasets.keep(descriptor, of: source, job: Self.job, task: "predict")
            #expect(
                made.spec["columns"] == [
                    ["name": "id", "type": "text"], ["name": "score", "type": "decimal", "scale": 3],
                ])
            #expect(made.spec["ids"] == ["id"] && made.spec["label"] == nil)
            #expect(try await site.datasets.head(made.id, rows: 9).rows == [["a1", "0.125"]])
        }
    }

    @Test func tasksOfLongNamesThatBeginAlikeLeaveDatasetsOfTheirOwn() throws {
        let source = Resource(Dataset.id("loans", in: DataFixture.scope), spec: .object([:]))
        let names = ["one", "two"].map {
            DatasetShelf.name(of: source, job: Self.job, task: "a-task-with-quite-a-long-name-\($0)")
        }
        #expect(Set(names).count == 2 && names.allSatisfy { Names.isValid($0) })
    }

    @Test func whatIsNoWholeTableIsNotKept() async throws {
        try await DataFixture.with { site in
            let source = try await source(site)
            let empty = try site.datasets.makeFile(in: site.datasets.scratch)
            defer { close(empty) }
            await #expect(throws: Fault(TableFaults.notColumnFile)) {
                _ = try await site.datasets.keep(empty, of: source, job: Self.job, task: "match")
            }
            let damaged = try await left([0, 1], of: source, site)
            defer { close(damaged) }
            var byte: UInt8 = 0
            #expect(pread(damaged, &byte, 1, 20) == 1)
            byte ^= 1
            #expect(pwrite(damaged, &byte, 1, 20) == 1)
            await #expect(throws: Fault(TableFaults.fileDamaged)) {
                _ = try await site.datasets.keep(damaged, of: source, job: Self.job, task: "match")
            }
            #expect(try await site.resources.store.listAll(ResourceQuery(kind: "Dataset")).items.count == 1)
        }
    }

    @Test(arguments: ["loans", String(repeating: "x", count: 63), "a" + String(repeating: "-b", count: 31)])
    func namesOfSuchDatasetsAreNames(_ name: String) throws {
        let source = Resource(Dataset.id(name, in: DataFixture.scope), spec: .object([:]))
        for task in ["t", String(repeating: "y", count: 63), "match-" + String(repeating: "z", count: 17) + "-rest"] {
            #expect(Names.isValid(DatasetShelf.name(of: source, job: Self.job, task: task)))
        }
    }

    @Test func onlyWhoIsGrantedADatasetLearnsItsSize() async throws {
        try await DataFixture.with { site in
            try await site.places()
            #expect(try await site.grants.rows(of: "loans") == 100)
            await #expect(throws: Fault(DataFaults.unknownDataset)) { _ = try await site.grants.rows(of: "none") }
            func refused(
                _ dataset: String, _ peer: String, _ algorithm: String, _ entry: FaultEntry = GrantFaults.missing
            ) async {
                await #expect(throws: Fault(entry)) {
                    _ = try await site.grants.rows(of: dataset, grantedTo: peer, for: algorithm)
                }
            }
            await refused("loans", "partner", "align")
            await refused("none", "partner", "align")
            let grant = try await site.grant("g", [:])
            #expect(try await site.grants.rows(of: "loans", grantedTo: "partner", for: "align") == 100)
            await refused("loans", "partner", "train", GrantFaults.algorithm)
            await refused("loans", "other", "align")
            await refused("none", "partner", "align")
            _ = try await site.grants.revoke(grant.id, by: ChangeNote(author: "ana"))
            await refused("loans", "partner", "align", GrantFaults.revoked)
            try await site.grant("old", ["notAfter": "2020-01-01T00:00:00Z"])
            await refused("loans", "partner", "align", GrantFaults.expired)
        }
    }
}
