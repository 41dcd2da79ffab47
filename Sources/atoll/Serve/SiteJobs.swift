import API
import Faults
import Jobs
import Ledger
import Logging
import Resources
import ServiceLifecycle
import Sites
import Synchronization

/// The site's jobs, put together with its federation.
struct SiteJobs {
    let service: JobService
    private let submission: JobSubmission
    private let federation: Federation
    private let resources: ResourceService
    private let logger: Logger

    /// - Parameters:
    ///   - spec: of the mirror of another site's job.
    ///   - scratch: folder for what workers keep while they run.
    init(
        federation: Federation, resources: ResourceService, database: SQLiteDatabase, runner: any WorkerRunner,
        planning: any JobPlanning, compiler: any JobCompiling, spec: @escaping @Sendable (JobPlan) -> JSONValue,
        workerSocket: String, scratch: String, logger: Logger
    ) {
        self.federation = federation
        self.resources = resources
        self.logger = logger
        let door = GatewayDoor(gateway: federation.gateway, coSigning: federation.coSigning)
        let mirrors = JobResources(
            store: resources.store, names: { [book = federation.book] in book.find($0)?.name }, spec: spec)
        service = JobService(
            JobSurroundings(
                site: federation.identity.id, rows: JobRows(database), door: door, planning: planning, runner: runner,
                calls: federation.hub, mirrors: mirrors, socket: workerSocket, scratch: scratch, logger: logger))
        submission = JobSubmission(resources: resources, jobs: service, compiler: compiler)
        federation.jobs.connect(service)
    }

    var services: [any Service] {
        [
            service,
            JobController.controller(resources: resources, jobs: service, submission: submission, logger: logger),
            PeerReturns(hub: federation.hub, jobs: service),
        ]
    }

    var routes: [any APIRoutes] { [JobRoutes(jobs: service, submission: submission)] }
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
