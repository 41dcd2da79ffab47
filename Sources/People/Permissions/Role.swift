/// A set of permissions with a name. The program's own roles never change while it runs.
public struct Role: Sendable, Hashable {
    /// `data-steward`.
    public let name: String
    /// One sentence.
    public let summary: String
    /// Given on the whole installation alone, never in a tenant.
    public let isForPlatform: Bool
    private let permissions: Set<Permission>

    init(_ name: String, _ summary: String, isForPlatform: Bool = false, view: [Noun], manage: [Noun]) {
        self.name = name
        self.summary = summary
        self.isForPlatform = isForPlatform
        permissions = Set(view.map(Permission.view) + manage.map(Permission.manage))
    }

    public func holds(_ permission: Permission) -> Bool {
        permissions.contains { $0.covers(permission) }
    }

    /// In order of the nouns; what holds `manage` is told once.
    public var shown: [Permission] {
        Noun.all.flatMap { noun in
            Permission.Verb.allCases.reversed().map { Permission(noun, $0) }.filter(permissions.contains).prefix(1)
        }
    }

    public static func named(_ name: String) -> Role? {
        builtIn.first { $0.name == name }
    }

    public static let platformAdmin = Role(
        "platform-admin", "Everything on the installation: tenants, users, peers, secrets.", isForPlatform: true,
        view: [], manage: Noun.all)
    public static let tenantAdmin = Role(
        "tenant-admin", "Projects of a tenant, and who works in them; sees the tenant's work, no rows.",
        view: [
            .tenants, .site, .peers, .routes, .quotas, .audit, .files, .datasets, .grants, .accessRequests, .jobs,
            .approvals, .releases, .models, .modelVersions,
        ],
        manage: [.projects, .members])
    public static let modeller = Role(
        "modeller", "Makes jobs and models of data that is there.",
        view: [.tenants, .site, .peers, .routes, .projects, .quotas, .files, .datasets, .rows, .grants, .approvals],
        manage: [.accessRequests, .jobs, .releases, .models, .modelVersions])
    public static let dataSteward = Role(
        "data-steward", "Brings data in, and says who may use it for what.",
        view: [.tenants, .site, .peers, .routes, .projects, .jobs, .approvals, .models, .modelVersions],
        manage: [.files, .datasets, .rows, .grants, .accessRequests, .releases])
    public static let approver = Role(
        "approver", "Approves what others ask for: jobs, uses of data, releases.",
        view: [
            .tenants, .site, .peers, .routes, .projects, .files, .datasets, .grants, .accessRequests, .jobs, .models,
            .modelVersions,
        ],
        manage: [.approvals])
    public static let auditor = Role(
        "auditor", "Sees what was done and what crossed, and changes nothing; no rows, no secrets.",
        view: [
            .tenants, .users, .customRoles, .directories, .ledger, .invitations, .checks, .site, .peers, .routes,
            .projects, .quotas,
            .members,
            .audit,
            .files,
            .datasets, .grants, .accessRequests, .jobs, .approvals, .releases, .models, .modelVersions,
        ],
        manage: [])
    public static let viewer = Role(
        "viewer", "Sees projects, datasets, jobs and models, and changes nothing; no rows.",
        view: [.tenants, .site, .peers, .routes, .projects, .datasets, .jobs, .models, .modelVersions],
        manage: [])

    /// In the order in which people are shown them.
    public static let builtIn = [platformAdmin, tenantAdmin, modeller, dataSteward, approver, auditor, viewer]
}
