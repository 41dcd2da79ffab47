public import Ledger
public import Resources

/// Whose work a worker does.
public struct WorkerOwner: Sendable, Hashable {
    /// As log lines call the app: `job/monthly`, or `site` for the site itself.
    public let app: String
    /// Tenant and project of the job at this site; the platform for the site itself.
    public let scope: Scope
    /// Who asked for it at this site; nil when a peer did, and for the site itself.
    public let user: String?
    /// The site that owns the job, where that is another one.
    public let peer: SiteID?

    /// The site's own process.
    public static let site = WorkerOwner(app: "site", scope: .platform, user: nil, peer: nil)

    public init(app: String, scope: Scope, user: String?, peer: SiteID?) {
        self.app = app
        self.scope = scope
        self.user = user
        self.peer = peer
    }
}
