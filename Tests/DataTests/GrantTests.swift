import Faults
import Foundation
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Data

/// Every limit of a grant, each exceeded by one, each with its own number.
@Suite struct GrantTermsTests {
    static let now = Timestamp("2026-06-01T00:00:00Z")!

    static let terms = GrantTerms([
        "peer": "partner", "dataset": "loans", "columns": ["id", "amount"], "algorithms": ["align", "bin"],
        "reveals": ["bins"], "uses": 3, "rows": 100, "notBefore": "2026-06-01T00:00:00Z",
        "notAfter": "2026-06-30T00:00:00Z", "minimumIntersection": 1000, "minimumBin": 50, "distinctIds": 500,
    ])

    static let request = ReadRequest(
        dataset: Dataset.id("loans", in: DataFixture.scope), datasetUID: "d", rows: 100, columns: ["id", "amount"],
        peer: "partner", algorithm: "bin", reveals: ["bins"], minimumIntersection: 1000, minimumBin: 50, ids: 200)

    /// Used up to the last use and to the last id that the request tests.
    static var meter: GrantMeter {
        var meter = GrantMeter()
        (meter.uses, meter.ids) = (2, 300)
        return meter
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let entry: FaultEntry
        var request = GrantTermsTests.request
        var meter = GrantTermsTests.meter
        var now = GrantTermsTests.now
        var testDescription: String { name }

        init(_ name: String, _ entry: FaultEntry, _ change: (inout Case) -> Void) {
            self.name = name
            self.entry = entry
            change(&self)
        }
    }

    static let cases: [Case] = [
        Case("a column more", GrantFaults.column) { $0.request.columns.append("y") },
        Case("another algorithm", GrantFaults.algorithm) { $0.request.algorithm = "train" },
        Case("another thing revealed", GrantFaults.reveals) { $0.request.reveals.insert("partial_scores") },
        Case("a thing revealed that nobody knows", GrantFaults.reveals) { $0.request.reveals.insert("everything") },
        Case("a use more", GrantFaults.uses) { $0.meter.uses = 3 },
        Case("a row more", GrantFaults.rows) { $0.request.rows = 101 },
        Case("a millisecond early", GrantFaults.early) { $0.now = Timestamp(milliseconds: $0.now.milliseconds - 1) },
        Case("a millisecond late", GrantFaults.expired) {
            $0.now = Timestamp(milliseconds: Timestamp("2026-06-30T00:00:00Z")!.milliseconds + 1)
        },
        Case("an intersection smaller by one", GrantFaults.intersection) { $0.request.minimumIntersection = 999 },
        Case("a bin smaller by one", GrantFaults.bin) { $0.request.minimumBin = 49 },
        Case("bins of no stated size", GrantFaults.bin) { $0.request.minimumBin = nil },
        Case("sums over a bin smaller by one", GrantFaults.bin) {
            ($0.request.reveals, $0.request.minimumBin) = ([], 49)
        },
        Case("an id more", GrantFaults.ids) { $0.request.ids = 201 },
        Case("revoked", GrantFaults.revoked) { $0.meter.isRevoked = true },
    ]

    @Test func whatIsWithinEveryLimitIsAllowed() {
        #expect(Self.terms.refusal(of: Self.request, Self.meter, now: Self.now) == nil)
        let last = Timestamp("2026-06-30T00:00:00Z")!
        #expect(Self.terms.refusal(of: Self.request, Self.meter, now: last) == nil)
        // A job that was counted goes on however many uses there are.
        var meter = Self.meter
        (meter.uses, meter.isCounted) = (9, true)
        #expect(Self.terms.refusal(of: Self.request, meter, now: Self.now) == nil)
    }

    @Test(arguments: cases)
    func oneTooMuchHasItsOwnNumber(_ exceeded: Case) {
        let fault = Self.terms.refusal(of: exceeded.request, exceeded.meter, now: exceeded.now)
        #expect(fault == Fault(exceeded.entry), "\(exceeded.name): \(fault.map { "\($0)" } ?? "allowed")")
    }

