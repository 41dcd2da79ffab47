import Faults
import Resources
import Testing

/// A long random history against `ModelStore`: every answer and every state in between must be as the model says.
extension ResourceStoreSuite {
    static let randomHistory = StoreCheck("a random history of 500 calls goes as a simple model says") { harness in
        try await harness.withStore(nil) { store in
            let generator = SeededGenerator.printed(for: "random history")
            var history = RandomHistory(store: store, harness: harness, generator: generator)
            let from = try await store.list(ResourceQuery()).version
            for _ in 0..<500 { try await history.step() }
            try await history.compareRevisions()
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            try await history.replay(from: from)
        }
    }
}

private struct RandomHistory {
    let store: StoreHarness.Store
    let harness: StoreHarness
    var generator: SeededGenerator
    var model = ModelStore()
    /// Resources as they were read at some time: material for stale writes.
    var read: [Resource] = []

    private static let scopes = [Scope.platform, Scope(tenant: "t"), Scope(tenant: "t", project: "p")]

    init(store: StoreHarness.Store, harness: StoreHarness, generator: SeededGenerator) {
        self.store = store
        self.harness = harness
        self.generator = generator
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0...3: try await create()
        case 4...6: try await update()
        case 7: try await updateStatus()
        case 8...9: try await delete()
        default: try await query()
        }
        try await settle()
    }

    /// Folds the events from the beginning into a state, which must be the store's, each life whole.
    func replay(from version: ResourceVersion) async throws {
        let events = try await within(harness.patience, "the events of the history") { [store] in
            var events: [WatchEvent] = []
            for try await event in try await store.watch(ResourceQuery(), from: version) {
                guard let resource = event.resource else { continue }
                events.append(event)
                if resource.metadata.name == "end" { break }
            }
            return events
        }
        var state: [ResourceID: Resource] = [:]
        for event in events {
            guard let resource = event.resource else { continue }
            let before = state[resource.id]
            #expect((event.kind == .added) == (before == nil), "\(event.kind) \(resource.id)")
            #expect(before == nil || before?.metadata.uid == resource.metadata.uid)
            #expect(event.kind == .deleted || event.version == resource.metadata.version)
            state[resource.id] = event.kind == .deleted ? nil : resource
        }
        #expect(Set(events.map(\.version)).count == events.count, "each change has a version of its own")
        let stored = try await store.listAll(ResourceQuery()).items
        #expect(Set(state.values) == Set(stored))
    }

    func compareRevisions() async throws {
        for (id, specs) in model.past {
            #expect(try await store.revisions(of: id).map(\.spec) == specs, "revisions of \(id)")
        }
    }

    private mutating func create() async throws {
        let wanted = randomResource()
        if let fault = model.faultOfCreate(wanted.id) {
            await expectFault(fault) { [store] in _ = try await store.create(wanted, by: Sample.note) }
            return
        }
        let answer = try await store.create(wanted, by: Sample.note)
        #expect(answer.spec == wanted.spec && answer.metadata.labels == wanted.metadata.labels)
        #expect(answer.metadata.finalizers == wanted.metadata.finalizers)
        #expect(answer.metadata.owners == wanted.metadata.owners)
        #expect(answer.metadata.generation == 1 && answer.status == [:])
        read.append(answer)
        model.created(answer)
    }

    private mutating func update() async throws {
        guard var wanted = pick() else { return }
        let other = randomResource()
        if chance(0.6) { wanted.spec = other.spec }
        if chance(0.3) { wanted.metadata.labels = other.metadata.labels }
        if chance(0.4) { wanted.metadata.finalizers = other.metadata.finalizers }
        if chance(0.2) { wanted.metadata.owners = other.metadata.owners }
        if let fault = model.faultOfUpdate(wanted) {
            await expectFault(fault) { [store, wanted] in _ = try await store.update(wanted, by: Sample.note) }
            return
        }
        let answer = try await store.update(wanted, by: Sample.note)
        model.updated(wanted)
        if let after = model.entries[wanted.id]?.resource {
            #expect(answer.spec == after.spec && answer.metadata.generation == after.metadata.generation)
            read.append(answer)
        }
    }

    private mutating func updateStatus() async throws {
        guard var wanted = pick() else { return }
        wanted.status = ["seen": .integer(Int64.random(in: 0..<3, using: &generator))]
        var unchanged = wanted
        if let spec = model.entries[wanted.id]?.resource.spec { unchanged.spec = spec }
        if let fault = model.faultOfUpdate(unchanged) {
            await expectFault(fault) { [store, wanted] in _ = try await store.updateStatus(wanted) }
            return
        }
        read.append(try await store.updateStatus(wanted))
        model.updatedStatus(wanted)
    }

    private mutating func delete() async throws {
        let target = pick() ?? randomResource()
        let version = chance(0.5) ? target.metadata.version : nil
        if let fault = model.faultOfDelete(target.id, version) {
            await expectFault(fault) { [store] in try await store.delete(target.id, version: version, by: Sample.note) }
            return
        }
        try await store.delete(target.id, version: version, by: Sample.note)
        model.deleted(target.id)
    }

    private mutating func query() async throws {
        let selectors = ["", "app=a", "app!=a", "app", "!app", "app=b,tier", "tier!=x"]
        var query = ResourceQuery(
            kind: ["Widget", "Gadget", nil].randomElement(using: &generator)!,
            tenant: ["t", nil].randomElement(using: &generator)!,
            labels: try LabelSelector(selectors.randomElement(using: &generator)!),
            limit: Int.random(in: 1...8, using: &generator)
        )
        if query.tenant != nil, chance(0.5) { query.project = "p" }
        let expected = model.resources.filter { query.covers($0.id) && query.labels.matches($0.metadata.labels) }
        #expect(try await store.listAll(query).items.map(\.id) == expected.map(\.id))
    }

    /// Waits until collection is done and the store is as the model says, and takes over the versions.
    private mutating func settle() async throws {
        let expected = model.resources.map(ModelStore.essence)
        func forget(_ resource: Resource) -> Resource {
            // When a dead owner is forgotten is the adapter's affair while another lives.
            var essence = ModelStore.essence(resource)
            let living = Set(expected.map(\.metadata.uid))
            if essence.metadata.owners.contains(where: { living.contains($0.uid) }) {
                essence.metadata.owners.removeAll { !living.contains($0.uid) }
            }
            return essence
        }
        let wanted = expected.map(forget)
        let end = ContinuousClock.now + harness.patience
        var stored = try await store.listAll(ResourceQuery()).items
        while stored.map(forget) != wanted, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
            stored = try await store.listAll(ResourceQuery()).items
        }
        try #require(stored.map(forget) == wanted, "seed \(generator.seed)")
        model.adopt(stored)
    }

    /// Mostly a resource as it is now, sometimes as it was.
    private mutating func pick() -> Resource? {
        chance(0.75) ? model.resources.randomElement(using: &generator) : read.randomElement(using: &generator)
    }

    private mutating func randomResource() -> Resource {
        let kind = chance(0.5) ? "Widget" : "Gadget"
        let scope = Self.scopes.randomElement(using: &generator)!
        let name = ["a", "b", "c"].randomElement(using: &generator)!
        var resource = Resource(ResourceID(kind: kind, scope: scope, name: name))
        resource.spec = ["size": .integer(Int64.random(in: 0..<4, using: &generator))]
        if chance(0.5) { resource.metadata.labels["app"] = chance(0.5) ? "a" : "b" }
        if chance(0.3) { resource.metadata.labels["tier"] = chance(0.5) ? "x" : "y" }
        if chance(0.3) { resource.metadata.finalizers = chance(0.5) ? ["f"] : ["f", "g"] }
        // Owners may be dead already: older reads are among them.
        while chance(0.3) {
            let owner =
                chance(0.8) ? model.resources.randomElement(using: &generator) : read.randomElement(using: &generator)
            guard let owner, owner.id != resource.id else { break }
            resource.metadata.owners.append(OwnerReference(owner))
        }
        return resource
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }
}
