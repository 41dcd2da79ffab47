import Faults
public import Resources

/// A person who logs in, or whose tokens do: who it is, and what it may do where. Passwords, sessions and tokens are no
/// part of the resource.
public enum User {
    public static let kind = KindDefinition(
        "User",
        plural: "users",
        shortNames: ["us"],
        scope: .platform,
        summary: "A person who may log in, and the roles that the person has.",
        fields: [
            Field("displayName", .text(1...80, form: .line), required: true, "The name that people see."),
            Field("email", .text(0...200, form: .line), default: "", "Where to reach the person."),
            Field(
                "disabled", .boolean, default: false,
                "Whether logins, sessions and tokens of the user are refused."),
            Field(
                "directory", .reference(kind: Directory.kind.name), immutable: true,
                "The directory that keeps the user's password and says more roles; none for one of the site's own."),
            Field(
                "roles",
                .list(
                    of: .group([
                        Field(
                            "role", .text(1...63, form: .name), required: true,
                            "What the user is there: one of `atoll role list`."),
                        Field("tenant", .text(1...63, form: .name), "Where; the whole platform when absent."),
                        Field("project", .text(1...63, form: .name), "The one project of the tenant."),
                    ]), count: 0...64),
                default: [], "The roles of the user, and where each was given."),
        ],
        rollbackRefusal: "roles that were taken away would come back",
        columns: [
            .init("DISPLAY NAME", "spec", "displayName"), .init("DISABLED", "spec", "disabled"),
            .init("DIRECTORY", "spec", "directory"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: User
            metadata:
              name: ana
            spec:
              displayName: Ana Ferreira
              roles:
                - role: modeller
                  tenant: retail-risk
                - role: viewer
                  tenant: wholesale
                  project: traders
            """,
        check: { new, _ throws(Fault) in try check(new) }
    )

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }

    /// What the roles of the user let it do; nothing for one that is disabled, being deleted, or gone from its directory.
    static func authority(of user: Resource, _ book: RoleBook) -> Authority? {
        guard !isDisabled(user), !isGone(user) else { return nil }
        return Authority(bindings(of: user, book))
    }

    /// Those that are there and fit where they are given: of the document, and by groups of the directory.
    static func bindings(of user: Resource, _ book: RoleBook) -> [RoleBinding] {
        ((user.spec["roles"]?.array ?? []) + directoryRoles(of: user)).compactMap { entry in
            guard let role = entry["role"]?.string.flatMap(book.named) else { return nil }
            return RoleBinding(role, in: scope(of: entry))
        }
    }

    static func scope(of entry: JSONValue) -> Scope {
        Scope(tenant: entry["tenant"]?.string, project: entry["project"]?.string)
    }

    private static func check(_ user: Resource) throws(Fault) {
        for (index, entry) in (user.spec["roles"]?.array ?? []).enumerated() {
            let place = "spec.roles[\(index)]"
            if entry["project"]?.string != nil, entry["tenant"]?.string == nil {
                throw Fault(
                    PeopleFaults.roleMisplaced, "A project is named without its tenant.", at: "\(place).project",
                    wanted: "tenant and project, or the tenant alone")
            }
            if let role = entry["role"]?.string.flatMap(Role.named), RoleBinding(role, in: scope(of: entry)) == nil {
                throw Fault(
                    PeopleFaults.roleMisplaced, "The role \(role.name) is for the whole platform.",
                    at: "\(place).tenant", wanted: "no tenant and no project")
            }
        }
    }
}
