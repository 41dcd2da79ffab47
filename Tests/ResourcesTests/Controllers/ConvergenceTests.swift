import Faults
import Logging
import Resources
import ResourcesTestKit
import Testing

/// A controller killed at random points, over a store that fails at random, still converges.
@Suite struct ConvergenceTests {
    @Test(arguments: ["memory", "sqlite"], [false, true])
    func aKilledControllerConverges(_ adapter: String, _ storeFails: Bool) async throws {
        let harness = adapter == "memory" ? ConformanceTests.memory : ConformanceTests.sqlite
        let generator = Shared(SeededGenerator.printed(for: "killed controller on \(adapter)"))
        try await harness.withStore(nil) { store in
            try await harness.withStore(nil) { undisturbed in
                var deaths = 0
                for step in 0..<12 {
                    for each in [store, undisturbed] { try await change(each, step) }
                    for _ in 0..<4 where try await die(on: store, generator, storeFails: storeFails) { deaths += 1 }
                    if step % 3 == 2 {
                        try await converge(undisturbed, FaultyStore(undisturbed) { .work })
                        try await converge(store, FaultyStore(store) { .work })
                        #expect(try await GardenView(store) == GardenView(undisturbed), "step \(step)")
                    }
                }
                #expect(deaths > 20, "the controller was killed \(deaths) times")
                let end = try await GardenView(store)
                #expect(end.gardens.count == 3 && end.plots == ["g-0", "g-2", "g-3"])
                for (name, places) in end.plants { #expect(Set(places).count == places.count, "twice in \(name)") }
            }
        }
    }

    /// What users do meanwhile; the same on both stores.
    private func change(_ store: any ResourceStore, _ step: Int) async throws {
        @Sendable func plants(_ count: Int) -> JSONValue { ["plants": .integer(Int64(count))] }
        let id = ResourceID(kind: "Garden", name: "g-\(step % 4)")
        switch step {
        case 0..<4: _ = try await store.create(Resource(id, spec: plants(step + 2)), by: Sample.note)
        case 4, 6, 7: try await store.change(id) { $0.spec = plants(8 - step) }
        case 5: try await store.delete(id, version: nil, by: Sample.note)
        case 8: try await store.delete(id, version: nil, by: Sample.note)
        case 10: try await store.change(id) { $0.spec = plants(5) }
        case 11:
            try await eventually(within: .seconds(120), "g-0's end") {
                try await store.find(ResourceID(kind: "Garden", name: "g-0")) == nil
            }
            _ = try await store.create(
                Resource(ResourceID(kind: "Garden", name: "g-0"), spec: plants(3)), by: Sample.note
            )
        default: break
        }
    }

    /// Runs until the controller dies at a call drawn at random. False when it came to rest before.
    private func die(
        on store: any ResourceStore,
        _ generator: Shared<SeededGenerator>,
        storeFails: Bool
    ) async throws -> Bool {
        let left = Shared(generator.withLock { Int.random(in: 1...25, using: &$0) })
        let faulty = FaultyStore(store) {
            let left = left.withLock { left in
                left -= 1
                return left
            }
            if left <= 0 { return .die }
            guard storeFails else { return .work }
            return generator.withLock {
                Int.random(in: 0..<4, using: &$0) == 0 ? (Bool.random(using: &$0) ? .failBefore : .failAfter) : .work
            }
        }
        try await within(.seconds(60), "the end of the controller") {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(faulty).run() }
                let end = ContinuousClock.now + .milliseconds(400)
                while !faulty.isDead, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        return faulty.isDead
    }

    /// Runs undisturbed until everything is so.
    private func converge(_ store: any ResourceStore, _ calm: FaultyStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await controller(calm).run() }
            try await eventually(within: .seconds(120), "convergence") {
                let gardens = try await store.listAll(ResourceQuery(kind: "Garden")).items
                let view = try await GardenView(store)
                let isPlanted = gardens.allSatisfy { garden in
                    view.plants[garden.metadata.name]?.count ?? 0 == Int(garden.spec["plants"]?.integer ?? 0)
                        && garden.condition("Ready")?.observedGeneration == garden.metadata.generation
                        && !garden.isBeingDeleted
                }
                return isPlanted && view.plots == gardens.map(\.metadata.name)
                    && Set(view.plants.keys).isSubset(of: gardens.map(\.metadata.name))
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func controller(_ store: any ResourceStore) -> Controller {
        var settings = ControllerSettings()
        settings.backoff = Backoff(least: .zero, first: .milliseconds(1), most: .milliseconds(20))
        settings.storeBackoff = settings.backoff
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Controller(
            "gardener",
            store: store,
            sources: Gardener.sources,
            reconciler: Gardener(store: store),
            settings: settings,
            logger: logger
        )
    }
}
