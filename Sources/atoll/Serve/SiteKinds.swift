import Data
import Jobs
import Logging
import Models
import People
import Resources
import ServiceLifecycle
import Sites
import TaskRuntime

/// Every kind of this program, with the controllers that serve them.
enum SiteKinds {
    static let registry = KindRegistry(
        [
            Tenant.kind, Project.kind, User.kind, CustomRole.kind, Directory.kind, Quota.kind, Approval.kind, Peer.kind,
            Route.kind,
            File.kind,
            Dataset.kind,
            Grant.kind, AccessRequest.kind,
            Job.kind(Operators.all), Model.kind, ModelVersion.kind,
        ],
        tenantKind: Tenant.kind.name,
        projectKind: Project.kind.name
    )

    static func controllers(store: any ResourceStore, logger: Logger) -> [any Service] {
        Contents.controllers(store: store, logger: logger)
            + [ApprovalController.controller(store: store, logger: logger)]
    }
}
