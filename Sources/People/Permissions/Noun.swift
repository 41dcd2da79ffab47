/// What a permission is about: a kind by its plural, or a thing that is no resource, such as the rows of a dataset.
///
/// Open, so that a part can bring nouns of its own; one that no role names is for the platform's operator alone.
public struct Noun: Sendable, Hashable, CustomStringConvertible {
    /// Where a permission on the noun is looked for.
    public enum Level: Sendable {
        /// On the whole installation: a role in a tenant gives nothing here.
        case platform
        /// Belongs to the installation and is needed in every project: a role anywhere lets it be seen, and only one on
        /// the installation lets it be managed.
        case shared
        /// In a tenant or a project: a role counts where it was given and below.
        case scoped
    }

    /// Lower case: `datasets`.
    public let name: String

    public init(_ name: String) {
        self.name = name
    }

    public var description: String { name }

    public var level: Level {
        if Self.ofPlatform.contains(self) { return .platform }
        if Self.shared.contains(self) { return .shared }
        return .scoped
    }

    public static let tenants = Noun("tenants")
    public static let users = Noun("users")
    /// Roles of the institution's own.
    public static let customRoles = Noun("customroles")
    public static let directories = Noun("directories")
    public static let secrets = Noun("secrets")
    public static let ledger = Noun("ledger")
    public static let invitations = Noun("invitations")
    /// What the program finds when it checks itself.
    public static let checks = Noun("checks")
    /// Identity, planes and operators of this site.
    public static let site = Noun("site")
    public static let peers = Noun("peers")
    public static let routes = Noun("routes")
    public static let projects = Noun("projects")
    /// What a tenant may use: seen by its own people, set by nobody of them.
    public static let quotas = Noun("quotas")
    /// Who did what in a tenant or project, or on the platform.
    public static let audit = Noun("audit")
    /// Who has which role in a tenant or project.
    public static let members = Noun("members")
    /// Files, and uploads on their way to become some.
    public static let files = Noun("files")
    public static let datasets = Noun("datasets")
    /// The values inside of datasets: first rows, profiles, exports.
    public static let rows = Noun("rows")
    public static let grants = Noun("grants")
    /// What this site asks of peers and they of it: answering is managing grants.
    public static let accessRequests = Noun("accessrequests")
    public static let jobs = Noun("jobs")
    /// The second pair of eyes on a job.
    public static let approvals = Noun("approvals")
    /// Taking results of jobs out of the site, where a tenant wants that approved.
    public static let releases = Noun("releases")
    public static let models = Noun("models")
    public static let modelVersions = Noun("modelversions")

    /// Every noun of the program, in the order in which people are shown them.
    public static let all: [Noun] = ofPlatform + shared + ofProjects

    private static let ofPlatform = [tenants, users, customRoles, directories, secrets, ledger, invitations, checks]
    private static let shared = [site, peers, routes]
    private static let ofProjects = [
        projects, quotas, members, audit, files, datasets, rows, grants, accessRequests, jobs, approvals, releases,
        models, modelVersions,
    ]
}
