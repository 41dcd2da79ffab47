import Faults
public import Resources

/// Roles inside of a tenant, given and taken by those who may manage its members. What is given on the platform is part
/// of the user's own document, which only managers of users may write.
public struct Members: Sendable {
    private let resources: ResourceService

    public init(resources: ResourceService) {
        self.resources = resources
    }

    /// A user with a role that counts in a place.
    public struct Member: Sendable {
        public let user: String
        public let displayName: String
        public let role: String
        /// Where the role was given: the tenant, or the project.
        public let scope: Scope
    }

    /// Every role that can be given now.
    public func roles() async throws -> RoleBook { try await RoleBook.load(resources.store) }

    /// Users with roles that were given in the tenant (or in one project of it), in order of name.
    public func list(in scope: Scope) async throws -> [Member] {
        let book = try await RoleBook.load(resources.store)
        return try await resources.store.listAll(ResourceQuery(kind: User.kind.name)).items.flatMap { user in
            User.bindings(of: user, book).filter { scope.contains($0.scope) }.map {
                Member(
                    user: user.metadata.name, displayName: user.spec["displayName"]?.string ?? "", role: $0.role.name,
                    scope: $0.scope)
            }
        }
    }

    /// Gives a role; one that is there already is given.
    ///
    /// - Throws: `PeopleFaults.unknownRole`, `.roleMisplaced`; `ResourceFaults.notFound` for the user,
    ///   `.danglingReference` for tenant or project; store faults.
    public func give(_ name: String, to user: String, in scope: Scope, by note: ChangeNote) async throws -> Resource {
        let entry = try Self.entry(name, in: scope, try await RoleBook.load(resources.store))
        let places =
            [scope.tenant.map(Tenant.id)]
            + [scope.tenant.flatMap { tenant in scope.project.map { Project.id($0, tenant: tenant) } }]
        for place in places.compactMap({ $0 }) where try await resources.store.find(place) == nil {
            throw Fault(ResourceFaults.danglingReference, "There is no \(place).", at: "parameters tenant and project")
        }
        return try await change(user, by: note) { roles in
            if !roles.contains(entry) { roles.append(entry) }
        }
    }

    /// Takes a role away; one that is not there is gone.
    ///
    /// - Throws: as `give`; `PeopleFaults.directoryUser` for one that a group of a directory gives.
    public func take(_ name: String, from user: String, in scope: Scope, by note: ChangeNote) async throws -> Resource {
        let entry = try Self.entry(name, in: scope, try await RoleBook.load(resources.store))
        let changed = try await change(user, by: note) { roles in roles.removeAll { $0 == entry } }
        guard !User.directoryRoles(of: changed).contains(entry) else {
            throw Fault(
                PeopleFaults.directoryUser, "A group of the directory gives \(user) that role.", at: "role",
                fix: "Take the person out of the group, or the group out of roles of the directory's document.")
        }
        return changed
    }

    private static func entry(_ name: String, in scope: Scope, _ book: RoleBook) throws(Fault) -> JSONValue {
        guard let role = book.named(name) else {
            throw Fault(PeopleFaults.unknownRole, at: "role", wanted: book.all.map(\.name).joined(separator: ", "))
        }
        guard let tenant = scope.tenant, RoleBinding(role, in: scope) != nil else {
            throw Fault(
                PeopleFaults.roleMisplaced, "Roles on the platform stand in the user's own document.",
                at: "parameters tenant and project", wanted: "a tenant, and a role that can be given in one")
        }
        var members: [String: JSONValue] = ["role": .string(name), "tenant": .string(tenant)]
        if let project = scope.project { members["project"] = .string(project) }
        return .object(members)
    }

    /// Through the same checks as any change, again while others change the user.
    private func change(
        _ user: String, by note: ChangeNote, _ body: (inout [JSONValue]) -> Void
    ) async throws -> Resource {
        try Names.check(user, at: "user")
        for attempt in 1... {
            var wanted = try await resources.store.get(User.id(user))
            var roles = wanted.spec["roles"]?.array ?? []
            body(&roles)
            var spec = wanted.spec.object ?? [:]
            spec["roles"] = .array(roles)
            wanted.spec = .object(spec)
            do {
                return try await resources.replace(
                    wanted.id, with: Document(wanted.json), version: wanted.metadata.version, by: note)
            } catch let fault as Fault where fault.is(ResourceFaults.conflict) && attempt < 8 {
                continue
            }
        }
        preconditionFailure("the loop returns or throws")
    }
}
