import Ledger

/// Jobs that took place at this site, as far as plans refer to them.
///
/// - Retry: asking changes nothing.
/// - Order: the answer is for this moment; a job that has succeeded stays so until it is deleted, which a plan that refers
///   to it finds out when its task begins.
public protocol EarlierJobs: Sendable {
    /// Nil for a job that is not known here.
    ///
    /// - Parameter job: a ULID.
    func find(_ job: String) async throws -> EarlierJob?
}

/// A job that was begun at this site.
public struct EarlierJob: Sendable, Hashable {
    public let plan: JobPlan
    public let hasSucceeded: Bool
    /// The digests of what its tasks left at this site, 32 bytes each, by task.
    public let outputs: [String: [UInt8]]

    public init(plan: JobPlan, hasSucceeded: Bool, outputs: [String: [UInt8]]) {
        self.plan = plan
        self.hasSucceeded = hasSucceeded
        self.outputs = outputs
    }
}

/// Knows no job.
public struct NoEarlierJobs: EarlierJobs {
    public init() {}

    public func find(_ job: String) async throws -> EarlierJob? { nil }
}

/// The jobs that are stored here, and those of which only models are.
public struct StoredJobs: EarlierJobs {
    private let rows: JobRows
    private let models: any JobModels

    /// - Parameter models: what is left of jobs that are forgotten.
    public init(_ rows: JobRows, models: any JobModels = NoModels()) {
        self.rows = rows
        self.models = models
    }

    public func find(_ job: String) async throws -> EarlierJob? {
        guard let (entry, state, _) = try await rows.find(job) else { return try await models.find(job) }
        let record = state.participant
        return EarlierJob(
            plan: try JobPlan(bytes: entry.plan), hasSucceeded: record.decision?.phase == .succeeded,
            outputs: record.digests.compactMapValues { Hexadecimal.bytes($0) })
    }
}
