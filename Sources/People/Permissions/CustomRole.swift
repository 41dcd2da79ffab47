import Faults
public import Resources

/// A role of the institution's own: what is to be seen and managed, by nouns. It can hold what the program's own roles of
/// tenants hold, in another selection, and nothing of the platform.
public enum CustomRole {
    public static let kind = KindDefinition(
        "CustomRole",
        plural: "customroles",
        shortNames: ["cr"],
        scope: .platform,
        summary: "A role of the institution's own: nouns to view and nouns to manage.",
        fields: [
            Field("summary", .text(1...200, form: .line), required: true, "What it is for, in one sentence."),
            Field("view", .list(of: .choice(nouns(.view)), count: 0...64), default: [], "What it sees."),
            Field(
                "manage", .list(of: .choice(nouns(.manage)), count: 0...64), default: [],
                "What it sees and changes."),
        ],
        columns: [.init("SUMMARY", "spec", "summary")],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: CustomRole
            metadata:
              name: reviewer
            spec:
              summary: Sees jobs and models, and approves what others ask for.
              view: [projects, jobs, models, modelversions]
              manage: [approvals]
            """,
        check: { new, _ throws(Fault) in try check(new) }
    )

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }

    static func role(of resource: Resource) -> Role {
        func nouns(_ member: String) -> [Noun] {
            (resource.spec[member]?.array ?? []).compactMap { $0.string.map { Noun($0) } }
        }
        return Role(
            resource.metadata.name, resource.spec["summary"]?.string ?? "", view: nouns("view"),
            manage: nouns("manage"))
    }

    /// What a role of a tenant can do at most: so nobody who gives roles there gives more than the program's own.
    private static func nouns(_ verb: Permission.Verb) -> [String] {
        let roles = Role.builtIn.filter { !$0.isForPlatform }
        return Noun.all.filter { noun in roles.contains { $0.holds(Permission(noun, verb)) } }.map(\.name)
    }

    private static func check(_ role: Resource) throws(Fault) {
        guard Role.named(role.metadata.name) == nil else {
            throw Fault(PeopleFaults.roleName, at: "metadata.name")
        }
        guard !self.role(of: role).shown.isEmpty else {
            throw Fault(
                PeopleFaults.roleName, "The role sees nothing and manages nothing.", at: "spec",
                wanted: "view or manage", fix: "Name what it sees or manages.")
        }
    }
}

/// Every role that can be given now: the program's own, and the institution's.
public struct RoleBook: Sendable {
    /// The program's own alone.
    public static let builtIn = RoleBook(own: [])

    private let own: [Role]

    /// In the order in which people are shown them.
    public var all: [Role] { Role.builtIn + own }

    public func named(_ name: String) -> Role? {
        Role.named(name) ?? own.first { $0.name == name }
    }

    public static func load(_ store: any ResourceStore) async throws -> RoleBook {
        let found = try await store.listAll(ResourceQuery(kind: CustomRole.kind.name)).items
        return RoleBook(own: found.filter { !$0.isBeingDeleted }.map(CustomRole.role))
    }

    /// For the service of resources: the roles of users and of groups are there.
    public static func admissionGuard(
        _ store: any ResourceStore
    ) -> @Sendable (_ giver: Resource, _ alsoKnown: Set<ResourceID>) async throws -> Void {
        { giver, alsoKnown in
            let book = try await load(store)
            for (index, entry) in (giver.spec["roles"]?.array ?? []).enumerated() {
                let name = entry["role"]?.string ?? ""
                guard book.named(name) == nil, !alsoKnown.contains(CustomRole.id(name)) else { continue }
                throw Fault(
                    PeopleFaults.unknownRole, "There is no role \(name).", at: "spec.roles[\(index)].role",
                    wanted: book.all.map(\.name).joined(separator: ", "))
            }
        }
    }

    /// A role that a user has, or a group of a directory gives, is not deleted.
    public static func deletionGuard(_ store: any ResourceStore) -> @Sendable (Resource) async throws -> Void {
        { role in
            var holders: [Resource] = []
            for kind in [User.kind.name, Directory.kind.name] {
                holders += try await store.listAll(ResourceQuery(kind: kind)).items.filter { giver in
                    (giver.spec["roles"]?.array ?? []).contains { $0["role"]?.string == role.metadata.name }
                }
            }
            guard holders.isEmpty else {
                let names = holders.prefix(5).map(\.id.description).joined(separator: ", ")
                throw Fault(
                    PeopleFaults.roleInUse, "\(holders.count) have or give the role, such as \(names).",
                    at: role.id.description)
            }
        }
    }
}
