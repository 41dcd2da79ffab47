import Data
import Faults
public import Jobs
import Ledger
public import Models
import People
public import Resources

/// Results of jobs that leave the site: where a tenant wants two pairs of eyes on that, somebody else than who takes them out
/// has approved it before.
public struct Releases: Sendable {
    private let desk: ApprovalDesk
    private let resources: ResourceService
    private let jobs: JobService
    private let models: ModelShelf

    public init(resources: ResourceService, jobs: JobService, models: ModelShelf) {
        desk = ApprovalDesk(resources.store)
        self.resources = resources
        self.jobs = jobs
        self.models = models
    }

    /// Something that can be taken out, as it is now.
    private struct Subject {
        let text: String
        let binding: String
        let what: String
        /// Whether a job has made it; what was brought here can be taken away again.
        let isResult: Bool
        var bytes: Int64?
    }

    /// - Parameter subject: `jobs/NAME`, `models/NAME`, `models/NAME:VERSION`, `datasets/NAME`.
    /// - Throws: `PeopleFaults.notReleased` where the tenant wants an approval and this caller has none that holds; what
    ///   looking it up throws.
    public func check(_ subject: String, in scope: Scope, by author: String) async throws {
        guard try await desk.isWanted(.resultRelease, in: scope) else { return }
        let found = try await find(subject, in: scope)
        guard found.isResult else { return }
        guard
            try await desk.holds(
                .resultRelease, found.text, binding: found.binding, requester: author, in: scope)
        else { throw Fault(PeopleFaults.notReleased, at: found.text) }
    }

    /// Asks for the approval of a release.
    ///
    /// - Throws: `PeopleFaults.releaseSubject`; what looking it up throws.
    func ask(_ subject: String, why: String, in scope: Scope, by author: String) async throws -> Resource {
        let found = try await find(subject, in: scope)
        guard found.isResult else { throw Fault(PeopleFaults.releaseSubject, at: "subject") }
        var request = ApprovalRequest(
            .resultRelease, subject: found.text, binding: found.binding, requester: author, what: found.what)
        request.why = why
        request.leaks = ["\(author) has it outside of the site: \(found.what)"]
        if let bytes = found.bytes { request.cost["bytes"] = .integer(bytes) }
        return try await desk.ask(request, in: scope)
    }

    private func find(_ text: String, in scope: Scope) async throws -> Subject {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw Fault(PeopleFaults.releaseSubject, at: "subject") }
        switch parts[0] {
        case "datasets": return try await dataset(parts[1], in: scope)
        case "models": return try await model(parts[1], in: scope)
        case "jobs": return try await job(parts[1], in: scope)
        default: throw Fault(PeopleFaults.releaseSubject, at: "subject")
        }
    }

    private func dataset(_ name: String, in scope: Scope) async throws -> Subject {
        try Names.check(name, at: "subject")
        let found = try await resources.store.get(Dataset.id(name, in: scope))
        let spec = DatasetSpec(found.spec)
        return Subject(
            text: "datasets/\(name)", binding: spec.digest,
            what: "the \(spec.rows) rows of dataset \(name), columns \(spec.columns.joined(separator: ", "))",
            isResult: found.spec["origin"]?.string == "job", bytes: spec.bytes)
    }

    private func model(_ text: String, in scope: Scope) async throws -> Subject {
        guard let reference = ModelReference(text) else { throw Fault(PeopleFaults.releaseSubject, at: "subject") }
        let spec = try await models.facts(reference, in: scope)["version"]?["spec"]
        let (name, version) = (spec?["model"]?.string ?? "", spec?["version"]?.integer ?? 0)
        return Subject(
            text: "models/\(name):\(version)", binding: spec?["part"]?.string ?? "",
            what: "this site's part of version \(version) of model \(name)", isResult: true)
    }

    private func job(_ name: String, in scope: Scope) async throws -> Subject {
        try Names.check(name, at: "subject")
        let job = try await jobs.job(named: name, in: scope)
        return Subject(
            text: "jobs/\(name)", binding: job, what: "what the job \(name) has left at this site", isResult: true)
    }
}
