import Faults
import Resources
import ResourcesTestKit
import Testing

@Suite struct ModifyTests {
    @Test func writersThatContendLoseNothing() async throws {
        let store = MemoryResourceStore()
        let id = try await store.create(Sample.widget("a", spec: ["size": 0]), by: Sample.note).id
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    for _ in 0..<20 {
                        try await store.modify(id, by: Sample.note) {
                            $0.spec = ["size": .integer($0.spec["size"]!.integer! + 1)]
                        }
                        try await store.modifyStatus(id) {
                            $0.status = ["seen": .integer(($0.status["seen"]?.integer ?? 0) + 1)]
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let end = try await store.get(id)
        #expect(end.spec["size"] == 200)
        #expect(end.status["seen"] == 200)
    }

    @Test func aConflictThatNeverEndsIsThrownAfterManyAttempts() async throws {
        let store = MemoryResourceStore()
        let id = try await store.create(Sample.widget("a"), by: Sample.note).id
        let calls = Shared(0)
        await expectFault(ResourceFaults.conflict) {
            try await store.modify(id, by: Sample.note) { resource in
                calls.withLock { $0 += 1 }
                resource.metadata.version = ResourceVersion("0")
                resource.spec = ["size": 9]
            }
        }
        #expect(calls.withLock { $0 } == 51)
        #expect(try await store.get(id).spec == ["size": 1])
    }

    @Test func whatTheChangeThrowsPassesAndNothingIsWritten() async throws {
        struct Stop: Error {}
        let store = MemoryResourceStore()
        let made = try await store.create(Sample.widget("a"), by: Sample.note)
        await #expect(throws: Stop.self) {
            try await store.modify(made.id, by: Sample.note) {
                $0.spec = ["size": 9]
                throw Stop()
            }
        }
        #expect(try await store.get(made.id) == made)
        await expectFault(ResourceFaults.notFound) { try await store.modify(Sample.id("b"), by: Sample.note) { _ in } }
    }

    @Test func finalizersAreAddedOnceAndRemovingTheLastLetsGo() async throws {
        let store = MemoryResourceStore()
        let id = try await store.create(Sample.widget("a"), by: Sample.note).id
        let once = try await store.addFinalizer("f", to: id, by: Sample.note)
        #expect(try await store.addFinalizer("f", to: id, by: Sample.note) == once)
        #expect(once.metadata.finalizers == ["f"])
        try await store.delete(id, version: nil, by: Sample.note)
        let late = try await store.addFinalizer("g", to: id, by: Sample.note)
        #expect(late.metadata.finalizers == ["f"], "too late for another")
        try await store.removeFinalizer("f", from: id, by: Sample.note)
        #expect(try await store.find(id) == nil)
        try await store.removeFinalizer("f", from: id, by: Sample.note)
    }

    @Test func aConditionIsWrittenOnceAndItsTimeMovesWithItsStatus() async throws {
        let store = MemoryResourceStore()
        let id = try await store.create(Sample.widget("a"), by: Sample.note).id
        func condition(_ status: Condition.Status, _ time: Int64, _ message: String = "m") -> Condition {
            Condition(
                "Ready", status, reason: "R", message: message, observedGeneration: 1,
                at: Timestamp(milliseconds: time)
            )
        }
        let first = try await store.set(condition(.isTrue, 1000), on: id)
        #expect(try await store.set(condition(.isTrue, 2000), on: id) == first, "the same observation writes nothing")
        let told = try await store.set(condition(.isTrue, 3000, "other"), on: id)
        #expect(told.condition("Ready")?.lastTransitionTime.milliseconds == 1000)
        #expect(told.condition("Ready")?.message == "other")
        let changed = try await store.set(condition(.isFalse, 4000), on: id)
        #expect(changed.condition("Ready")?.lastTransitionTime.milliseconds == 4000)
        #expect(changed.conditions.count == 1)
        #expect(changed.metadata.generation == 1)
    }
}
