import API
import Data
import Faults
import Jobs
import Ledger
import Logging
import Models
import People
import Resources
import ServiceLifecycle
import Sites
import Synchronization
import TaskRuntime

/// The site's jobs, put together with its federation.
struct SiteJobs {
    let service: JobService
    private let submission: JobSubmission
    private let preview: JobPreview
    private let federation: Federation
    private let resources: ResourceService
    private let models: ModelShelf
    private let rows: JobRows
    private let work: WorkMonitor
    private let evaluations: JobEvaluations
    private let logger: Logger

    /// - Parameter scratch: folder for what workers keep while they run.
    init(
        settings: Settings, federation: Federation, resources: ResourceService, database: SQLiteDatabase,
        data: SiteData, runner: any WorkerRunner, workerSocket: String, scratch: String, logger: Logger
    ) {
        self.federation = federation
        self.resources = resources
        self.logger = logger
        let (site, book, rows) = (federation.identity.id, federation.book, JobRows(database))
        self.rows = rows
        work = WorkMonitor(WorkRows(database, site: site), runner: runner, logger: logger)
        let door = GatewayDoor(gateway: federation.gateway, coSigning: federation.coSigning)
        let names: @Sendable (SiteID) -> String? = { book.find($0)?.name }
        let reads = DataReads(grants: data.grants, name: names)
        let digests: @Sendable (String) async throws -> String? = { [datasets = DatasetBook(resources.store)] name in
            try await datasets.find(name).spec["digest"]?.string
        }
        let models = ModelShelf(
            resources: resources, book: ModelBook(database), catalogue: Operators.all, site: site,
            code: ProgramVersion.text, names: names, datasets: digests)
        self.models = models
        let planning = CataloguePlanning(
            Operators.all, site: site, policy: SitePolicy.from(settings, names: names), grants: reads,
            clocks: RouteClocks(store: resources.store, names: names), earlier: StoredJobs(rows, models: models),
            code: ProgramVersion.text,
            datasets: { name in Hexadecimal.bytes(try await digests(name) ?? "") },
            approves: { [store = resources.store] plan in
                guard let id = try await rows.resource(of: plan.job), let job = try await store.find(id) else {
                    return false
                }
                return try await Tenant.wants(.job, in: job.metadata.scope, store)
                    || JobSpec(job.spec).needsApproval
            })
        let mirrors = JobResources(
            store: resources.store, names: names, spec: { Job.mirror(of: $0, at: site, peerName: names) })
        let rates = SQLiteRatesBook(database)
        var around = JobSurroundings(
            site: site, rows: rows, door: door, planning: planning, runner: runner, calls: federation.hub,
            mirrors: mirrors, socket: workerSocket, scratch: scratch, logger: logger)
        around.rates = rates
        around.cache = SQLiteTaskCache(database)
        around.columns = SQLiteColumnBook(database)
        around.models = models
        around.quotas = ResourceQuotas(resources.store)
        around.reads = reads
        around.sizes = GrantedSizes(grants: data.grants, name: names)
        let tables = ShelfTables(data.datasets, DatasetBook(resources.store), folder: scratch + "/tables")
        around.tables = tables
        let service = JobService(around)
        self.service = service
        evaluations = JobEvaluations(jobs: service, resources: resources, tables: tables)
        let datasets = DatasetBook(resources.store)
        let compiler = CatalogueCompiling(Operators.all, site: site) {
            Dictionary(book.peers.map { ($0.name, $0.site) }, uniquingKeysWith: { first, _ in first })
        } jobs: { name, scope in
            try await service.find(named: name, in: scope)
        } models: { reference, scope in
            try await models.training(of: reference, in: scope)
        } isIn: { dataset, scope in
            // What is wrong with a name otherwise is told by the checks of the site's side.
            guard let found = try? await datasets.find(dataset) else { return true }
            return found.metadata.scope == scope
        } scope: { job in
            try await service.scope(of: job)
        } rows: { dataset, party, operatorName in
            try await service.rows(of: dataset, at: party, operatorName: operatorName)
        }
        submission = JobSubmission(resources: resources, jobs: service, compiler: compiler)
        preview = JobPreview(resources: resources, compiler: compiler, catalogue: Operators.all, rates: rates)
        federation.jobs.connect(service)
        reads.stop(cancelled: data.leases, gateway: federation.gateway, jobs: service)
    }

    var services: [any Service] {
        [
            service, work,
            JobController.controller(resources: resources, jobs: service, submission: submission, logger: logger),
            JobApprovals.controller(
                resources: resources, jobs: service, rows: rows, submission: submission, preview: preview,
                site: federation.identity.id, logger: logger),
            ModelController.controller(models, logger: logger), PeerReturns(hub: federation.hub, jobs: service),
        ]
    }

    /// What leaves the site by people's hands.
    var releases: Releases { Releases(resources: resources, jobs: service, models: models) }

    var routes: [any APIRoutes] {
        [
            OperatorRoutes(catalogue: Operators.all, preview: preview),
            JobRoutes(jobs: service, submission: submission, preview: preview, releases: releases),
            JobEvaluationRoutes(jobs: service, evaluations: evaluations),
            ModelRoutes(shelf: models, releases: releases),
            ModelInsideRoutes(
                shelf: models, jobs: service, resources: resources, catalogue: Operators.all, releases: releases),
            ApprovalRoutes(desk: ApprovalDesk(resources.store), releases: releases),
            WorkRoutes(monitor: work, jobs: rows, store: resources.store) { [book = federation.book] in
                book.find($0)?.name
            },
        ]
    }
}

/// Tells the jobs what workers say and the ledger finds, once there are jobs: the federation is made before.
final class JobBox: Sendable {
    private let jobs = Mutex<JobService?>(nil)

    func connect(_ jobs: JobService) {
        self.jobs.withLock { $0 = jobs }
    }

    func tell(_ event: WorkerEvent) {
        jobs.withLock { $0 }?.tell(event)
    }

    func stopped(_ job: String, _ why: Fault) async {
        await jobs.withLock { $0 }?.ledgerStopped(job: job, why)
    }
}

/// Tells the jobs of links that came up.
private struct PeerReturns: Service {
    let hub: LinkHub
    let jobs: JobService

    func run() async throws {
        let changes = hub.changes()
        await cancelWhenGracefulShutdown {
            for await change in changes where hub.isConnected(change.peer) { await jobs.peerUp(change.peer) }
        }
    }
}
