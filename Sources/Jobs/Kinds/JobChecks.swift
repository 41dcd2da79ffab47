import Faults
import Resources
import TaskRuntime

/// What of a job can be said without looking at the world: every task against the catalogue, each mistake at its path.
struct JobChecks {
    private let catalogue: OperatorCatalogue

    init(_ catalogue: OperatorCatalogue) {
        self.catalogue = catalogue
    }

    /// - Throws: one fault, or `JobFaults.invalid` with all of them.
    func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        if let old { return try checkChange(new, old) }
        let spec = JobSpec(new.spec)
        var faults = checkGraph(spec.tasks)
        let parties = Self.parties(of: spec)
        var waits: [String: Set<String>] = [:]
        for (index, task) in spec.tasks.enumerated() {
            let before = ReferenceChecks.wait(task.name, after: task.after, &waits)
            // What several tasks find in one place is told once.
            for fault in check(task, parties, before: before, at: "spec.tasks[\(index)]")
            where !faults.contains(where: { $0 == fault && $0.what == fault.what && $0.place == fault.place }) {
                faults.append(fault)
            }
        }
        faults += checkPeers(spec.peers)
        if let seed = spec.seed, seed.count != 32 {
            faults.append(Fault(JobFaults.badSeed, at: "spec.seed", wanted: "64 hexadecimal digits in lower case"))
        }
        try Self.raise(faults, new)
    }

    private func checkChange(_ new: Resource, _ old: Resource) throws(Fault) {
        let (wanted, before) = (new.spec["wanted"]?.string, old.spec["wanted"]?.string)
        if before == "cancel", wanted != before {
            throw Fault(JobFaults.cancelStands, at: "spec.wanted", wanted: "cancel")
        }
        let (attempt, last) = (new.spec["attempt"]?.integer ?? 1, old.spec["attempt"]?.integer ?? 1)
        if attempt < last {
            throw Fault(JobFaults.attemptFalls, at: "spec.attempt", wanted: "at least \(last)")
        }
    }

    /// One task: its operator, version, parameters, the operator's own rules, and what it names of earlier tasks.
    ///
    /// - Parameter before: all tasks that it waits for.
    private func check(
        _ task: JobSpec.Task, _ parties: [Party], before: Set<String>, at path: String
    ) -> [Fault] {
        guard let known = catalogue[task.operatorName]?.description else {
            return [unknownOperator(task.operatorName, at: "\(path).operator")]
        }
        var faults: [Fault] = []
        if let version = task.version, version != known.version {
            faults.append(Self.versionDiffers(known, version, at: "\(path).version"))
        }
        let (parameters, mistakes) = ParameterReading(known).read(task.parameters, at: "\(path).parameters")
        faults += mistakes
        faults += Self.check(parties, of: known, counted: "spec.peers")
        guard faults.isEmpty else { return faults }
        let setting = TaskSetting(
            parameters: parameters,
            parties: parties.enumerated().map { TaskParty(site: "\($0.offset)", role: $0.element.role) },
            seed: [UInt8](repeating: 0, count: 32))
        do throws(Fault) {
            try known.check(setting)
            return ReferenceChecks(isPlan: false).check(known, setting, before: before, at: path)
        } catch {
            return [error.placed(at: error.place.map { "\(path).\($0)" } ?? path)]
        }
    }

    func unknownOperator(_ name: String, at place: String) -> Fault {
        let names = catalogue.operators.map(\.description.name)
        return Fault(
            JobFaults.unknownOperator, "There is no operator '\(name.prefix(32))'.", at: place,
            wanted: Nearest.name(to: name, among: names).map { "did you mean '\($0)'?" }
                ?? names.joined(separator: ", ")
        )
    }

    static func versionDiffers(_ known: OperatorDescription, _ version: UInt32, at place: String) -> Fault {
        Fault(
            JobFaults.versionDiffers,
            "Version \(version) of the operator '\(known.name)' is wanted, and this site has version \(known.version).",
            at: place, wanted: "version \(known.version)")
    }

    /// A part in a job, and where it is said.
    struct Party {
        let role: String
        let path: String
    }

    /// In the order of a plan: guests first, this site before its peers.
    private static func parties(of spec: JobSpec) -> [Party] {
        let all =
            [Party(role: spec.role, path: "spec.role")]
            + spec.peers.enumerated().map { Party(role: $1.role, path: "spec.peers[\($0)].role") }
        return all.filter { $0.role == "guest" } + all.filter { $0.role != "guest" }
    }

    /// - Parameter place: where the parties are listed, for a role that too few or too many have.
    static func check(_ parties: [Party], of known: OperatorDescription, counted place: String) -> [Fault] {
        let names = known.roles.map(\.name)
        var faults = parties.filter { !names.contains($0.role) }.map { party in
            Fault(
                JobFaults.wrongRoles, "The operator '\(known.name)' knows no role '\(party.role)'.", at: party.path,
                wanted: names.joined(separator: ", "))
        }
        for role in known.roles {
            let count = parties.count { $0.role == role.name }
            if !role.count.contains(count) {
                faults.append(
                    Fault(
                        JobFaults.wrongRoles, "\(count) parties have the role '\(role.name)'.", at: place,
                        wanted: "\(role.count.lowerBound) to \(role.count.upperBound) for the operator '\(known.name)'")
                )
            }
        }
        return faults
    }

    /// Names are unique, and each task waits only for tasks above it: so there is no cycle.
    private func checkGraph(_ tasks: [JobSpec.Task]) -> [Fault] {
        var faults: [Fault] = []
        var seen: Set<String> = []
        for (index, task) in tasks.enumerated() {
            let path = "spec.tasks[\(index)]"
            if seen.contains(task.name) {
                faults.append(
                    Fault(JobFaults.wrongGraph, "Two tasks are named '\(task.name)'.", at: "\(path).name"))
            }
            for (place, name) in task.after.enumerated() where !seen.contains(name) {
                let isLater = tasks.contains { $0.name == name }
                faults.append(
                    Fault(
                        JobFaults.wrongGraph,
                        isLater ? "The task '\(name)' is not above this one." : "There is no task '\(name)'.",
                        at: "\(path).after[\(place)]", wanted: "the name of a task above"))
            }
            seen.insert(task.name)
        }
        return faults
    }

    private func checkPeers(_ peers: [JobSpec.Party]) -> [Fault] {
        var seen: Set<String> = []
        return peers.enumerated().compactMap { index, party in
            guard !seen.insert(party.peer).inserted else { return nil }
            return Fault(
                JobFaults.wrongRoles, "The peer '\(party.peer)' takes part twice.", at: "spec.peers[\(index)].peer",
                wanted: "each peer once")
        }
    }

    static func raise(_ faults: [Fault], _ resource: Resource) throws(Fault) {
        if faults.count == 1 { throw faults[0] }
        if faults.count > 1 {
            throw Fault(
                JobFaults.invalid, "Job \(resource.metadata.name) has \(faults.count) mistakes; nothing was changed.",
                parts: faults)
        }
    }
}
