import Faults
import Resources
import Testing

@testable import People

/// Roles of the institution's own: what they can hold, and that they are there while they are given.
@Suite struct CustomRoleTests {
    private static let note = ChangeNote(author: "root")

    private func service() -> ResourceService {
        let store = MemoryResourceStore()
        let registry = KindRegistry(
            [Tenant.kind, Project.kind, User.kind, CustomRole.kind, Directory.kind], tenantKind: "Tenant",
            projectKind: "Project")
        var service = ResourceService(registry: registry, store: store)
        for kind in [User.kind, Directory.kind] {
            service.admissionGuards[kind.name] = RoleBook.admissionGuard(store)
        }
        service.deletionGuards[CustomRole.kind.name] = RoleBook.deletionGuard(store)
        return service
    }

    private func document(_ kind: String, _ name: String, _ spec: JSONValue) -> Document {
        Document([
            "apiVersion": .string(Resource.apiVersion), "kind": .string(kind), "metadata": ["name": .string(name)],
            "spec": spec,
        ])
    }

    private func apply(_ service: ResourceService, _ documents: Document...) async throws {
        _ = try await service.apply(documents, defaults: .platform, by: Self.note)
    }

    @Test func itHoldsWhatItSaysWhereItIsGiven() async throws {
        let service = service()
        try await apply(
            service,
            document("CustomRole", "reviewer", ["summary": "s", "view": ["jobs"], "manage": ["approvals"]]),
            document(
                "User", "ana",
                ["displayName": "A", "roles": [["role": "reviewer", "tenant": "retail"], ["role": "viewer"]]]))
        func authority() async throws -> Authority {
            let user = try await service.store.get(User.id("ana"))
            return try #require(User.authority(of: user, try await RoleBook.load(service.store)))
        }
        let (retail, other) = (Scope(tenant: "retail", project: "cards"), Scope(tenant: "other"))
        let first = try await authority()
        #expect(first.holds(.manage(.approvals), in: retail) && first.holds(.view(.jobs), in: other))
        #expect(!first.holds(.manage(.approvals), in: other) && !first.holds(.manage(.jobs), in: retail))
        // What it says anew counts at once.
        try await apply(
            service, document("CustomRole", "reviewer", ["summary": "s", "view": ["jobs"], "manage": ["grants"]]))
        let second = try await authority()
        #expect(!second.holds(.manage(.approvals), in: retail) && second.holds(.manage(.grants), in: retail))
    }

    @Test func itCannotHoldWhatIsThePlatforms() async throws {
        let service = service()
        for noun in ["users", "secrets", "tenants", "quotas", "customroles", "audit", "nothing"] {
            await #expect(throws: Fault.self, "\(noun)") {
                try await apply(service, document("CustomRole", "strong", ["summary": "s", "manage": [.string(noun)]]))
            }
        }
        for (name, spec): (String, JSONValue) in [
            ("viewer", ["summary": "s", "view": ["jobs"]]), ("platform-admin", ["summary": "s", "view": ["jobs"]]),
            ("empty", ["summary": "s"]),
        ] {
            let fault = await #expect(throws: Fault.self, "\(name)") {
                try await apply(service, document("CustomRole", name, spec))
            }
            #expect(fault?.leaves.contains { $0.is(PeopleFaults.roleName) } == true, "\(name)")
        }
        #expect(try await service.store.listAll(ResourceQuery(kind: "CustomRole")).items.isEmpty)
    }

    @Test func itIsThereWhileItIsGiven() async throws {
        let service = service()
        let user = document("User", "ana", ["displayName": "A", "roles": [["role": "reviewer", "tenant": "retail"]]])
        let unknown = await #expect(throws: Fault.self) { try await apply(service, user) }
        #expect(unknown?.leaves.contains { $0.is(PeopleFaults.unknownRole) } == true)
        #expect(try await service.store.find(User.id("ana")) == nil, "nothing is written")
        let directory = document(
            "Directory", "bank",
            [
                "preset": "openldap", "urls": ["ldaps://ldap.bank.example"], "userBase": "dc=bank",
                "roles": [["group": "cn=a", "role": "reviewer", "tenant": "retail"]],
            ])
        let king = await #expect(throws: Fault.self) { try await apply(service, directory) }
        #expect(king?.leaves.contains { $0.is(PeopleFaults.unknownRole) } == true)
        try await apply(service, document("CustomRole", "reviewer", ["summary": "s", "view": ["jobs"]]), user)
        let inUse = await #expect(throws: Fault.self) {
            try await service.delete(CustomRole.id("reviewer"), version: nil, by: Self.note)
        }
        #expect(inUse?.is(PeopleFaults.roleInUse) == true)
        let members = Members(resources: service)
        _ = try await service.create(
            Document(Resource(Tenant.id("retail"), spec: ["displayName": "R"]).document), defaults: .platform,
            by: Self.note)
        let scope = Scope(tenant: "retail")
        #expect(try await members.list(in: scope).map(\.role) == ["reviewer"])
        _ = try await members.take("reviewer", from: "ana", in: scope, by: Self.note)
        try await apply(service, directory)
        await #expect(throws: Fault.self) {
            try await service.delete(CustomRole.id("reviewer"), version: nil, by: Self.note)
        }
        try await service.delete(Directory.id("bank"), version: nil, by: Self.note)
        try await service.delete(CustomRole.id("reviewer"), version: nil, by: Self.note)
        await #expect(throws: Fault.self) {
            _ = try await members.give("reviewer", to: "ana", in: scope, by: Self.note)
        }
    }
}
