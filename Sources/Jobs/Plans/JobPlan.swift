public import Ledger
public import TaskRuntime

/// What a job will do, as all its parties agree on it: made once by its owner, immutable, the same bytes everywhere.
public struct JobPlan: Sendable, Hashable {
    public static let mostParties = 16
    public static let mostTasks = 64

    /// The job's ULID, upper case.
    public let job: String
    /// The name that its owner gave it.
    public let name: String
    /// The site that proposed it and decides.
    public let owner: SiteID
    /// 32 bytes; the seeds of the tasks are derived from it.
    public let seed: [UInt8]
    /// In the order of the plan: guest first, then hosts; the order in which parties are counted everywhere.
    public let parties: [PlannedParty]
    /// In an order in which each task comes after those it waits for.
    public internal(set) var tasks: [PlannedTask]
    public let limits: JobLimits

    public init(
        job: String, name: String, owner: SiteID, seed: [UInt8], parties: [PlannedParty], tasks: [PlannedTask],
        limits: JobLimits
    ) {
        self.job = job
        self.name = name
        self.owner = owner
        self.seed = seed
        self.parties = parties
        self.tasks = tasks
        self.limits = limits
    }
}

/// A site that takes part in a job.
public struct PlannedParty: Sendable, Hashable {
    public let site: SiteID
    public let role: String

    public init(site: SiteID, role: String) {
        self.site = site
        self.role = role
    }
}

/// A task of a plan; it runs at every party at once.
public struct PlannedTask: Sendable, Hashable {
    /// Unique within the plan; a resource name.
    public let name: String
    public let operatorName: String
    public let operatorVersion: UInt32
    /// Names of earlier tasks that must have succeeded.
    public let after: [String]
    /// Complete: defaults are filled in.
    public internal(set) var parameters: [String: ParameterValue]

    public init(
        name: String, operatorName: String, operatorVersion: UInt32, after: [String],
        parameters: [String: ParameterValue]
    ) {
        self.name = name
        self.operatorName = operatorName
        self.operatorVersion = operatorVersion
        self.after = after
        self.parameters = parameters
    }
}

/// What a job may use at each party.
public struct JobLimits: Sendable, Hashable {
    /// What a job may ask for: MiB, cores, and seconds (at most 30 days).
    public static let memoryBounds: ClosedRange<Int64> = 64...1_048_576
    public static let coreBounds: ClosedRange<Int64> = 1...256
    public static let secondBounds: ClosedRange<Int64> = 1...2_592_000

    /// Resident memory of one worker in bytes.
    public let memory: UInt64
    /// Cores of one worker.
    public let cores: Int
    /// Wall time of the whole job in seconds.
    public let seconds: Int64

    public init(memory: UInt64, cores: Int, seconds: Int64) {
        self.memory = memory
        self.cores = cores
        self.seconds = seconds
    }
}
