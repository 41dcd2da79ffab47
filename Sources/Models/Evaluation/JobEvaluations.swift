import Data
import Faults
public import Jobs
import Objects
public import Resources
import Tables

/// How good the predictions are that a job's tasks left at this site beside labels: measures and curves, each of at least 20
/// rows, and how much better than those of another job on the same rows.
public struct JobEvaluations: Sendable {
    private let jobs: JobService
    private let resources: ResourceService
    private let tables: any JobTables

    public init(jobs: JobService, resources: ResourceService, tables: any JobTables) {
        self.jobs = jobs
        self.resources = resources
        self.tables = tables
    }

    /// One document for each table of predictions with labels, in the order of their tasks; empty where there is none.
    ///
    /// - Parameters:
    ///   - job: its id.
    ///   - other: the id of the job to compare with; its last table on the same rows is taken.
    /// - Throws: `JobFaults.unknownJob`, `ObjectFaults`, `TableFaults`.
    public func evaluations(of job: String, against other: String? = nil) async throws -> [JSONValue] {
        // Ids are read only to find the same rows again.
        let own = try await scored(by: job, withIDs: other != nil)
        let others = if let other { try await scored(by: other, withIDs: true) } else { [ScoredRows]() }
        return try await BlockingWork.run {
            own.compactMap { rows in
                guard var found = PredictionEvaluation(rows.predictions, labels: rows.labels)?.json else { return nil }
                found["task"] = .string(rows.task)
                found["dataset"] = .string(rows.dataset)
                found["label"] = .string(rows.label)
                if let other, var uplift = rows.uplift(over: others) {
                    uplift["job"] = .string(other)
                    found["uplift"] = .object(uplift)
                }
                return .object(found)
            }
        }
    }

    private func scored(by job: String, withIDs: Bool) async throws -> [ScoredRows] {
        let plan = try await jobs.plan(of: job)
        guard let scope = try await jobs.scope(of: job) else { return [] }
        let query = ResourceQuery(kind: Dataset.kind.name, tenant: scope.tenant, project: scope.project)
        let made = try await resources.store.listAll(query).items.filter {
            !$0.isBeingDeleted && DatasetLineage($0.spec)?.job == job && ScoredRows.areScored($0.spec)
        }
        var found: [ScoredRows] = []
        for task in plan.tasks {
            for dataset in made where DatasetLineage(dataset.spec)?.task == task.name {
                let place = dataset.metadata.scope
                let name = dataset.metadata.name
                let file = try await tables.open("\(place.tenant ?? "")/\(place.project ?? "")/\(name)")
                if let rows = try await BlockingWork.run({
                    try ScoredRows(
                        ColumnFile(descriptor: file.descriptor), task: task.name, dataset: name, withIDs: withIDs)
                }) {
                    found.append(rows)
                }
            }
        }
        return found
    }
}
