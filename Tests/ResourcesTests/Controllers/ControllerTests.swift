import Faults
import Logging
import Resources
import ResourcesTestKit
import ServiceLifecycle
import Testing

/// Notes whom it was called for, and does what the test says.
private final class Notebook: Reconciler {
    private let notes = Shared<[ResourceID]>([])
    private let act: @Sendable (ResourceID) async throws -> Reconciliation

    init(_ act: @escaping @Sendable (ResourceID) async throws -> Reconciliation = { _ in .done }) {
        self.act = act
    }

    var all: [ResourceID] { notes.withLock { $0 } }

    func count(_ name: String) -> Int { all.count { $0.name == name } }

    func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        notes.withLock { $0.append(id) }
        return try await act(id)
    }
}

@Suite struct ControllerTests {
    private static let patience = Duration.seconds(120)

    @Test func itReconcilesWhatIsThereAndWhatChanges() async throws {
        let store = MemoryResourceStore()
        for number in 0..<5 { _ = try await store.create(Sample.widget("old-\(number)"), by: Sample.note) }
        let notes = Notebook()
        try await running(Controller("t", store: store, sources: [.each("Widget")], reconciler: notes)) {
            try await eventually(within: Self.patience, "the list") {
                (0..<5).allSatisfy { notes.count("old-\($0)") == 1 }
            }
            _ = try await store.create(Sample.widget("new"), by: Sample.note)
            try await eventually(within: Self.patience, "the addition") { notes.count("new") == 1 }
            try await store.change(Sample.id("new")) { $0.spec = ["size": 2] }
            try await eventually(within: Self.patience, "the change") { notes.count("new") == 2 }
            try await store.delete(Sample.id("new"), version: nil, by: Sample.note)
            try await eventually(within: Self.patience, "the deletion") { notes.count("new") == 3 }
            _ = try await store.create(Resource(Sample.id("other", kind: "Gadget")), by: Sample.note)
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            try await eventually(within: Self.patience, "the end") { notes.count("end") == 1 }
            #expect(notes.count("other") == 0)
        }
    }

    @Test func changedDependentsConcernTheirOwnersOldAndNew() async throws {
        let store = MemoryResourceStore()
        let scope = Scope(tenant: "t", project: "p")
        let first = try await store.create(Resource(Sample.id("first", kind: "Gadget", in: scope)), by: Sample.note)
        let second = try await store.create(Resource(Sample.id("second", kind: "Gadget", in: scope)), by: Sample.note)
        let child = try await store.create(Sample.widget("child", in: scope, owners: [first]), by: Sample.note)
        let notes = Notebook()
        let sources: [ControllerSource] = [.owners(of: "Widget", ofKind: "Gadget")]
        try await running(Controller("t", store: store, sources: sources, reconciler: notes)) {
            try await eventually(within: Self.patience, "the owner") { notes.all == [first.id] }
            try await store.change(child.id) { $0.metadata.owners = [OwnerReference(second)] }
            try await eventually(within: Self.patience, "both owners") {
                Set(notes.all.dropFirst()) == [first.id, second.id]
            }
        }
    }

