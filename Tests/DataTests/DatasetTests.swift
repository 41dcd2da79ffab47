import Faults
import Foundation
import Objects
import Resources
import ResourcesTestKit
import Tables
import Testing

@testable import Data

/// Datasets: made of files whole and right or not at all, and shown to their owner.
@Suite(.timeLimit(.minutes(5)))
struct DatasetTests {
    static let csv = "id,amount,word,y\na1,10,=cmd(),0\nb2,20,plain,1\nc3,,\"x,\"\"y\"\"\",0\n"

    private func make(
        _ site: DataFixture, _ text: String, rows: Int64? = nil, _ change: (inout NewDataset) -> Void = { _ in }
    ) async throws -> Resource {
        if try await site.resources.store.find(File.id("f", in: DataFixture.scope)) == nil {
            try await site.file("f", Array(text.utf8), rows: rows)
        }
        var new = NewDataset(scope: DataFixture.scope, name: "made", file: "f", ids: ["id"], label: "y")
        change(&new)
        return try await site.datasets.make(new, by: "ana", tell: { _, _ in }).dataset
    }

    @Test func aDatasetSaysWhatItIsAndWhereItComesFrom() async throws {
        try await DataFixture.with { site in
            let dataset = try await make(site, Self.csv, rows: 3)
            let spec = dataset.spec
            #expect(spec["rows"] == 3 && spec["label"] == "y" && spec["ids"] == ["id"] && spec["origin"] == "upload")
            #expect(spec["columns"]?.array?.compactMap { $0["name"]?.string } == ["id", "amount", "word", "y"])
            #expect(spec["columns"]?.array?[1]["type"] == "integer")
            let file = try await site.resources.store.get(File.id("f", in: DataFixture.scope))
            #expect(spec["source"]?["digest"] == file.spec["digest"] && spec["source"]?["rows"] == 3)
            let table = try await site.datasets.open(dataset.id)
            #expect(table.contentDigest.description == spec["digest"]?.string)
            #expect(table.rows == 3)
            _ = try await DatasetController(site.datasets).reconcile(dataset.id)
            #expect(try await site.resources.store.get(dataset.id).status["state"] == "Ready")
            // It cannot change.
            var document = dataset.document.object!
            var other = spec.object!
            other["rows"] = 4
            document["spec"] = .object(other)
            await #expect(throws: Fault(ResourceFaults.immutableKind)) {
                _ = try await site.resources.apply(
                    [Document(.object(document))], defaults: .platform, by: ChangeNote(author: "ana"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.datasets.scratch).isEmpty)
        }
    }