    @Test func everyRefusalIsItsOwn() {
        let numbers = Set(Self.cases.map(\.entry.number))
        #expect(numbers.count == 11)
    }
}

/// Grants as resources, and what is counted with them.
@Suite(.timeLimit(.minutes(5)))
struct GrantTests {
    @Test func aUseIsAJobAndTheLastOneIsGivenOnce() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("one", ["uses": 2])
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            // The next task, and another start, of the same job.
            try await site.grants.take([site.read], for: Reader(job: "A", task: "bin", epoch: 1))
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 2))
            // Of many that come at once for the last use one is let in.
            let won = await withTaskGroup(of: Bool.self) { group in
                for job in 0..<8 {
                    group.addTask {
                        do {
                            try await site.grants.take(
                                [site.read], for: Reader(job: "J\(job)", task: "align", epoch: 1))
                            return true
                        } catch {
                            #expect(error as? Fault == Fault(GrantFaults.uses))
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            #expect(try await site.grants.meter(Grant.id("one", in: DataFixture.scope)).uses == 2)
        }
    }

    @Test func idsAreCountedOverAllJobsAndNotTwiceForATaskThatStartsAgain() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("ids", ["uses": 9, "distinctIds": 100])
            var read = site.read
            read.ids = 60
            try await site.grants.take([read], for: Reader(job: "A", task: "align", epoch: 1))
            try await site.grants.take([read], for: Reader(job: "A", task: "align", epoch: 2))
            read.ids = 41
            let reader = Reader(job: "B", task: "align", epoch: 1)
            await #expect(throws: Fault(GrantFaults.ids)) { try await site.grants.take([read], for: reader) }
            read.ids = 40
            try await site.grants.take([read], for: reader)
            #expect(try await site.grants.meter(Grant.id("ids", in: DataFixture.scope)).ids == 100)
        }
    }

    @Test func nothingIsCountedWhenOneOfTheReadsIsRefused() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("fine", [:])
            var other = site.read
            other.peer = "stranger"
            let reader = Reader(job: "A", task: "align", epoch: 1)
            await #expect(throws: Fault(GrantFaults.missing)) {
                try await site.grants.take([site.read, other], for: reader)
            }
            #expect(try await site.grants.meter(Grant.id("fine", in: DataFixture.scope)).uses == 0)
            #expect(site.leases.held.isEmpty)
            other.peer = nil
            await #expect(throws: Fault(GrantFaults.missing)) { try await site.grants.take([other], for: reader) }
            let refusals = try await site.grants.refusals([site.read, other], for: reader)
            #expect(refusals == [nil, Fault(GrantFaults.missing)])
        }
    }

    @Test func datasetsAreFoundByNameWhereItIsTheirOwn() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let book = DatasetBook(site.resources.store)
            #expect(try await book.find("loans").id == Dataset.id("loans", in: DataFixture.scope))
            for name in ["none", "a/b", "risk/cards/none", "../x", "LOANS"] {
                await #expect(throws: Fault(DataFaults.unknownDataset), "\(name)") { _ = try await book.find(name) }
            }
            let other = Scope(tenant: "risk", project: "other")
            try await site.dataset("loans", in: other)
            await #expect(throws: Fault(DataFaults.ambiguousDataset)) { _ = try await book.find("loans") }
            #expect(try await book.find("risk/other/loans").metadata.scope == other)
            var read = site.read
            let reader = Reader(job: "A", task: "align", epoch: 1)
            await #expect(throws: Fault(DataFaults.ambiguousDataset)) {
                try await site.grants.take([read], for: reader)
            }
            // A grant is for the dataset of its own project.
            try await site.grant("fine", [:])
            read.dataset = "risk/other/loans"
            await #expect(throws: Fault(GrantFaults.missing)) { try await site.grants.take([read], for: reader) }
            read.dataset = "risk/cards/loans"
            try await site.grants.take([read], for: reader)
        }
    }

    @Test func termsThatContradictEachOtherAreRefused() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let cases: [[String: JSONValue]] = [
                ["notBefore": "2030-01-01T00:00:00Z", "notAfter": "2030-01-01T00:00:00Z"],
                ["columns": ["id", "id"]], ["algorithms": ["align", "align"]],
            ]
            for terms in cases {
                await #expect(throws: Fault(GrantFaults.terms), "\(terms)") { try await site.grant("x", terms) }
            }
            await #expect(throws: (any Error).self) { try await site.grant("x", ["reveals": ["rows"]]) }
        }
    }

    @Test func revocationIsFinalWhicheverWayItIsTried() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let grant = try await site.grant("gone", ["uses": 9])
            let note = ChangeNote(author: "ana")
            let reader = Reader(job: "A", task: "align", epoch: 1)
            try await site.grants.take([site.read], for: reader)
            let cancelled = Mutex<[CancelledLease]>([])
            site.leases.onCancel { lease in cancelled.withLock { $0.append(lease) } }
            let revoked = try await site.grants.revoke(grant.id, by: note)
            #expect(revoked.spec["revoked"] == true && site.leases.held.isEmpty)
            #expect(cancelled.withLock { $0.map(\.lease.reader) } == [reader])
            #expect(cancelled.withLock { $0.first?.fault } == Fault(GrantFaults.revoked))
            await #expect(throws: Fault(GrantFaults.revoked)) { try await site.grants.take([site.read], for: reader) }
            await #expect(throws: Fault(GrantFaults.revocationFinal)) {
                _ = try await site.resources.rollback(grant.id, to: 1, by: note)
            }
            var document = grant.document.object!
            await #expect(throws: Fault(GrantFaults.revocationFinal)) {
                _ = try await site.resources.apply([Document(.object(document))], defaults: .platform, by: note)
            }
            // Other terms neither.
            var spec = revoked.spec.object!
            spec["uses"] = 100
            document["spec"] = .object(spec)
            await #expect(throws: (any Error).self) {
                _ = try await site.resources.apply([Document(.object(document))], defaults: .platform, by: note)
            }
            // Another grant is another decision, with a meter of its own.
            try await site.grant("again", ["uses": 1])
            try await site.grants.take([site.read], for: Reader(job: "B", task: "align", epoch: 1))
        }
    }

    @Test func aDocumentThatIsRevokedOrDeletedEndsWhatReads() async throws {
        try await DataFixture.with { site in
            try await site.places()
            for way in ["revoked", "deleted"] {
                let grant = try await site.grant(way, ["uses": 9])
                let note = ChangeNote(author: "ana")
                try await site.grants.take([site.read], for: Reader(job: way, task: "align", epoch: 1))
                #expect(site.leases.held.count == 1)
                if way == "deleted" {
                    try await site.resources.delete(grant.id, version: nil, by: note)
                } else {
                    try await site.resources.store.modify(grant.id, by: note) { resource in
                        var spec = resource.spec.object!
                        spec["revoked"] = true
                        resource.spec = .object(spec)
                    }
                }
                _ = try await GrantController(site.grants).reconcile(grant.id)
                #expect(site.leases.held.isEmpty, "\(way)")
                #expect(try await site.leases.meter(grant.metadata.uid).isRevoked)
                if way == "deleted" { #expect(try await site.resources.store.find(grant.id) == nil) }
            }
        }
    }

    @Test func theStatusTellsStateAndUses() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let grant = try await site.grant("told", ["uses": 1, "notBefore": "2026-06-01T00:00:00Z"])
            func state(_ time: String) async throws -> JSONValue? {
                let now = Timestamp(time)!
                _ = try await GrantController(site.grants) { now }.reconcile(grant.id)
                return try await site.resources.store.get(grant.id).status["state"]
            }
            #expect(try await state("2026-05-01T00:00:00Z") == "NotYet")
            #expect(try await state("2026-06-02T00:00:00Z") == "Active")
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            #expect(try await state("2026-06-02T00:00:00Z") == "UsedUp")
            #expect(try await site.resources.store.get(grant.id).status["used"] == "1 of 1")
            #expect(try await state("2040-01-01T00:00:00Z") == "Expired")
            _ = try await site.grants.revoke(grant.id, by: ChangeNote(author: "ana"))
            #expect(try await state("2026-06-02T00:00:00Z") == "Revoked")
        }
    }
}