    @Test func oneIdIsNeverWorkedOnTwiceAtATimeAndTheBoundHolds() async throws {
        let store = MemoryResourceStore()
        let busy = Shared((now: Set<ResourceID>(), most: 0))
        let notes = Notebook { id in
            let isAlone = busy.withLock { busy in
                let isAlone = busy.now.insert(id).inserted
                busy.most = max(busy.most, busy.now.count)
                return isAlone
            }
            #expect(isAlone)
            try await Task.sleep(for: .milliseconds(2))
            busy.withLock { _ = $0.now.remove(id) }
            return .done
        }
        var settings = ControllerSettings()
        settings.concurrency = 3
        let ids = try await (0..<6).asyncEach { try await store.create(Sample.widget("w-\($0)"), by: Sample.note).id }
        try await running(
            Controller("t", store: store, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            for size in 2..<60 {
                for id in ids { try await store.change(id) { $0.spec = ["size": .integer(Int64(size))] } }
                await Task.yield()
            }
            // Each id is looked at after its last change.
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            try await eventually(within: Self.patience, "the end") { notes.count("end") == 1 }
            try await eventually(within: Self.patience, "quiet") { busy.withLock { $0.now.isEmpty } }
        }
        #expect(busy.withLock { $0.most } == 3)
        #expect(notes.all.count < 6 * 59, "changes during the work are looked at together")
    }

    @Test func whatThrowsComesAgainWithABackoffOfItsOwnUntilItSucceeds() async throws {
        let store = MemoryResourceStore()
        for name in ["bad", "good"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
        struct Trouble: Error {}
        let times = Shared<[ContinuousClock.Instant]>([])
        let notes = Notebook { id in
            guard id.name == "bad" else { return .done }
            let count = times.withLock { times in
                times.append(.now)
                return times.count
            }
            if count <= 4 { throw Trouble() }
            return .done
        }
        var settings = ControllerSettings()
        settings.backoff = Backoff(least: .zero, first: .milliseconds(20), most: .seconds(1)) { $0.upperBound }
        try await running(
            Controller("t", store: store, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            try await eventually(within: Self.patience, "success") { notes.count("bad") == 5 }
            try await Task.sleep(for: .milliseconds(50))
            #expect(notes.count("bad") == 5 && notes.count("good") == 1)
            let waits = times.withLock { times in zip(times, times.dropFirst()).map { $1 - $0 } }
            for (wait, wanted) in zip(waits, [20, 40, 80, 160]) { #expect(wait >= .milliseconds(wanted)) }
            // After the success the next failure is a first one again.
            times.withLock { $0 = [] }
            try await store.change(Sample.id("bad")) { $0.spec = ["size": 2] }
            try await eventually(within: Self.patience, "two more") { times.withLock { $0.count >= 2 } }
            #expect(times.withLock { $0[1] - $0[0] } >= .milliseconds(20))
        }
    }

    @Test func aReconcilerMayAskToBeCalledAgain() async throws {
        let store = MemoryResourceStore()
        _ = try await store.create(Sample.widget("a"), by: Sample.note)
        let notes = Notebook { _ in .again(after: .milliseconds(5)) }
        try await running(Controller("t", store: store, sources: [.each("Widget")], reconciler: notes)) {
            try await eventually(within: Self.patience, "ten calls") { notes.count("a") >= 10 }
        }
    }

    @Test func everythingIsLookedAtAgainOnResync() async throws {
        let store = MemoryResourceStore()
        for name in ["a", "b"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
        let notes = Notebook()
        var settings = ControllerSettings()
        settings.resync = .milliseconds(80)
        let start = ContinuousClock.now
        try await running(
            Controller("t", store: store, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            try await eventually(within: Self.patience, "three resyncs") {
                notes.count("a") >= 4 && notes.count("b") >= 4
            }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(3 * 60))
    }

    @Test func aWatchThatIsTooOldListsAgainAndFindsWhatVanished() async throws {
        let store = MemoryResourceStore(history: 8)
        for name in ["stays", "goes"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
        let isCut = Shared(false)
        let faulty = FaultyStore(store) { isCut.withLock { $0 } ? .failBefore : .work }
        let notes = Notebook()
        var settings = ControllerSettings()
        settings.storeBackoff = Backoff(least: .zero, first: .milliseconds(5), most: .milliseconds(20))
        settings.resync = .seconds(3600)
        try await running(
            Controller("t", store: faulty, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            try await eventually(within: Self.patience, "the list") { notes.all.count == 2 }
            isCut.withLock { $0 = true }
            // Wakes the watch, which fails from now on.
            _ = try await store.create(Sample.widget("wake"), by: Sample.note)
            let calls = faulty.calls
            try await eventually(within: Self.patience, "failures") { faulty.calls > calls + 3 }
            try await store.delete(Sample.id("goes"), version: nil, by: Sample.note)
            for size in 2..<40 {
                try await store.change(Sample.id("stays")) { $0.spec = ["size": .integer(Int64(size))] }
            }
            let seen = notes.count("goes")
            isCut.withLock { $0 = false }
            try await eventually(within: Self.patience, "what vanished") { notes.count("goes") == seen + 1 }
            try await eventually(within: Self.patience, "what changed") { notes.count("stays") >= 2 }
        }
    }

    @Test func aStoreThatFailsIsAskedAgainWithBackoffAndFromWhereTheWatchStood() async throws {
        let store = MemoryResourceStore()
        let failures = Shared(5)
        let faulty = FaultyStore(store) {
            failures.withLock { left in
                left -= 1
                return left >= 0 ? .failBefore : .work
            }
        }
        let notes = Notebook()
        var settings = ControllerSettings()
        settings.storeBackoff = Backoff(least: .zero, first: .milliseconds(10), most: .seconds(1)) { $0.upperBound }
        _ = try await store.create(Sample.widget("a"), by: Sample.note)
        let start = ContinuousClock.now
        try await running(
            Controller("t", store: faulty, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            try await eventually(within: Self.patience, "the list") { notes.count("a") == 1 }
            #expect(ContinuousClock.now - start >= .milliseconds(10 + 20 + 40 + 80 + 160))
            failures.withLock { $0 = 1 }
            _ = try await store.create(Sample.widget("b"), by: Sample.note)
            _ = try await store.create(Sample.widget("c"), by: Sample.note)
            try await eventually(within: Self.patience, "the rest") { notes.count("b") == 1 && notes.count("c") == 1 }
            #expect(notes.count("a") == 1, "no list was needed")
        }
    }

    @Test func aGracefulStopFinishesWhatRunsAndBeginsNothing() async throws {
        let store = MemoryResourceStore()
        for name in ["a", "b", "c"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
        let finished = Shared<[String]>([])
        let notes = Notebook { id in
            // At work until the stop is asked for, however slow the machine is, and a while longer.
            while !Task.isShuttingDownGracefully { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(150))
            finished.withLock { $0.append(id.name) }
            return .done
        }
        var settings = ControllerSettings()
        settings.concurrency = 2
        try await running(
            Controller("t", store: store, sources: [.each("Widget")], reconciler: notes, settings: settings)
        ) {
            try await eventually(within: Self.patience, "two at work") { notes.all.count == 2 }
        }
        #expect(finished.withLock { Set($0) } == Set(notes.all.map(\.name)))
        #expect(notes.all.count == 2, "the third waits for the next start")
    }

    @Test func cancellationEndsItAtOnce() async throws {
        let store = MemoryResourceStore()
        _ = try await store.create(Sample.widget("a"), by: Sample.note)
        let notes = Notebook { _ in
            try await Task.sleep(for: .seconds(600))
            return .done
        }
        let controller = Controller("t", store: store, sources: [.each("Widget")], reconciler: notes)
        try await within(Self.patience, "the end") {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller.run() }
                try await eventually(within: Self.patience, "the start") { notes.all.count == 1 }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    /// Runs the controller as a service while the body runs, then stops it gracefully.
    private func running(_ controller: Controller, _ body: @escaping @Sendable () async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: controller)], logger: logger)
        )
        try await within(.seconds(60), "the controller's end") {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                do {
                    try await body()
                } catch {
                    await services.triggerGracefulShutdown()
                    throw error
                }
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }
}

extension Range<Int> {
    fileprivate func asyncEach<Value>(_ body: (Int) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for number in self { values.append(try await body(number)) }
        return values
    }
}
