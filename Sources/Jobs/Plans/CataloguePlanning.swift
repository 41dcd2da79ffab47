import Data
import Faults
public import Ledger
public import Sites
public import TaskRuntime

/// Plans by the program's own catalogue.
public struct CataloguePlanning: JobPlanning {
    private let catalogue: OperatorCatalogue
    private let site: SiteID
    private let approves: @Sendable (JobPlan) async throws -> Bool
    private let admission: PlanAdmission
    private let earlier: any EarlierJobs
    private let code: String
    private let datasets: @Sendable (String) async throws -> [UInt8]?

    /// - Parameters:
    ///   - site: this site.
    ///   - policy: what it allows of what it could do.
    ///   - grants: of this site.
    ///   - clocks: of the peers.
    ///   - earlier: jobs whose results plans may read.
    ///   - code: version of the program.
    ///   - datasets: the digest of a dataset of this site, 32 bytes; nil for one that is not here.
    ///   - approves: whether the job's document at this site, or its tenant, asks for the approval of somebody else.
    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, policy: any JobPolicy = ConfiguredPolicy(),
        grants: any GrantBook = MemoryGrantBook(), clocks: any PeerClocks = UnknownClocks(),
        earlier: any EarlierJobs = NoEarlierJobs(), code: String = "",
        datasets: @escaping @Sendable (String) async throws -> [UInt8]? = { _ in nil },
        approves: @escaping @Sendable (JobPlan) async throws -> Bool
    ) {
        self.catalogue = catalogue
        self.site = site
        self.approves = approves
        self.earlier = earlier
        self.code = code
        self.datasets = datasets
        admission = PlanAdmission(
            catalogue, site: site, policy: policy, grants: grants, clocks: clocks, earlier: earlier)
    }

    public func encode(_ plan: JobPlan) -> [UInt8] { plan.bytes }

    public func decode(_ bytes: [UInt8]) throws -> JobPlan { try JobPlan(bytes: bytes) }

    public func check(_ plan: JobPlan, isForeign: Bool) async throws {
        try await admission.check(plan, isForeign: isForeign)
    }

    public func approval(of plan: JobPlan, isForeign: Bool) async throws -> String? {
        try await approves(plan) ? "The job's document or its tenant asks for somebody else's approval." : nil
    }

    public func reads(of task: String, _ plan: JobPlan) -> [GrantNeed] {
        plan.grantNeeds(catalogue).filter { $0.owner == site && $0.task == task }
    }

    public func needs(of name: String, _ plan: JobPlan) -> TaskNeeds {
        var needs = TaskNeeds()
        guard let task = plan.tasks.first(where: { $0.name == name }),
            let known = catalogue[task.operatorName]?.description,
            let party = plan.parties.firstIndex(where: { $0.site == site })
        else { return needs }
        let setting = plan.setting(of: task)
        for use in known.reads(setting) where use.party == party && !needs.datasets.contains(use.dataset) {
            needs.datasets.append(use.dataset)
        }
        for text in known.inputs(setting) where !needs.results.contains(text) { needs.results.append(text) }
        needs.table = known.table(setting, party)
        for kept in known.keeps(setting, party) where plan.parties.indices.contains(kept.owner) {
            let dataset = DatasetName(kept.dataset)?.source ?? kept.dataset
            needs.columns.append(
                KeptColumns(owner: plan.parties[kept.owner].site, party: kept.owner, dataset: dataset))
        }
        return needs
    }

    public func model(of task: PlannedTask, _ plan: JobPlan) -> LeftModel.Kind? {
        switch catalogue[task.operatorName]?.description.model(plan.setting(of: task)) {
        case nil: nil
        case .parts(let name): .parts(name: name)
        case .whole(let text):
            TaskReference(result: text).map { .whole(job: $0.job ?? plan.job, task: $0.task) }
        }
    }

    public func columns(
        _ kept: KeptColumns, before: [UInt8]?, from left: TaskLeft, of task: PlannedTask, _ plan: JobPlan
    ) throws -> [UInt8]? {
        guard let known = catalogue[task.operatorName], let party = plan.parties.firstIndex(where: { $0.site == site })
        else { return before }
        return try known.columns(of: kept.party, before: before, from: left, plan.setting(of: task), party: party)
    }

    public func declared(_ plan: JobPlan, digest: [UInt8], epoch: UInt64) -> DeclaredPlan {
        plan.declared(at: site, digest: digest, epoch: epoch, catalogue)
    }

    public func seed(of task: String, _ plan: JobPlan) -> [UInt8] { plan.seed(of: task) }

    public func digest(ofResult result: [UInt8], of task: String, _ plan: JobPlan) throws -> [UInt8] {
        try TaskResult(decoding: result).partDigest(seed: plan.seed(of: task))
    }

    public func key(of task: PlannedTask, in plan: JobPlan, after outputs: [String: [UInt8]]) async throws -> TaskKey? {
        guard let known = catalogue[task.operatorName]?.description, known.isReusable,
            let party = plan.parties.firstIndex(where: { $0.site == site })
        else { return nil }
        var inputs: [[UInt8]] = []
        for name in task.after {
            guard let output = outputs[name] else { return nil }
            inputs.append(output)
        }
        let setting = plan.setting(of: task)
        for use in known.reads(setting) where use.party == party {
            guard let digest = try await datasets(use.dataset) else { return nil }
            inputs.append(digest)
        }
        for text in known.inputs(setting) {
            guard let digest = try await digest(ofResult: text, after: outputs) else { return nil }
            inputs.append(digest)
        }
        return TaskKey(plan, task, party: party, inputs: inputs, codeVersion: code)
    }

    /// Nil for a result that is not here.
    private func digest(ofResult text: String, after outputs: [String: [UInt8]]) async throws -> [UInt8]? {
        guard let reference = TaskReference(result: text) else { return nil }
        guard let job = reference.job else { return outputs[reference.task] }
        return try await earlier.find(job)?.outputs[reference.task]
    }
}
