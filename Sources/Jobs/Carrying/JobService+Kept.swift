public import Resources

/// What is kept of jobs here, whether they go on or are over.
extension JobService {
    /// The tenant and project that keep a job here; nil for one that is not known.
    public func scope(of job: String) async throws -> Scope? { try await around.rows.find(job)?.0.scope }

    /// What each task left here.
    public func outputs(_ job: String) async throws -> [JobOutput] {
        try await around.rows.outputs(job)
    }
}
