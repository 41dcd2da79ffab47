import Faults
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Data

/// Datasets that jobs made of others: their names in plans, and what the grants of their sources allow.
@Suite(.timeLimit(.minutes(5)))
struct DerivedDatasetTests {
    private static let job = "01JZZZZZZZZZZZZZZZZZABCDEF"
    private static let other = "01JZZZZZZZZZZZZZZZZZABCDEG"

    private static func reader(_ job: String = "A") -> Reader { Reader(job: job, task: "train", epoch: 1) }

    private static func read(_ dataset: String, _ columns: [String]? = nil, ids: Int64 = 0) -> PlannedRead {
        PlannedRead(dataset: dataset, columns: columns, peer: "partner", algorithm: "align", ids: ids)
    }

    private func refused(_ site: DataFixture, _ read: PlannedRead, _ entry: FaultEntry, job: String = "A") async {
        await #expect(throws: Fault(entry), "\(read)") { try await site.grants.take([read], for: Self.reader(job)) }
    }

    // MARK: Names

    @Test func aDatasetOfATaskIsFoundByWhoLeftIt() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let book = DatasetBook(site.resources.store)
            let made = try await site.derived("of-match", of: "loans", job: Self.job)
            let again = try await site.derived("of-again", of: "loans", job: Self.job, task: "again", digest: "2")
            let later = try await site.derived("of-later", of: "loans", job: Self.other, digest: "3")
            let nested = try await site.derived("nested", of: "of-match", job: Self.other, digest: "4")
            let scores = try await site.derived("scores", of: "of-match", job: Self.other, task: "score", digest: "5")
            for (text, dataset) in [
                ("loans@\(Self.job)/match", made), ("risk/cards/loans@\(Self.job)/match", made),
                ("loans@\(Self.job)/again", again), ("loans@\(Self.other)/match", later),
                ("of-match@\(Self.other)/match", nested), ("of-match", made),
                // Of what was made of it as well, where the task read no dataset of that name.
                ("of-match@\(Self.other)/score", scores), ("loans@\(Self.other)/score", scores),
            ] {
                #expect(try await book.find(text).id == dataset.id, "\(text)")
            }
            for text in [
                "loans@\(Self.job)/none", "of-match@\(Self.job)/match", "scores@\(Self.other)/score",
                "takings@\(Self.job)/match", "loans@match/match", "loans@\(Self.job)",
                "risk/other/loans@\(Self.job)/match", "loans@\(Self.job)/match/x", "loans@@\(Self.job)/match",
                "@\(Self.job)/match", "loans@\(Self.job)/match@\(Self.job)/match", "loans@/match",
                "loans@\(Self.job.lowercased())/match", String(repeating: "x", count: 400),
            ] {
                await #expect(throws: Fault(DataFaults.unknownDataset), "\(text)") { _ = try await book.find(text) }
            }
            // The source may be gone: what was left of it is there.
            try await site.resources.store.removeFinalizer(
                Dataset.finalizer, from: Dataset.id("loans", in: DataFixture.scope), by: ChangeNote(author: "ana"))
            try await site.resources.delete(
                Dataset.id("loans", in: DataFixture.scope), version: nil, by: ChangeNote(author: "ana"))
            #expect(try await book.find("loans@\(Self.job)/match").id == made.id)
            await #expect(throws: Fault(DataFaults.unknownDataset)) { _ = try await book.find("loans") }
        }
    }

    @Test func whatOneJobLeftOfTwoDatasetsOfOneNameNeedsItsPlace() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let elsewhere = Scope(tenant: "risk", project: "other")
            try await site.dataset("loans", in: elsewhere)
            try await site.derived("made", of: "loans", job: Self.job)
            let second = try await site.derived("made", of: "loans", job: Self.job, in: elsewhere)
            let book = DatasetBook(site.resources.store)
            await #expect(throws: Fault(DataFaults.ambiguousDataset)) {
                _ = try await book.find("loans@\(Self.job)/match")
            }
            #expect(try await book.find("risk/other/loans@\(Self.job)/match").id == second.id)
        }
    }

    @Test func aNameSaysItsParts() throws {
        let plain = try #require(DatasetName("loans"))
        #expect(plain.name == "loans" && plain.scope == nil && plain.task == nil && plain.source == "loans")
        let whole = try #require(DatasetName("risk/cards/loans@last-match/match"))
        #expect(whole.scope == DataFixture.scope && whole.job == "last-match" && whole.task == "match")
        #expect(whole.source == "risk/cards/loans")
        for text in ["", "@", "a/b", "a@b", "a@b/", "A@b/c", "a@b/c/d", "a@B/c", "a@b/c@d/e", "a b@c/d"] {
            #expect(DatasetName(text) == nil, "\(text)")
            #expect(DatasetName.isOfTask(text) == text.contains("@"))
        }
        let longest =
            [String](repeating: String(repeating: "x", count: 63), count: 3).joined(separator: "/")
            + "@\(Self.job)/" + String(repeating: "y", count: 63)
        #expect(longest.utf8.count <= DatasetName.longest && DatasetName(longest) != nil)
    }

    // MARK: Grants

    @Test func aGrantOfTheSourceAllowsWhatAJobMadeOfIt() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.derived("made", of: "loans", job: Self.job)
            try await site.derived("nested", of: "made", job: Self.other, digest: "2")
            await refused(site, Self.read("made"), GrantFaults.missing)
            try await site.grant("source", ["uses": 2])
            for dataset in ["made", "loans@\(Self.job)/match", "nested", "made@\(Self.other)/match"] {
                try await site.grants.take([Self.read(dataset)], for: Self.reader())
                #expect(try await site.grants.refusals([Self.read(dataset)], for: Self.reader()) == [nil])
                #expect(try await site.grants.rows(of: dataset, grantedTo: "partner", for: "align") == 30)
            }
            // All of it is one job's use.
            #expect(try await site.grants.meter(Grant.id("source", in: DataFixture.scope)).uses == 1)
            try await site.grants.take([Self.read("made")], for: Self.reader("B"))
            await refused(site, Self.read("nested"), GrantFaults.uses, job: "C")
            // Nobody else gets anything by it.
            var stranger = Self.read("made")
            stranger.peer = "stranger"
            await refused(site, stranger, GrantFaults.missing)
            await #expect(throws: Fault(GrantFaults.missing)) {
                _ = try await site.grants.rows(of: "made", grantedTo: "stranger", for: "align")
            }
        }
    }

    @Test func theGrantOfWhatAJobMadeSaysNothingOfItsSource() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.derived("made", of: "loans", job: Self.job)
            try await site.grant("made", ["dataset": "made"])
            try await site.grants.take([Self.read("made")], for: Self.reader())
            await refused(site, Self.read("loans"), GrantFaults.missing)
        }
    }

    struct Term: Sendable, CustomTestStringConvertible {
        let terms: [String: JSONValue]
        let entry: FaultEntry
        var change: @Sendable (inout PlannedRead) -> Void = { _ in }
        var testDescription: String { "\(entry.name) by \(terms)" }
    }

    static let terms: [Term] = [
        Term(terms: ["columns": ["id"]], entry: GrantFaults.column),
        Term(terms: [:], entry: GrantFaults.algorithm) { $0.algorithm = "train" },
        Term(terms: [:], entry: GrantFaults.reveals) { $0.reveals = ["partial_scores"] },
        Term(terms: ["rows": 29], entry: GrantFaults.rows),
        Term(terms: ["notBefore": "2026-06-02T00:00:00Z"], entry: GrantFaults.early),
        Term(terms: ["notAfter": "2026-05-31T00:00:00Z"], entry: GrantFaults.expired),
        Term(terms: ["minimumIntersection": 10], entry: GrantFaults.intersection) { $0.minimumIntersection = 9 },
        Term(terms: ["reveals": ["bins"], "minimumBin": 10], entry: GrantFaults.bin) { read in
            (read.reveals, read.minimumBin) = (["bins"], 9)
        },
        Term(terms: ["distinctIds": 10], entry: GrantFaults.ids) { $0.ids = 11 },
        Term(terms: ["revoked": true], entry: GrantFaults.revoked),
    ]

    @Test(arguments: terms) func everyTermOfTheSourcesGrantHolds(_ term: Term) async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.derived("made", of: "loans", job: Self.job)
            try await site.grant("source", term.terms)
            var read = Self.read("made")
            term.change(&read)
            await refused(site, read, term.entry)
            #expect(site.leases.held.isEmpty)
        }
    }

    @Test func columnsThatTheSourceDoesNotHaveAreNotCovered() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let score: JSONValue = ["name": "score", "type": "float"]
            // `amount` is a number in the source, and a text here.
            let amount: JSONValue = ["name": "amount", "type": "text"]
            try await site.derived("scored", of: "loans", job: Self.job, added: [score])
            try await site.derived("changed", of: "loans", job: Self.job, columns: ["id"], added: [amount], digest: "2")
            try await site.derived("less", of: "loans", job: Self.job, columns: ["id"], digest: "3")
            let back: JSONValue = ["name": "amount", "type": "integer"]
            try await site.derived("back", of: "less", job: Self.other, added: [back], digest: "4")
            try await site.derived("only", of: "loans", job: Self.job, columns: [], added: [score], digest: "5")
            try await site.grant("source", ["columns": ["id", "amount", "score"], "uses": 9])
            try await site.grants.take([Self.read("scored", ["id", "amount"])], for: Self.reader())
            await refused(site, Self.read("scored", ["id", "score"]), GrantFaults.column)
            await refused(site, Self.read("scored"), GrantFaults.column)
            await refused(site, Self.read("changed", ["amount"]), GrantFaults.column)
            try await site.grants.take([Self.read("changed", ["id"])], for: Self.reader())
            // A column that went and came again is another one.
            await refused(site, Self.read("back", ["amount"]), GrantFaults.column)
            await refused(site, Self.read("only", []), GrantFaults.missing)
            await #expect(throws: Fault(GrantFaults.missing)) {
                _ = try await site.grants.rows(of: "only", grantedTo: "partner", for: "align")
            }
            // With a grant of its own it is read.
            try await site.grant("own", ["dataset": "scored", "columns": ["id", "score"]])
            try await site.grants.take([Self.read("scored", ["id", "score"])], for: Self.reader())
        }
    }

    @Test func revokingTheSourcesGrantStopsWhoReadsWhatWasMadeOfIt() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let made = try await site.derived("made", of: "loans", job: Self.job)
            let grant = try await site.grant("source", ["uses": 9])
            let cancelled = Mutex<[CancelledLease]>([])
            site.leases.onCancel { lease in cancelled.withLock { $0.append(lease) } }
            try await site.grants.take([Self.read("made")], for: Self.reader())
            #expect(site.leases.held.map(\.dataset) == [made.metadata.uid])
            // What is read cannot be deleted meanwhile.
            await #expect(throws: Fault(GrantFaults.inUse)) {
                try await site.resources.delete(made.id, version: nil, by: ChangeNote(author: "ana"))
            }
            _ = try await site.grants.revoke(grant.id, by: ChangeNote(author: "ana"))
            #expect(cancelled.withLock { $0.map(\.lease.reader) } == [Self.reader()])
            #expect(site.leases.held.isEmpty)
            await refused(site, Self.read("made"), GrantFaults.revoked)
            await #expect(throws: Fault(GrantFaults.revoked)) {
                _ = try await site.grants.rows(of: "made", grantedTo: "partner", for: "align")
            }
            // A grant of its own is another decision.
            try await site.grant("own", ["dataset": "made"])
            try await site.grants.take([Self.read("made")], for: Self.reader())
        }
    }

    @Test func aSourceThatIsGoneOrAnotherTableNowAllowsNothing() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.derived("made", of: "loans", job: Self.job)
            try await site.derived("nested", of: "made", job: Self.other, digest: "2")
            try await site.grant("source", ["uses": 9])
            try await site.grants.take([Self.read("nested")], for: Self.reader())
            await site.leases.giveBack(Self.reader())
            let note = ChangeNote(author: "ana")
            let made = Dataset.id("made", in: DataFixture.scope)
            try await site.resources.store.removeFinalizer(Dataset.finalizer, from: made, by: note)
            try await site.resources.delete(made, version: nil, by: note)
            await refused(site, Self.read("nested"), GrantFaults.missing)
            // Of the same name, and another table.
            try await site.derived("made", of: "loans", job: Self.job, digest: "9")
            await refused(site, Self.read("nested"), GrantFaults.missing)
            try await site.grants.take([Self.read("made")], for: Self.reader())
        }
    }

    @Test func idsThatOneTaskTestsWithOneGrantAreAddedUp() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.derived("made", of: "loans", job: Self.job)
            try await site.grant("source", ["uses": 9, "distinctIds": 100])
            let reads = [Self.read("loans", ids: 60), Self.read("made", ids: 40)]
            await #expect(throws: Fault(GrantFaults.ids)) {
                try await site.grants.take([reads[0], Self.read("made", ids: 41)], for: Self.reader())
            }
            // The same task again is no more.
            for _ in 0..<2 { try await site.grants.take(reads, for: Self.reader()) }
            #expect(try await site.grants.meter(Grant.id("source", in: DataFixture.scope)).ids == 100)
            await refused(site, Self.read("made", ids: 1), GrantFaults.ids, job: "B")
        }
    }
}
