import Faults
public import Resources
public import TaskRuntime

/// Says what a job's document would mean, and stores nothing.
public struct JobPreview: Sendable {
    private let resources: ResourceService
    private let compiler: any JobCompiling
    private let catalogue: OperatorCatalogue
    private let rates: any RatesBook

    public init(
        resources: ResourceService, compiler: any JobCompiling, catalogue: OperatorCatalogue, rates: any RatesBook
    ) {
        self.resources = resources
        self.compiler = compiler
        self.catalogue = catalogue
        self.rates = rates
    }

    /// - Throws: everything that is wrong with the document.
    public func statement(_ document: Document, defaults: Scope) async throws -> PlanStatement {
        let note = ChangeNote(author: "preview")
        let checked = try await resources.apply([document], defaults: defaults, by: note, dryRun: true)
        guard let first = checked.first, first.resource.kind == Job.kindName else {
            throw Fault(
                ResourceFaults.unknownKind, "The document is no Job.", at: document.locate("kind"), wanted: "Job")
        }
        let plan = try await compiler.plan(of: first.resource, job: ULID.make())
        return try await statement(plan)
    }

    /// The same of a plan that is there: what whoever is to approve it reads.
    public func statement(_ plan: JobPlan) async throws -> PlanStatement {
        PlanStatement(plan, rates: try await rates.rates(for: plan), catalogue)
    }
}