    @Test func itsOwnerSeesRowsProfileAndGuardedExports() async throws {
        try await DataFixture.with { site in
            let dataset = try await make(site, Self.csv)
            let (columns, rows) = try await site.datasets.head(dataset.id, rows: 2)
            #expect(columns == ["id", "amount", "word", "y"])
            #expect(rows == [["a1", "10", "=cmd()", "0"], ["b2", "20", "plain", "1"]])
            #expect(try await site.datasets.head(dataset.id, rows: 9).rows[2][1] == nil)
            let profile = try await site.datasets.profile(dataset.id)
            #expect(profile["rows"] == 3 && profile["columns"]?.array?[1]["missing"] == 1)
            // The second time it is the stored one.
            #expect(try await site.datasets.profile(dataset.id) == profile)
            func text(_ columns: [String]?, guarded: Bool) async throws -> String {
                let content = try await site.datasets.export(dataset.id, columns: columns, guardsFormulas: guarded)
                var all: [UInt8] = []
                while let piece = try await content.next() { all += piece }
                return String(decoding: all, as: UTF8.self)
            }
            #expect(try await text(nil, guarded: true) == Self.csv.replacing("=cmd()", with: "\"'=cmd()\""))
            #expect(
                try await text(["word", "id"], guarded: false) == "word,id\n=cmd(),a1\nplain,b2\n\"x,\"\"y\"\"\",c3\n")
            await #expect(throws: Fault(TableFaults.noSuchColumn)) { _ = try await text(["none"], guarded: true) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.datasets.scratch).isEmpty)
        }
    }

    @Test func theSameRowsHaveTheSameDigestHoweverTheyCame() async throws {
        try await DataFixture.with { site in
            let first = try await make(site, Self.csv)
            try await site.file("g", Array(Self.csv.replacing("\n", with: "\r\n").utf8))
            let second = try await make(site, "") { ($0.name, $0.file) = ("other", "g") }
            #expect(first.spec["digest"] == second.spec["digest"])
            #expect(first.spec["source"]?["digest"] != second.spec["source"]?["digest"])
        }
    }

    @Test func repeatedIdsFollowTheRuleThatWasGiven() async throws {
        let text = "id,y\na,1\nb,2\na,3\n"
        for (rule, rows) in [(CSVReading.Duplicates.first, 2), (.last, 2), (.refuse, 0)] {
            try await DataFixture.with { site in
                if rule == .refuse {
                    await #expect(throws: Fault(TableFaults.duplicateIDs)) { _ = try await make(site, text) }
                    return
                }
                let dataset = try await make(site, text) { $0.reading.duplicates = rule }
                #expect(dataset.spec["rows"] == .integer(Int64(rows)))
                #expect(dataset.spec["duplicates"] == .string(rule.rawValue))
                let found = try await site.datasets.head(dataset.id, rows: 9).rows.map { $0[1] }
                #expect(Set(found) == (rule == .first ? ["1", "2"] : ["2", "3"]))
            }
        }
    }

    /// What is no table leaves no dataset, no content and nothing in the folder for a moment's things.
    @Test func whatIsWrongIsRefusedWithItsNumberAndNothingIsKept() async throws {
        let schema = try TableSchema(
            columns: [ColumnSchema("id", .text), ColumnSchema("y", .integer)], ids: ["id"], label: "y")
        let long = "id,y\na,\(String(repeating: "9", count: 5 << 20))\n"
        let binary = String(
            decoding: [0x69, 0x64, 0x2C, 0x79, 0x0A, 0x00, 0x01, 0x02, 0x2C, 0x31, 0x0A], as: UTF8.self)
        let cases: [(String, Int64?, TableSchema?, FaultEntry)] = [
            ("id,y\na,1\nb,2\n", 3, nil, ObjectFaults.rowsDiffer), ("id,y\na,x\n", nil, schema, TableFaults.csvCells),
            (binary, nil, nil, TableFaults.csvBinary), (long, nil, nil, TableFaults.csvLineTooLong),
            ("id,y\na,1\n\"b,2\n", nil, nil, TableFaults.csvQuote), ("id,z\na,1\n", nil, schema, TableFaults.csvHeader),
            ("id,z\na,1\n", nil, nil, TableFaults.schemaInvalid),
        ]
        for (text, rows, schema, entry) in cases {
            try await DataFixture.with { site in
                let fault = await #expect(throws: Fault.self, "\(entry.name)") {
                    _ = try await make(site, text, rows: rows) { $0.schema = schema }
                }
                #expect(fault == Fault(entry), "\(entry.name): \(fault.map { "\($0)" } ?? "none")")
                let kept = try await site.store.listAll(prefix: "datasets/")
                let made = try await site.resources.store.find(Dataset.id("made", in: DataFixture.scope))
                #expect(kept.isEmpty && made == nil)
                #expect(try FileManager.default.contentsOfDirectory(atPath: site.datasets.scratch).isEmpty)
            }
        }
        try await DataFixture.with { site in
            await #expect(throws: Fault(ResourceFaults.notFound)) {
                _ = try await site.datasets.make(
                    NewDataset(scope: DataFixture.scope, name: "x", file: "none"), by: "ana", tell: { _, _ in })
            }
            _ = try await make(site, Self.csv)
            await #expect(throws: Fault(ResourceFaults.alreadyExists)) { _ = try await make(site, Self.csv) }
        }
    }

    @Test func aDocumentThatNamesAnothersRowsHasNone() async throws {
        try await DataFixture.with { site in
            let dataset = try await make(site, Self.csv)
            var stolen = dataset.document.object!
            stolen["metadata"] = ["name": "stolen", "tenant": "other", "project": "cards"]
            let made = try await site.resources.create(
                Document(.object(stolen)), defaults: .platform, by: ChangeNote(author: "eve"))
            await #expect(throws: Fault(ObjectFaults.noContent)) { _ = try await site.datasets.head(made.id, rows: 1) }
            try await site.resources.delete(made.id, version: nil, by: ChangeNote(author: "eve"))
            _ = try await DatasetController(site.datasets).reconcile(made.id)
            #expect(try await site.datasets.head(dataset.id, rows: 1).rows.count == 1)
        }
    }

    @Test func aDatasetThatAJobReadsIsNotDeleted() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("fine", [:])
            let reader = Reader(job: "A", task: "align", epoch: 1)
            try await site.grants.take([site.read], for: reader)
            let id = Dataset.id("loans", in: DataFixture.scope)
            let note = ChangeNote(author: "ana")
            await #expect(throws: Fault(GrantFaults.inUse)) {
                try await site.resources.delete(id, version: nil, by: note)
            }
            // One that is marked all the same waits for the job.
            _ = try await site.resources.store.delete(id, version: nil, by: note)
            #expect(try await DatasetController(site.datasets).reconcile(id) == .again(after: .seconds(2)))
            #expect(try await site.resources.store.find(id) != nil)
            await #expect(throws: Fault(DataFaults.unknownDataset)) {
                try await site.grants.take([site.read], for: Reader(job: "B", task: "align", epoch: 1))
            }
            await site.leases.giveBack(reader)
            _ = try await DatasetController(site.datasets).reconcile(id)
            #expect(try await site.resources.store.find(id) == nil)
        }
    }

    @Test func deletingTakesTheRowsAway() async throws {
        try await DataFixture.with { site in
            let dataset = try await make(site, Self.csv)
            _ = try await site.datasets.profile(dataset.id)
            #expect(try await site.store.listAll(prefix: "").count == 3)
            try await site.resources.delete(dataset.id, version: nil, by: ChangeNote(author: "ana"))
            _ = try await DatasetController(site.datasets).reconcile(dataset.id)
            #expect(try await site.store.listAll(prefix: "").map(\.key.text).allSatisfy { $0.hasPrefix("files/") })
        }
    }

    @Test func theMakerTellsHowFarItIsAndHowItEnded() async throws {
        try await DataFixture.with { site in
            let maker = DatasetMaker(site.datasets, logger: .quiet)
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await maker.run() }
                try await site.file("f", Array(Self.csv.utf8))
                for (label, state) in [("none", DatasetMaking.State.failed), ("y", .done)] {
                    let begun = try await maker.begin(
                        NewDataset(scope: DataFixture.scope, name: "made", file: "f", ids: ["id"], label: label),
                        by: "ana")
                    try await eventually(within: .seconds(120), "its end") {
                        try maker.making(begun.id).state != .running
                    }
                    let ended = try maker.making(begun.id)
                    #expect(ended.state == state)
                    if state == .failed { #expect(ended.fault == Fault(TableFaults.schemaInvalid)) }
                    if state == .done { #expect(ended.rows == 3 && ended.total == Int64(Self.csv.utf8.count)) }
                }
                #expect(throws: Fault(ObjectFaults.unknownUpload)) { try maker.making("none") }
                let known = try await maker.begin(
                    NewDataset(scope: DataFixture.scope, name: "again", file: "f", ids: ["id"], label: "y"), by: "ana")
                #expect(try maker.making(known.id, in: DataFixture.scope).id == known.id)
                #expect(throws: Fault(ObjectFaults.unknownUpload)) {
                    try maker.making(known.id, in: Scope(tenant: "other"))
                }
                await #expect(throws: Fault(ResourceFaults.alreadyExists)) {
                    _ = try await maker.begin(
                        NewDataset(scope: DataFixture.scope, name: "made", file: "f"), by: "ana")
                }
                group.cancelAll()
            }
        }
    }
}
