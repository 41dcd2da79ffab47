import Faults
public import Ledger
import People
public import Resources

/// Jobs as resources of the site's store: the status of every job, and mirrors of other sites' jobs in the tenant
/// `partners`, in a project of the peer's name.
public struct JobResources: JobMirrors {
    private let store: any ResourceStore
    private let names: @Sendable (SiteID) -> String?
    private let spec: @Sendable (JobPlan) -> JSONValue

    /// - Parameters:
    ///   - names: the name of a peer here; nil for this site.
    ///   - spec: of a mirror.
    public init(
        store: any ResourceStore, names: @escaping @Sendable (SiteID) -> String?,
        spec: @escaping @Sendable (JobPlan) -> JSONValue
    ) {
        self.store = store
        self.names = names
        self.spec = spec
    }

    public func scope(of owner: SiteID) -> Scope? {
        names(owner).map(Partners.scope)
    }

    public func mirror(_ plan: JobPlan, digest: [UInt8]) async throws -> JobEntry.Place {
        guard let peer = names(plan.owner) else { throw Fault(JobFaults.notParty, "The owner is not a peer.") }
        let note = ChangeNote(author: "peer \(peer)", reason: "job \(plan.job)")
        let scope = Partners.scope(of: peer)
        try await Partners.prepare(peer, in: store, by: note)
        // The ULID's end tells two of one name apart, and a mirror that was made before from another job's.
        let other = String("\(plan.name.prefix(36))-\(plan.job.lowercased())".prefix(63))
        for name in [plan.name, other] {
            let id = ResourceID(kind: "Job", scope: scope, name: name)
            let labels = ["atoll.dev/job": plan.job.lowercased()]
            if let found = try await store.find(id) {
                if found.metadata.labels == labels { return .init(name: name, scope: scope) }
                continue
            }
            do {
                var resource = Resource(id, labels: labels, spec: spec(plan))
                resource.metadata.finalizers = [Job.finalizer]
                _ = try await store.create(resource, by: note)
                return .init(name: name, scope: scope)
            } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {}
        }
        throw Fault(ResourceFaults.alreadyExists, at: "Job \(other)")
    }

    public func publish(_ summary: JobSummary, of entry: JobEntry) async throws {
        let name: (String) -> String? = { [names] text in SiteID(text).flatMap(names) }
        let members = summary.json(
            job: entry.job, digest: entry.digest.hexadecimal, owner: names(entry.owner) ?? entry.owner.text, name: name)
        let message = String(summary.message(name).prefix(1_000))
        do {
            try await store.modifyStatus(entry.id) { resource in
                var status = resource.status.object ?? [:]
                for (key, value) in members { status[key] = value }
                status["timeline"] = .array(
                    JobSummary.timeline(
                        status["timeline"]?.array ?? [], adding: members["parties"]?.array ?? [], at: .now,
                        isOver: summary.state.isFinal))
                for name in ["reason", "remainingSeconds"] where members[name] == nil {
                    status[name] = nil
                }
                resource.status = .object(status)
                let isOver = summary.state.isFinal
                resource.set(
                    Condition(
                        "Complete", isOver ? .isTrue : .isFalse, reason: summary.state.rawValue,
                        message: message,
                        observedGeneration: resource.metadata.generation))
            }
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {}
    }
}
