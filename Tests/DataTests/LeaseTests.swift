import Faults
import Foundation
import GRDB
import Logging
import Objects
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Data

/// Leases live with the process that took them; what was counted outlives it.
@Suite(.timeLimit(.minutes(5)))
struct LeaseTests {
    @Test func leasesAreRenewedAndGivenBack() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("fine", ["uses": 9])
            let reader = Reader(job: "A", task: "align", epoch: 1)
            try await site.grants.take([site.read], for: reader)
            let dataset = try #require(site.leases.held.first?.dataset)
            #expect(try await site.leases.readers(of: dataset) == ["A"])
            site.clock.add(seconds: 4)
            await site.leases.renew()
            site.clock.add(seconds: 4)
            await site.leases.renew()
            #expect(try await site.leases.readers(of: dataset) == ["A"])
            await site.leases.giveBack(reader)
            await site.leases.giveBack(reader)
            #expect(site.leases.held.isEmpty)
            #expect(try await site.leases.readers(of: dataset).isEmpty)
        }
    }

    @Test func whatAKilledSiteCountedIsCountedAndItsLeasesEndByThemselves() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let grant = try await site.grant("fine", ["uses": 2])
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            let dataset = try #require(site.leases.held.first?.dataset)
            // Another process opens what the killed one left.
            let database = try SQLiteDatabase(
                path: "\(site.folder)/site.db", snapshots: site.folder,
                migrations: [UploadMigrations.self, DataMigrations.self])
            let next = LeaseDesk(database, logger: .quiet, now: { site.clock.now })
            #expect(try await next.meter(grant.metadata.uid).uses == 1)
            #expect(try await next.readers(of: dataset) == ["A"])
            site.clock.add(seconds: 6)
            await next.renew()
            #expect(try await next.readers(of: dataset).isEmpty)
            let grants = GrantShelf(resources: site.resources, desk: next)
            // The same job goes on without another use, another job takes the last.
            try await grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 2))
            try await grants.take([site.read], for: Reader(job: "B", task: "align", epoch: 1))
            await #expect(throws: Fault(GrantFaults.uses)) {
                try await grants.take([site.read], for: Reader(job: "C", task: "align", epoch: 1))
            }
        }
    }

    @Test func aRevocationThatAKillFollowedStands() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let grant = try await site.grant("gone", ["uses": 9])
            // Written down, and killed before the document said so.
            try await site.leases.revoke(grant.metadata.uid)
            let database = try SQLiteDatabase(
                path: "\(site.folder)/site.db", snapshots: site.folder,
                migrations: [UploadMigrations.self, DataMigrations.self])
            let grants = GrantShelf(
                resources: site.resources, desk: LeaseDesk(database, logger: .quiet, now: { site.clock.now }))
            await #expect(throws: Fault(GrantFaults.revoked)) {
                try await grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            }
        }
    }

    /// Whichever comes first: nobody goes on reading, and whoever reads is told.
    @Test func aRevocationThatRacesWithATakingLeavesNoReader() async throws {
        try await DataFixture.with { site in
            try await site.places()
            for round in 0..<40 {
                let grant = try await site.grant("race-\(round)", [:])
                let told = Mutex(0)
                site.leases.onCancel { _ in told.withLock { $0 += 1 } }
                let reader = Reader(job: "job-\(round)", task: "t", epoch: 1)
                async let taking: Bool = {
                    do {
                        try await site.grants.take([site.read], for: reader)
                        return true
                    } catch let fault as Fault where fault.is(GrantFaults.revoked) {
                        return false
                    }
                }()
                async let revoking = site.grants.revoke(grant.id, by: ChangeNote(author: "ana"))
                let (isTaken, _) = (try await taking, try await revoking)
                #expect(site.leases.held.isEmpty)
                #expect(isTaken == (told.withLock { $0 } == 1) || !isTaken, "who was let read was told")
            }
        }
    }

    @Test func aGrantWhoseTimeEndsWhileAJobReadsCancelsTheLease() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("short", ["notAfter": "2026-06-01T00:01:00Z"])
            let faults = Mutex<[Fault]>([])
            site.leases.onCancel { lease in faults.withLock { $0.append(lease.fault) } }
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            site.clock.add(seconds: 60)
            await site.leases.renew()
            #expect(site.leases.held.count == 1)
            site.clock.add(seconds: 1)
            await site.leases.renew()
            #expect(site.leases.held.isEmpty && faults.withLock { $0 } == [Fault(GrantFaults.expired)])
        }
    }

    @Test func aLeaseThatSomebodyElseEndedIsLost() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("fine", [:])
            let faults = Mutex<[Fault]>([])
            site.leases.onCancel { lease in faults.withLock { $0.append(lease.fault) } }
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            try await site.database.write { db in try db.execute(sql: "UPDATE read_lease SET ended = 1") }
            await site.leases.renew()
            #expect(site.leases.held.isEmpty && faults.withLock { $0 } == [Fault(GrantFaults.leaseLost)])
        }
    }

    @Test func theServiceRenewsEverySecondUntilItIsStopped() async throws {
        try await DataFixture.with { site in
            try await site.places()
            try await site.grant("fine", [:])
            try await site.grants.take([site.read], for: Reader(job: "A", task: "align", epoch: 1))
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await site.leases.run() }
                site.clock.add(seconds: 3)
                let wanted = site.clock.now.milliseconds
                try await eventually(within: .seconds(120), "a renewal") {
                    try await site.database.read { db in
                        try Int64.fetchOne(db, sql: "SELECT renewed FROM read_lease") == wanted
                    }
                }
                group.cancelAll()
            }
        }
    }
}
