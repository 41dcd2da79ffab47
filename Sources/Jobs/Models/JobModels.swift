/// Where the models that jobs leave are kept, so that they outlive their jobs.
///
/// - Conflict: a task of a job leaves one model at a site; the first that is kept stays.
/// - Retry: keeping the same again changes nothing.
/// - Order: `keep` is called once the job has succeeded, before it is closed here.
/// - Durability: what `keep` returned for is found after any crash, also when the job is forgotten.
public protocol JobModels: Sendable {
    /// Keeps a task's result as this site's part of a new version of a model, or as the whole of one that is here.
    ///
    /// - Returns: a line for the job's log; nil where nothing new is kept.
    func keep(_ model: LeftModel) async throws -> String?

    /// A job whose models are here, with nothing but them; nil for another one.
    ///
    /// - Parameter job: a ULID.
    func find(_ job: String) async throws -> EarlierJob?

    /// What a task of a job handed over (`TaskResult.encoded`); nil where no model is kept of it.
    func result(_ job: String, _ task: String) async throws -> [UInt8]?
}

/// What a task that has to do with a model left at this site.
public struct LeftModel: Sendable {
    public enum Kind: Sendable, Hashable {
        /// A part of a new version; the name is nil where the model has the job's.
        case parts(name: String?)
        /// The whole of the version that a task of a job left, which may be this one.
        case whole(job: String, task: String)
    }

    public let kind: Kind
    public let plan: JobPlan
    public let task: PlannedTask
    /// Where the job's resource is.
    public let place: JobEntry.Place
    /// What the worker handed over.
    public let output: JobOutput

    public init(kind: Kind, plan: JobPlan, task: PlannedTask, place: JobEntry.Place, output: JobOutput) {
        self.kind = kind
        self.plan = plan
        self.task = task
        self.place = place
        self.output = output
    }
}

/// For sites that keep no models: they go with their jobs.
public struct NoModels: JobModels {
    public init() {}

    public func keep(_ model: LeftModel) async -> String? { nil }
    public func find(_ job: String) async -> EarlierJob? { nil }
    public func result(_ job: String, _ task: String) async -> [UInt8]? { nil }
}
