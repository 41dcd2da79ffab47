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
    let use: StorageUse
    let uploads: UploadService
    let leases: LeaseDesk
    let grants: GrantShelf
    let access: AccessDesk
    let datasets: DatasetShelf
    private let maker: DatasetMaker
    private let storage: SiteStorage
    private let logger: Logger

    /// - Parameters:
    ///   - way: to the peers.
    ///   - folder: for content that is kept here.
    ///   - scratch: folder for what is needed for a moment.
    /// - Throws: faults of the object store.
    init(
        _ settings: Settings, resources: ResourceService, database: SQLiteDatabase, secrets: SecretStore,
        leases: LeaseDesk, way: AccessWay, folder: String, scratch: String, logger: Logger
    ) throws {
        self.logger = logger
        storage = try SiteStorage(settings, folder: folder, secrets: secrets, logger: logger)
        use = StorageUse(database, store: resources.store)
        shelf = FileShelf(
            resources: resources, contents: ContentBook(database), storage: use, store: storage.store)
        self.leases = leases
        grants = GrantShelf(resources: resources, desk: leases)
        access = AccessDesk(resources: resources, way: way)
        datasets = DatasetShelf(files: shelf, leases: leases, scratch: scratch)
        maker = DatasetMaker(datasets, logger: logger)
        uploads = UploadService(database, store: storage.store, registry: shelf, logger: logger)
    }

    var services: [any Service] {
        [
            uploads, leases, maker, DatasetController.controller(datasets, logger: logger),
            FileController.controller(shelf, logger: logger),
            GrantController.controller(grants, logger: logger), AccessController.controller(access, logger: logger),
        ]
    }

    func routes(_ releases: Releases) -> [any APIRoutes] {
        [
            UploadRoutes(uploads: uploads), GrantRoutes(grants: grants), AccessRoutes(desk: access),
            DatasetRoutes(shelf: datasets, maker: maker, releases: releases),
        ]
    }

    func close() async { await storage.close() }
}
