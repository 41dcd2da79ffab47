import Faults
public import Ledger
import People
public import Resources
public import TaskRuntime

/// Makes plans by the program's own catalogue, with the peers that are trusted now.
public struct CatalogueCompiling: JobCompiling {
    private let compiler: PlanCompiler
    private let site: SiteID
    private let peers: @Sendable () -> [String: SiteID]
    private let catalogue: OperatorCatalogue
    private let rows: @Sendable (_ dataset: String, SiteID, _ operatorName: String) async throws -> Int64
    private let jobs: @Sendable (_ name: String, Scope) async throws -> String?
    private let models: (@Sendable (ModelReference, Scope) async throws -> String)?
    private let isIn: @Sendable (_ dataset: String, Scope) async throws -> Bool
    private let scope: @Sendable (_ job: String) async throws -> Scope?

    /// - Parameters:
    ///   - site: this site, which owns what it compiles.
    ///   - peers: the site of each trusted peer by name.
    ///   - jobs: the ULID of the newest job of a name that was begun in a scope here; nil where there is none.
    ///   - models: the training of a version of a model here, as JOB/TASK; nil where there are none.
    ///   - isIn: whether a dataset of this site lives in a tenant and project; a job reads none of another one here.
    ///   - scope: where a job of this site or of a peer is kept here, by its ULID; nil for one that is not known. A job reads
    ///     what other tenants' jobs have left no more than their datasets; peers' jobs are everybody's.
    ///   - rows: of a dataset at a party, for an operator; asked where a document leaves a size open.
    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, peers: @escaping @Sendable () -> [String: SiteID],
        jobs: @escaping @Sendable (_ name: String, Scope) async throws -> String? = { _, _ in nil },
        models: (@Sendable (ModelReference, Scope) async throws -> String)? = nil,
        isIn: @escaping @Sendable (_ dataset: String, Scope) async throws -> Bool = { _, _ in true },
        scope: @escaping @Sendable (_ job: String) async throws -> Scope? = { _ in nil },
        rows: @escaping @Sendable (_ dataset: String, SiteID, _ operatorName: String) async throws -> Int64
    ) {
        self.catalogue = catalogue
        self.rows = rows
        self.jobs = jobs
        self.models = models
        self.isIn = isIn
        self.scope = scope
        compiler = PlanCompiler(catalogue)
        self.site = site
        self.peers = peers
    }

    public func plan(of resource: Resource, job: String) async throws -> JobPlan {
        var plan = try compiler.compile(resource, id: job, site: site, seed: JobPlan.randomSeed(), peers: peers())
        try await nameReferences(of: &plan, for: resource)
        try await keepToProject(plan, resource)
        for index in plan.tasks.indices { try await fillSizes(of: &plan.tasks[index], plan.parties) }
        return plan
    }

    /// What a job reads here is of its own tenant and project: whoever may submit jobs there may not by that read anything
    /// else. Peers' datasets are asked for by their grants.
    private func keepToProject(_ plan: JobPlan, _ resource: Resource) async throws {
        let own = resource.metadata.scope
        var faults: [Fault] = []
        for (index, task) in plan.tasks.enumerated() {
            guard let known = catalogue[task.operatorName]?.description else { continue }
            let setting = plan.setting(of: task)
            for job in Set(known.references(setting).compactMap(\.job)).sorted() {
                guard let found = try await scope(job), found.tenant != own.tenant, found.tenant != Partners.tenant
                else { continue }
                faults.append(
                    Fault(
                        JobFaults.earlierJobUnknown, "No job \(job) was begun in the tenant \(own.tenant ?? "").",
                        at: "spec.tasks[\(index)]"))
            }
            for use in known.reads(setting) where plan.parties[use.party].site == site {
                guard try await !isIn(use.dataset, own) else { continue }
                // The same where there is none at all.
                faults.append(
                    Fault(
                        DataFaults.unknownDataset, "There is no dataset '\(use.dataset)' in \(own).",
                        at: "spec.tasks[\(index)]"))
            }
        }
        try JobChecks.raise(faults, resource)
    }

    /// Puts ULIDs in place of the names of earlier jobs and of versions of models, so that the plan means the same at every
    /// party.
    private func nameReferences(of plan: inout JobPlan, for resource: Resource) async throws {
        var faults: [Fault] = []
        for index in plan.tasks.indices {
            guard let known = catalogue[plan.tasks[index].operatorName]?.description else { continue }
            let setting = plan.setting(of: plan.tasks[index])
            for reference in known.references(setting) where reference.isLocal {
                let name: String
                do {
                    name = try await self.name(of: reference, in: resource.metadata.scope)
                } catch let fault as Fault {
                    faults.append(
                        fault.placed(at: ReferenceChecks.place(of: reference.text, setting, at: "spec.tasks[\(index)]"))
                    )
                    continue
                }
                for parameter in known.parameters {
                    guard case .text(let text) = plan.tasks[index].parameters[parameter.name],
                        let replaced = reference.replaced(in: text, by: name)
                    else { continue }
                    let value = ParameterValue.text(replaced)
                    if !parameter.form.holds(value) {
                        faults.append(
                            ParameterReading.wrong(parameter, at: "spec.tasks[\(index)].parameters.\(parameter.name)"))
                    }
                    plan.tasks[index].parameters[parameter.name] = value
                }
            }
        }
        try JobChecks.raise(faults, resource)
    }

    /// What the reference is called at every party.
    ///
    /// - Throws: `JobFaults.earlierJobUnknown`, faults of models.
    private func name(of reference: TaskReference, in scope: Scope) async throws -> String {
        if let version = reference.version, let models { return try await models(version, scope) }
        guard let name = reference.jobName, let job = try await jobs(name, scope) else {
            throw Fault(
                JobFaults.earlierJobUnknown,
                "No job of the name '\(reference.jobName ?? "")' was begun in \(scope).",
                fix: "`atoll job list` shows the jobs; one of another project or site is named by its ULID.")
        }
        return reference.naming(job)
    }

    private func fillSizes(of task: inout PlannedTask, _ parties: [PlannedParty]) async throws {
        guard let known = catalogue[task.operatorName]?.description else { return }
        for size in known.sizes where task.parameters[size.parameter] == .integer(0) {
            guard case .text(let dataset)? = task.parameters[size.dataset],
                let party = parties.first(where: { $0.role == size.role })
            else { continue }
            let value = ParameterValue.integer(try await rows(dataset, party.site, task.operatorName))
            // Another site says so.
            guard let parameter = known.parameters.first(where: { $0.name == size.parameter }),
                parameter.form.holds(value)
            else {
                throw Fault(
                    JobFaults.wrongParameter, "The number of rows that a party tells cannot be used.",
                    at: "task \(task.name), parameters.\(size.parameter)")
            }
            task.parameters[size.parameter] = value
        }
    }
}

extension JobPlan {
    /// 32 bytes from the system's generator.
    public static func randomSeed() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
