import Faults
import Resources
import Synchronization
import Testing

@testable import People

/// Approvals without a site: decided once, by another person, in time.
@Suite struct ApprovalTests {
    private final class Clock: Sendable {
        let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

        var now: Timestamp { time.withLock { $0 } }

        func advance(_ milliseconds: Int64) {
            time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
        }
    }

    private static let scope = Scope(tenant: "risk", project: "cards")

    private func request(_ binding: String = "a", by requester: String = "user ana") -> ApprovalRequest {
        var request = ApprovalRequest(
            .resultRelease, subject: "models/m:1", binding: binding, requester: requester, what: "two\nlines")
        request.leaks = ["", "rows"]
        return request
    }

    @Test func itIsDecidedOnceByAnotherPerson() async throws {
        let clock = Clock()
        let desk = ApprovalDesk(MemoryResourceStore(), now: { clock.now })
        let asked = try await desk.ask(request(), in: Self.scope)
        #expect(asked.spec["what"] == "two lines" && asked.spec["leaks"] == ["rows"])
        #expect(try await desk.ask(request(), in: Self.scope).id == asked.id, "asked twice is asked once")
        #expect(try await desk.ask(request("b"), in: Self.scope).id != asked.id)
        #expect(try await desk.ask(request(by: "user eve"), in: Self.scope).id != asked.id)
        await #expect(throws: Fault(PeopleFaults.ownApproval, at: asked.id.description)) {
            _ = try await desk.decide(asked.id, isApproved: true, by: "user ana", reason: "")
        }
        // Forty at once: one counts.
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    (try? await desk.decide(asked.id, isApproved: number % 2 == 0, by: "user \(number)", reason: ""))
                        != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 1)
    }

    @Test func itHoldsForExactlyWhatWasAskedAndForItsTime() async throws {
        let clock = Clock()
        let desk = ApprovalDesk(MemoryResourceStore(), now: { clock.now })
        func holds(_ binding: String = "a", _ requester: String = "user ana") async throws -> Bool {
            try await desk.holds(
                .resultRelease, "models/m:1", binding: binding, requester: requester, in: Self.scope)
        }
        let asked = try await desk.ask(request(), in: Self.scope)
        #expect(try await !holds())
        _ = try await desk.decide(asked.id, isApproved: true, by: "user ben", reason: "seen")
        #expect(try await holds())
        #expect(try await !holds("b"))
        #expect(try await !holds("a", "user eve"))
        #expect(
            try await !desk.holds(
                .resultRelease, "models/m:1", binding: "a", in: Scope(tenant: "risk", project: "other")))
        clock.advance(Approval.releaseTime + 1)
        #expect(try await !holds(), "a release is used within its time")
        // It can be asked for again, and waits no longer than it should.
        let second = try await desk.ask(request(), in: Self.scope)
        #expect(second.id != asked.id)
        clock.advance(Approval.patience + 1)
        await #expect(throws: Fault.self) {
            _ = try await desk.decide(second.id, isApproved: true, by: "user ben", reason: "")
        }
        #expect(try await !holds())
        // What was refused as well.
        let third = try await desk.ask(request(), in: Self.scope)
        _ = try await desk.decide(third.id, isApproved: false, by: "user ben", reason: "no")
        #expect(try await !holds())
        #expect(try await desk.ask(request(), in: Self.scope).id != third.id)
    }

    /// Names of those that are gone do not stand in the way of the next.
    @Test(.timeLimit(.minutes(1))) func itCanBeAskedForAfterEarlierOnesWereDeleted() async throws {
        let store = MemoryResourceStore()
        let desk = ApprovalDesk(store)
        var asked: [ResourceID] = []
        for _ in 0..<3 {
            let approval = try await desk.ask(request(), in: Self.scope)
            _ = try await desk.decide(approval.id, isApproved: false, by: "user ben", reason: "no")
            asked.append(approval.id)
        }
        _ = try await store.delete(asked[0], version: nil, by: ChangeNote(author: "user ben"))
        let next = try await desk.ask(request(), in: Self.scope)
        #expect(!asked.contains(next.id), "those that were refused stay as they are")
        #expect(Approval.state(of: next, at: .now) == .waiting)
    }

    @Test func theTenantSaysWhatNeedsOne() async throws {
        let store = MemoryResourceStore()
        let desk = ApprovalDesk(store)
        #expect(try await !desk.isWanted(.job, in: Self.scope))
        _ = try await store.create(
            Resource(Tenant.id("risk"), spec: ["displayName": "R", "approvals": ["job"]]), by: ChangeNote(author: "a"))
        #expect(try await desk.isWanted(.job, in: Self.scope))
        #expect(try await !desk.isWanted(.dataUse, in: Self.scope))
    }
}
