import Data
import Faults
import Foundation
import Jobs
import JobsTestKit
import Ledger
import Logging
import Resources
import ResourcesTestKit
import Sites
import SitesTestKit
import Synchronization
import TaskRuntime
import Testing

/// Jobs that read datasets: real gateways, real workers on threads, real grants and leases.
@Suite(.timeLimit(.minutes(5)))
struct ReadingTests {
    /// A task that takes long.
    private static let long: [String: ParameterValue] = RealJobs.parameters.merging(["rounds": .integer(10_000)]) { $1 }

    @Test(
        "a revoked grant stops the job at both sites with its number, and nothing leaves afterwards", arguments: [0, 1])
    func revoked(_ reader: Int) async throws {
        let desk = try await GrantedSite()
        defer { desk.remove() }
        let reads = DataReads(grants: desk.grants) { _ in "partner" }
        let configure: (Int, inout JobSurroundings) -> Void = { index, around in
            if index == reader { around.reads = reads }
        }
        try await RealJobs.with(2, parameters: Self.long, reads: [reader: "loans"], configure: configure) { jobs in
            let gateway = jobs.sites.sites[reader].gateway
            reads.stop(cancelled: desk.leases, gateway: gateway, jobs: jobs.services[reader])
            let job = try await jobs.submit()
            let ledger = jobs.ledgers[reader]
            try await eventually(within: .seconds(120), "frames that leave") {
                ledger.records.contains { $0.direction == .sent }
            }
            #expect(desk.leases.held.map(\.reader.job) == [job])
            _ = try await desk.grants.revoke(desk.grant, by: ChangeNote(author: "ana"))
            // What was on its way to the disk then may still be written down; nothing is sent of it.
            #expect(throws: Fault(GatewayFaults.unknownJob)) { try gateway.token(job: job, task: "task") }
            #expect(desk.leases.held.isEmpty)
            let received = { jobs.ledgers[1 - reader].records.count { $0.direction == .received } }
            var before = -1
            while before != received() {
                before = received()
                try await Task.sleep(for: .milliseconds(200))
            }
            for service in jobs.services {
                try await eventually(within: .seconds(120), "the end at both sites") {
                    try await service.summary(job).state.isFinal
                }
                let summary = try await service.summary(job)
                #expect(summary.state == .failed)
                #expect(summary.reason?.number == GrantFaults.revoked.number.rawValue, "\(summary.message)")
            }
            #expect(received() == before)
            for runner in jobs.runners {
                try await eventually(within: .seconds(120), "no worker") { await runner.running().isEmpty }
            }
            let sent = ledger.records.count { $0.direction == .sent }
            let declared = jobs.rows.filter { $0.from == reader }.reduce(0) { $0 + $1.count }
            #expect(UInt64(sent) < declared)
        }
    }

    @Test("a job without a grant does not start, and one that ends gives its lease back")
    func counted() async throws {
        let desk = try await GrantedSite(uses: 1)
        defer { desk.remove() }
        let reads = DataReads(grants: desk.grants) { _ in "partner" }
        let configure: (Int, inout JobSurroundings) -> Void = { index, around in
            if index == 1 { around.reads = reads }
        }
        try await RealJobs.with(2, reads: [1: "loans"], configure: configure) { jobs in
            let first = try await jobs.end(try await jobs.submit())
            #expect(first.state == .succeeded, "\(first.message)")
            try await eventually(within: .seconds(120), "the lease is given back") { desk.leases.held.isEmpty }
            #expect(try await desk.grants.meter(desk.grant).uses == 1)
            let second = try await jobs.end(try await jobs.submit())
            #expect(second.state == .failed && second.reason?.number == GrantFaults.uses.number.rawValue)
            #expect(try await desk.grants.meter(desk.grant).uses == 1)
        }
    }

    @Test("a plan is told which term of a grant stands against it")
    func admission() async throws {
        let desk = try await GrantedSite(uses: 1)
        defer { desk.remove() }
        let reads = DataReads(grants: desk.grants) { $0 == SampleOperators.own ? "partner" : nil }
        func need(_ name: String, _ peer: SiteID, _ change: (inout DatasetUse) -> Void = { _ in }) -> GrantNeed {
            var use = DatasetUse(party: 0, dataset: "loans")
            change(&use)
            return GrantNeed(
                owner: SampleOperators.site(2), dataset: "loans", peer: peer, task: "t", operatorName: name, use: use)
        }
        let own = SampleOperators.own
        let needs = [
            need("verify", own), need("train", own), need("verify", SampleOperators.site(9)),
            need("verify", own) { $0.reveals = ["bins"] }, need("verify", own) { $0.columns = ["id", "other"] },
        ]
        let refusals = try await reads.refusals(needs, of: "job")
        #expect(refusals.map(\.need) == Array(needs.dropFirst()))
        #expect(
            refusals.map(\.reason) == [
                Fault(GrantFaults.algorithm), nil, Fault(GrantFaults.reveals), Fault(GrantFaults.column),
            ])
    }
}

/// A dataset and a grant of it for `verify`, with a desk of leases.
private struct GrantedSite {
    private static let scope = Scope(tenant: "risk", project: "cards")

    let folder: String
    let leases: LeaseDesk
    let grants: GrantShelf
    let grant = Grant.id("loans-to-partner", in: scope)

    init(uses: Int64 = 9) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-reading-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try SQLiteDatabase(
            path: "\(folder)/site.db", snapshots: folder, migrations: [DataMigrations.self])
        let store = MemoryResourceStore()
        leases = LeaseDesk(database, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        grants = GrantShelf(
            resources: ResourceService(registry: KindRegistry([Dataset.kind, Grant.kind]), store: store), desk: leases)
        let note = ChangeNote(author: "ana")
        _ = try await store.create(
            Resource(
                Dataset.id("loans", in: Self.scope), spec: ["rows": 10, "columns": [["name": "id", "type": "text"]]]),
            by: note)
        _ = try await store.create(
            Resource(
                grant,
                spec: [
                    "peer": "partner", "dataset": "loans", "columns": ["id"], "algorithms": ["verify"],
                    "uses": .integer(uses), "notAfter": "2099-01-01T00:00:00Z",
                ]), by: note)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }
}
