public import Faults
public import Ledger
public import Resources
public import TaskRuntime

/// Makes the plan of a job from its document: names become sites, defaults are filled in, order is fixed.
public struct PlanCompiler: Sendable {
    private let catalogue: OperatorCatalogue

    public init(_ catalogue: OperatorCatalogue) {
        self.catalogue = catalogue
    }

    /// - Parameters:
    ///   - job: the document as it was admitted.
    ///   - id: the job's ULID.
    ///   - site: this site, which owns the job.
    ///   - seed: 32 random bytes, used where the document gives none.
    ///   - peers: the site of each trusted peer by name.
    /// - Throws: `JobFaults.unknownPeer`, `.invalid`, and every fault of the document's tasks.
    public func compile(
        _ job: Resource, id: String, site: SiteID, seed: [UInt8], peers: [String: SiteID]
    ) throws(Fault) -> JobPlan {
        let spec = JobSpec(job.spec)
        try JobChecks(catalogue).check(job, nil)
        var parties = [PlannedParty(site: site, role: spec.role)]
        var faults: [Fault] = []
        for (index, party) in spec.peers.enumerated() {
            guard let known = peers[party.peer] else {
                faults.append(
                    Fault(
                        JobFaults.unknownPeer, "The peer '\(party.peer)' is not known or not trusted here.",
                        at: "spec.peers[\(index)].peer",
                        wanted: peers.isEmpty
                            ? "a peer: `atoll peer invite`" : peers.keys.sorted().joined(separator: ", ")
                    ))
                continue
            }
            parties.append(PlannedParty(site: known, role: party.role))
        }
        try JobChecks.raise(faults, job)
        // Guests come first; the order is otherwise that of the document, this site before its peers.
        parties = parties.filter { $0.role == "guest" } + parties.filter { $0.role != "guest" }
        return JobPlan(
            job: id, name: job.metadata.name, owner: site, seed: spec.seed ?? seed, parties: parties,
            tasks: spec.tasks.map(planned), limits: spec.limits)
    }

    private func planned(_ task: JobSpec.Task) -> PlannedTask {
        guard let known = catalogue[task.operatorName]?.description else { preconditionFailure("the task was checked") }
        return PlannedTask(
            name: task.name, operatorName: known.name, operatorVersion: known.version, after: task.after,
            parameters: ParameterReading(known).read(task.parameters, at: "").0)
    }
}
