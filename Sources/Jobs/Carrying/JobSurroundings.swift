public import Ledger
public import Logging
public import Resources
public import Sites

/// What the jobs of a site share.
public struct JobSurroundings: Sendable {
    public let site: SiteID
    public let rows: JobRows
    public let door: any JobDoor
    public let planning: any JobPlanning
    public let runner: any WorkerRunner
    public let calls: any LinkCalls
    public let mirrors: any JobMirrors
    /// Path of the workers' socket.
    public let socket: String
    /// Folder in which each job has one of its own while it runs.
    public let scratch: String
    public let logger: Logger
    public var times = JobTimes()
    public var pace = JobPace()
    /// Asked before a worker that reads is started.
    public var reads: any JobReads = UncountedReads()
    /// What workers read and leave.
    public var tables: any JobTables = NoTables()
    /// Asked for plans that are made here and at peers.
    public var sizes: any DatasetSizes = UnknownSizes()
    /// Gets what `verify` measures; nil keeps nothing.
    public var rates: (any RatesBook)?
    /// Outputs that later jobs reuse; nil reuses nothing.
    public var cache: (any TaskCache)?
    /// What is remembered of the columns of datasets.
    public var columns: any ColumnBook = MemoryColumnBook()
    /// That jobs of this site and of peers are held to.
    public var quotas: any JobQuotas = NoQuotas()
    /// Keeps the models that jobs leave.
    public var models: any JobModels = NoModels()

    public init(
        site: SiteID, rows: JobRows, door: any JobDoor, planning: any JobPlanning, runner: any WorkerRunner,
        calls: any LinkCalls, mirrors: any JobMirrors, socket: String, scratch: String, logger: Logger
    ) {
        self.site = site
        self.rows = rows
        self.door = door
        self.planning = planning
        self.runner = runner
        self.calls = calls
        self.mirrors = mirrors
        self.socket = socket
        self.scratch = scratch
        self.logger = logger
    }
}

/// How often the sites of a job speak to each other when nothing happens.
public struct JobPace: Sendable {
    /// While workers run, or should soon.
    public var active: Duration = .seconds(1)
    /// While something is waited for that the partner tells by itself.
    public var idle: Duration = .seconds(10)
    /// The longest pause between two attempts at a partner that does not answer.
    public var mostPause: Duration = .seconds(15)
    /// The shortest time between two writings of a job's status.
    public var status: Duration = .milliseconds(500)
    /// How long a worker that is stopped may take before it is killed.
    public var grace: Duration = .seconds(2)
    /// The same where it may not read any more.
    public var hurry: Duration = .milliseconds(500)
    /// How long the result of a worker that has ended may take on its way through the gateway.
    public var farewell: Duration = .seconds(10)

    public init() {}
}

/// Where the jobs of this site are seen as resources.
///
/// - Retry: calls may be repeated; making a mirror that is there finds it again.
public protocol JobMirrors: Sendable {
    /// Makes the resource of another site's job.
    ///
    /// - Returns: its id; the plan's name, or another one where that is taken.
    func mirror(_ plan: JobPlan, digest: [UInt8]) async throws -> JobEntry.Place

    /// Where jobs of a peer are kept; nil for what is none.
    func scope(of owner: SiteID) -> Scope?

    /// Writes what is known of a job to the status of its resource. A resource that is gone is no error.
    func publish(_ summary: JobSummary, of entry: JobEntry) async throws
}

extension JobMirrors {
    public func scope(of owner: SiteID) -> Scope? { nil }
}
