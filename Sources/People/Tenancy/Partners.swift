import Faults
public import Resources

/// Where what comes from other sites lies at this one: the tenant `partners`, with a project for every peer.
public enum Partners {
    public static let tenant = "partners"

    /// - Parameter peer: its name at this site.
    public static func scope(of peer: String) -> Scope { Scope(tenant: tenant, project: peer) }

    /// Makes the tenant and the peer's project, where they are not there yet.
    public static func prepare(_ peer: String, in store: any ResourceStore, by note: ChangeNote) async throws {
        try await make(
            Resource(ResourceID(kind: "Tenant", name: tenant), spec: ["displayName": "Partners"]), store, note)
        try await make(
            Resource(
                ResourceID(kind: "Project", scope: Scope(tenant: tenant), name: peer),
                spec: ["displayName": .string(peer)]), store, note)
    }

    private static func make(_ resource: Resource, _ store: any ResourceStore, _ note: ChangeNote) async throws {
        if try await store.find(resource.id) != nil { return }
        do { _ = try await store.create(resource, by: note) } catch let fault as Fault
            where fault.is(ResourceFaults.alreadyExists)
        {}
    }
}
