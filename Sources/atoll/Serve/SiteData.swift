import API
import Data
import Logging
import Objects
import Resources
import Secrets
import ServiceLifecycle

/// The site's files, put together.
struct SiteData {
    let shelf: FileShelf
    let uploads: UploadService
    let leases: LeaseDesk
    let grants: GrantShelf
    private let storage: SiteStorage
    private let logger: Logger

    /// - Parameter folder: for content that is kept here.
    /// - Throws: faults of the object store.
    init(
        _ settings: Settings, resources: ResourceService, database: SQLiteDatabase, secrets: SecretStore,
        folder: String, logger: Logger
    ) throws {
        self.logger = logger
        storage = try SiteStorage(settings, folder: folder, secrets: secrets, logger: logger)
        shelf = FileShelf(resources: resources, contents: ContentBook(database), store: storage.store)
        leases = LeaseDesk(database, logger: logger)
        grants = GrantShelf(resources: resources, desk: leases)
        uploads = UploadService(database, store: storage.store, registry: shelf, logger: logger)
    }

    var services: [any Service] {
        [
            uploads, leases, FileController.controller(shelf, logger: logger),
            GrantController.controller(grants, logger: logger),
        ]
    }

    var routes: [any APIRoutes] { [UploadRoutes(uploads: uploads), GrantRoutes(grants: grants)] }

    func close() async { await storage.close() }
}
