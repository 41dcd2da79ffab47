import API
import Arithmetic
import Data
import Faults
import Hummingbird
import Jobs
import Ledger
import Logging
import Metrics
import Models
import NIOCore
import Objects
import Observability
import People
import Portal
import Resources
import Secrets
import ServiceLifecycle
import Sites
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One running site: the composition root. Everything is made here, in order, and given to what needs it.
struct Site {
    let settings: Settings
    let metrics: MetricsRegistry
    /// Whose files the portal serves in place of its own; nil for its own.
    let assets: String?
    let logger: Logger

    /// Opens everything, serves until SIGTERM or SIGINT, and stops within two seconds.
    func run(in directory: borrowing DataDirectory) async throws {
        let database = try SQLiteDatabase(
            path: directory.file("site.db"),
            snapshots: directory.file("snapshots"),
            migrations: [
                ResourceMigrations.self, SecretMigrations.self, JoiningMigrations.self, JobMigrations.self,
                UploadMigrations.self, DataMigrations.self, ModelMigrations.self, PeopleMigrations.self,
                AuditMigrations.self, RequestKeyMigrations.self, MachineMigrations.self,
            ]
        )
        let store = try SQLiteResourceStore(database, history: Int(settings[SettingKey.storeHistory]) ?? 8192)
        let secrets = SecretStore(database, key: try secretsKey(directory))
        try await secrets.checkKey()
        let leases = LeaseDesk(database, logger: logger)
        var resources = ResourceService(registry: SiteKinds.registry, store: store)
        resources.deletionGuards = ModelShelf.deletionGuards(store)
        for kind in [User.kind, Directory.kind] {
            resources.admissionGuards[kind.name] = RoleBook.admissionGuard(store)
        }
        resources.deletionGuards[CustomRole.kind.name] = RoleBook.deletionGuard(store)
        resources.deletionGuards[Dataset.kind.name] = { try await leases.checkUnread($0) }
        let identity = try SiteIdentity.open(folder: directory.file("identity"), now: .now)
        let planes = try Plane.allCases.compactMap { try PlaneSettings($0, settings, identity: identity) }
        let federationPlane = planes.first { $0.description.plane == .federation }
        let federation = try Federation(
            identity: identity, plane: federationPlane?.description,
            mostConnections: Int(settings[SettingKey.connections(.federation)]) ?? 256,
            profile: profile(identity, federationPlane), database: database, resources: resources,
            ledgerPath: directory.file("ledger.db"),
            workerSocket: directory.file("worker.sock"), checkpointFolder: directory.file("checkpoints"), logger: logger
        )
        try await federation.prepare()
        let data = try SiteData(
            settings, resources: resources, database: database, secrets: secrets, leases: leases,
            way: federation.accessWay, folder: directory.file("objects"), scratch: directory.file("tables"),
            logger: logger)
        federation.answerAccess(data.access)
        let runner = try ChildProcessRunner(
            ChildProcessOptions(
                program: Platform.programPath ?? CommandLine.arguments[0], arguments: ["worker"],
                folder: directory.file("workers")),
            logger: logger)
        let jobs = SiteJobs(
            settings: settings, federation: federation, resources: resources, database: database, data: data,
            runner: runner,
            workerSocket: directory.file("worker.sock"), scratch: directory.file("scratch"), logger: logger)
        let machine = MachineMonitor(database, data: directory.path, logger: logger)
        let directories = Directories(
            resources: resources, folder: directory.path, logger: logger
        ) { try await secrets.value($0) }
        let logins = try Logins(database, resources: resources, directories: directories)
        try await logins.tidy()
        let audit = AuditLog(
            database, signer: RootKeySigner(identity: identity, peers: federation.book))
        if try await audit.recover() > 0 { logger.notice("changes had begun when the site ended; see the audit") }
        let people: [any APIRoutes] = [
            AuditRoutes(audit: audit), LoginRoutes(logins: logins),
            UserRoutes(logins: logins, members: Members(resources: resources)),
            UsageRoutes(store: store, jobs: JobRows(database), storage: data.use),
            DirectoryRoutes(directories: directories),
        ]
        let api = API(
            service: resources,
            secrets: secrets,
            metrics: metrics,
            program: ProgramDescription(
                version: ProgramVersion.text,
                kernel: try Kernel.preferred().name,
                processID: getpid()
            ),
            checks: [
                StoreReadable(store: store), SecretsOpen(secrets: secrets), DiskSpace(path: directory.path),
                RoutesCheck(store: store), PeersCheck(store: store), ClockCheck(store: store),
                LeafCheck(identity: identity), FederationCheck(plane: federationPlane?.description),
            ],
            routes: federation.routes + jobs.routes + data.routes(jobs.releases) + people
                + [
                    NetworkRoutes(planes: planes.map(\.description)), MachineRoutes(source: machine),
                    SettingRoutes(shown),
                ],
            audit: audit,
            keys: RequestKeys(database)
        )
        let portal = Portal(version: ProgramVersion.text, assets: assets)
        var services: [any Service] = SiteKinds.controllers(store: store, logger: logger) + federation.services
        services += data.services + jobs.services
        services += [runner, DirectoryRenewal(directories), machine]
        services.append(try Listeners.local(api, socket: directory.file("atoll.sock"), logger: logger))
        for plane in planes where plane.description.plane != .federation {
            let pages = plane.description.plane == .management ? portal : nil
            services.append(
                Listeners.http(api, plane, callers: SignedInCallers(logins), pages: pages, logger: logger))
        }
        try await FirstLink.tell(logins, plane: planes.first { $0.description.plane == .management })
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .milliseconds(1200)
        configuration.maximumCancellationDuration = .milliseconds(500)
        logger.info("starting", metadata: ["version": "\(ProgramVersion.text)", "data": "\(directory.path)"])
        defer {
            unlink(directory.file("atoll.sock"))
            unlink(directory.file("worker.sock"))
        }
        let outcome: (any Error)?
        do {
            try await ServiceGroup(configuration: configuration).run()
            outcome = nil
        } catch {
            outcome = error
        }
        await data.close()
        if let outcome { throw outcome }
        try? federation.ledger.close()
        try? database.close()
        logger.info("stopped")
    }

    private var shown: [SettingRoutes.Setting] {
        settings.shown.map { .init(name: $0.name, value: $0.value, source: $0.source.rawValue, summary: $0.summary) }
    }

    /// What invitations say of this site: its name, and where it is reached when it is.
    private func profile(_ identity: SiteIdentity, _ plane: PlaneSettings?) -> SiteProfile {
        let name = settings[SettingKey.siteName]
        var addresses = SettingKey.Form.list(settings[SettingKey.advertise])
        if addresses.isEmpty, let plane, !plane.description.address.isWildcard { addresses = ["\(plane.address)"] }
        return SiteProfile(displayName: name.isEmpty ? identity.id.short : name, addresses: addresses)
    }

    /// The key from the settings, else from the file in the data directory.
    private func secretsKey(_ directory: borrowing DataDirectory) throws(Fault) -> SymmetricKeyBytes {
        let digits = Array(settings[SettingKey.secretsKey])
        if digits.isEmpty { return try SecretKeyFile.open(directory.file("secrets.key")) }
        let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { String(digits[$0...$0 + 1]) }
        guard let key = SymmetricKeyBytes(pairs.compactMap { UInt8($0, radix: 16) }) else {
            let setting = SettingKey.secretsKey
            throw Fault(ProgramFaults.invalidSetting, at: setting.name, wanted: setting.form.wanted)
        }
        return key
    }
}
