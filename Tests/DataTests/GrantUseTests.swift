import Logging
import Resources
import Testing

@testable import Data

/// Who used a grant, as it is told beside the counts.
@Suite struct GrantUseTests {
    @Test func everyJobThatUsedAGrantIsToldNewestFirst() async throws {
        try await DataFixture.with { site in
            try await site.places()
            let grant = try await site.grant("fine", ["uses": 9])
            #expect(try await site.grants.uses(grant.id, limit: 10).isEmpty)
            let first = Reader(job: "A", task: "align", epoch: 1)
            try await site.grants.take([site.read], for: first)
            let taken = site.clock.now
            site.clock.add(seconds: 2)
            try await site.grants.take([site.read], for: Reader(job: "B", task: "align", epoch: 1))
            var uses = try await site.grants.uses(grant.id, limit: 10)
            #expect(uses.map(\.job) == ["B", "A"])
            #expect(uses[1].time == taken && uses[1].reading == 1 && uses[1].ended == nil && uses[1].reason == nil)
            #expect(uses[1].ids == site.read.ids)

            await site.leases.giveBack(first)
            uses = try await site.grants.uses(grant.id, limit: 10)
            #expect(uses[1].reading == 0 && uses[1].ended == site.clock.now && uses[1].reason == "given back")
            #expect(uses[0].reading == 1, "the other job reads on")

            _ = try await site.grants.revoke(grant.id, by: ChangeNote(author: "ana"))
            uses = try await site.grants.uses(grant.id, limit: 10)
            #expect(uses[0].reading == 0 && uses[0].reason == "revoked")
            #expect(uses[0].json["ended"]?.string == site.clock.now.description)

            #expect(try await site.grants.uses(grant.id, limit: 1).map(\.job) == ["B"])
            #expect(try await site.grants.uses(grant.id, before: "B", limit: 10).map(\.job) == ["A"])
        }
    }
}
