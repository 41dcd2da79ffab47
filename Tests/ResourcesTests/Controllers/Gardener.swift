import Faults
import Resources
import ResourcesTestKit

/// A reconciler that does all that real ones do: makes and removes children, reports a condition, cleans up what is
/// outside of ownership before it lets go. A Garden wants `plants` Plants; each Garden rents a Plot, which it does not own.
struct Gardener: Reconciler {
    let store: any ResourceStore
    private let note = ChangeNote(author: "controller/gardener")
    private static let finalizer = "plot"

    static let sources: [ControllerSource] = [.each("Garden"), .owners(of: "Plant", ofKind: "Garden")]

    func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let garden = try await store.find(id) else { return .done }
        if garden.isBeingDeleted {
            try await remove(plot(of: garden))
            try await store.removeFinalizer(Self.finalizer, from: id, by: note)
            return .done
        }
        guard try await !store.addFinalizer(Self.finalizer, to: id, by: note).isBeingDeleted else { return .done }
        if try await store.find(plot(of: garden)) == nil {
            _ = try await store.create(Resource(plot(of: garden)), by: note)
        }
        try await plant(garden)
        let message = "\(garden.spec["plants"]?.integer ?? 0) plants"
        try await store.set(
            Condition(
                "Ready",
                .isTrue,
                reason: "Planted",
                message: message,
                observedGeneration: garden.metadata.generation
            ),
            on: id
        )
        return .done
    }

    /// Plants have names that are drawn, so making one twice would be seen: the place is in a label.
    private func plant(_ garden: Resource) async throws {
        let selector = LabelSelector([.equals("garden", garden.metadata.uid)])
        let plants = try await store.listAll(ResourceQuery(kind: "Plant", labels: selector)).items
        let wanted = Int(garden.spec["plants"]?.integer ?? 0)
        for plant in plants where Int(plant.metadata.labels["place"]!)! >= wanted { try await remove(plant.id) }
        let taken = Set(plants.compactMap { $0.metadata.labels["place"] })
        for place in (0..<wanted).map(String.init) where !taken.contains(place) {
            var plant = Resource(ResourceID(kind: "Plant", name: ULID.make().lowercased()))
            plant.metadata.labels = ["garden": garden.metadata.uid, "place": place, "name": garden.metadata.name]
            plant.metadata.owners = [OwnerReference(garden)]
            _ = try await store.create(plant, by: note)
        }
    }

    private func plot(of garden: Resource) -> ResourceID {
        ResourceID(kind: "Plot", name: garden.metadata.name)
    }

    private func remove(_ id: ResourceID) async throws {
        do {
            try await store.delete(id, version: nil, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {}
    }
}

/// What the gardens look like, without what differs from run to run.
struct GardenView: Hashable, CustomStringConvertible {
    var gardens: [String: String] = [:]
    /// Places by garden, each as often as a plant stands there.
    var plants: [String: [String]] = [:]
    var plots: [String] = []

    init(_ store: any ResourceStore) async throws {
        for resource in try await store.listAll(ResourceQuery()).items {
            let name = resource.metadata.name
            switch resource.kind {
            case "Garden":
                let ready = resource.condition("Ready")
                gardens[name] = """
                    \(resource.spec["plants"]?.integer ?? 0) \(resource.metadata.finalizers) \
                    \(ready?.status.rawValue ?? "none") \(ready?.message ?? "") \
                    \(ready?.observedGeneration == resource.metadata.generation ? "current" : "old")
                    """
            case "Plant":
                plants[resource.metadata.labels["name"]!, default: []].append(resource.metadata.labels["place"]!)
            default: plots.append(name)
            }
        }
        for name in plants.keys { plants[name]!.sort() }
    }

    var description: String { "\(gardens.sorted { $0.key < $1.key }) \(plants.sorted { $0.key < $1.key }) \(plots)" }
}
