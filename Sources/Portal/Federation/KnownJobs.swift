import People
import Resources

/// Jobs by the ids that ledgers and grants have of them.
struct KnownJobs {
    private static let page = 1_000

    private var jobs: [String: JobView] = [:]

    /// Reads jobs of the whole site until all that are asked for are found.
    ///
    /// - Returns: without those that the viewer may not see, and without jobs that are forgotten.
    static func of(_ visit: Visit, ids: Set<String>) async throws -> KnownJobs {
        var known = KnownJobs()
        guard !ids.isEmpty, visit.viewer.may(.view(.jobs), in: .platform) else { return known }
        var next: String?
        var read = 0
        repeat {
            let answer = try await visit.api.get("/jobs", [("limit", "\(page)"), ("continue", next)])
            for job in (answer["items"]?.array ?? []).map({ JobView(json: $0) }) {
                if let id = job.id, ids.contains(id) { known.jobs[id] = job }
            }
            read += page
            next = answer["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while next != nil && known.jobs.count < ids.count && read < SiteCalls.mostItems
        return known
    }

    subscript(_ id: String) -> JobView? { jobs[id] }

    /// Its name with the way to its page; the id where no more is known.
    func link(_ id: String) -> HTML {
        jobs[id]?.nameLink ?? code(id)
    }
}
