/// Lets the tasks of jobs read this site's datasets, and counts it. Implemented where grants are.
///
/// - Conflict: of two jobs for the last use of a grant one is refused.
/// - Retry: a worker that begins again is no further use; ending again is no error.
/// - Order: what `begin` counted is durable before it returns, and nothing is opened before that.
/// - Durability: uses are never taken back. Permissions end with the process that took them, within seconds.
/// - Cancelling: whoever implements it stops the job (`JobService.stopped`) when a permission ends before the reading.
public protocol JobReads: Sendable {
    /// Records use and permission for everything that a worker will read, all or nothing.
    ///
    /// - Throws: the number of the term that stands against it.
    func begin(_ needs: [GrantNeed], for worker: WorkerID) async throws

    /// The worker is gone.
    func end(_ worker: WorkerID) async
}

/// For sites without datasets, and for tests: nothing is asked and nothing counted.
public struct UncountedReads: JobReads {
    public init() {}

    public func begin(_ needs: [GrantNeed], for worker: WorkerID) async {}
    public func end(_ worker: WorkerID) async {}
}
