import Faults
import Logging
import People
import Resources
import ServiceLifecycle
import Testing

@Suite struct ContentsTests {
    private let note = ChangeNote(author: "ana")
    private let registry = KindRegistry([Tenant.kind, Project.kind], tenantKind: "Tenant", projectKind: "Project")

    /// Runs the controllers over a store in memory while the body runs.
    private func withControllers(
        _ body: @escaping @Sendable (ResourceService) async throws -> Void
    ) async throws {
        let service = ResourceService(registry: registry, store: MemoryResourceStore())
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for controller in Contents.controllers(store: service.store, logger: quiet) {
                group.addTask { try await controller.run() }
            }
            try await body(service)
            group.cancelAll()
        }
    }

    /// Waits until the condition holds, at most ten seconds.
    private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1000 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private func documents() throws -> [Document] {
        try YAMLReader.documents(Array("\(Tenant.kind.example)\n---\n\(Project.kind.example)\n".utf8))
    }

    @Test func theExamplesOfAllKindsApplyTogether() async throws {
        try await withControllers { [note] service in
            let applied = try await service.apply(try documents(), defaults: .platform, by: note)
            #expect(applied.map(\.action) == [.created, .created])
            #expect(
                try await eventually {
                    let tenant = try await service.store.get(Tenant.id("retail-risk"))
                    return tenant.status["contents"]?["Project"] == 1 && tenant.condition("Ready")?.status == .isTrue
                }
            )
        }
    }

    @Test func aTenantStaysUntilItIsEmpty() async throws {
        try await withControllers { [note] service in
            _ = try await service.apply(try documents(), defaults: .platform, by: note)
            let tenant = Tenant.id("retail-risk")
            let marked = try await service.delete(tenant, version: nil, by: note)
            #expect(marked.isBeingDeleted)
            #expect(
                try await eventually {
                    let condition = try await service.store.get(tenant).condition("Ready")
                    return condition?.reason == "NotEmpty" && condition?.message.contains("1 Project") == true
                }
            )
            await #expect(throws: Fault(ResourceFaults.beingDeleted)) {
                try await service.apply(try documents(), defaults: .platform, by: note)
            }
            try await service.delete(Project.id("merchants", tenant: "retail-risk"), version: nil, by: note)
            #expect(try await eventually { try await service.store.find(tenant) == nil })
            #expect(try await service.store.list(ResourceQuery()).items.isEmpty)
        }
    }

    @Test func aNewTenantIsHeldFromTheFirstMoment() async throws {
        let service = ResourceService(registry: registry, store: MemoryResourceStore())
        let applied = try await service.apply(try documents(), defaults: .platform, by: note)
        #expect(applied.allSatisfy { $0.resource.metadata.finalizers == [Contents.finalizer] })
        try await service.delete(Tenant.id("retail-risk"), version: nil, by: note)
        #expect(try await service.store.find(Tenant.id("retail-risk")) != nil, "no controller has run yet")
    }
}
