import Faults
public import Ledger
public import Resources
public import TaskRuntime

/// Makes plans by the program's own catalogue, with the peers that are trusted now.
public struct CatalogueCompiling: JobCompiling {
    private let compiler: PlanCompiler
    private let site: SiteID
    private let peers: @Sendable () -> [String: SiteID]
    private let catalogue: OperatorCatalogue
    private let rows: @Sendable (_ dataset: String, SiteID, _ operatorName: String) async throws -> Int64

    /// - Parameters:
    ///   - site: this site, which owns what it compiles.
    ///   - peers: the site of each trusted peer by name.
    ///   - rows: of a dataset at a party, for an operator; asked where a document leaves a size open.
    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, peers: @escaping @Sendable () -> [String: SiteID],
        rows: @escaping @Sendable (_ dataset: String, SiteID, _ operatorName: String) async throws -> Int64
    ) {
        self.catalogue = catalogue
        self.rows = rows
        compiler = PlanCompiler(catalogue)
        self.site = site
        self.peers = peers
    }

    public func plan(of resource: Resource, job: String) async throws -> JobPlan {
        var plan = try compiler.compile(resource, id: job, site: site, seed: JobPlan.randomSeed(), peers: peers())
        for index in plan.tasks.indices { try await fillSizes(of: &plan.tasks[index], plan.parties) }
        return plan
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
