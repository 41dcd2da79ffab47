import Faults
public import Resources

/// Datasets of the site by the names that plans of jobs use.
public struct DatasetBook: Sendable {
    private let store: any ResourceStore

    public init(_ store: any ResourceStore) {
        self.store = store
    }

    /// - Parameter text: see `DatasetName`; a job by its ULID.
    /// - Throws: `DataFaults.unknownDataset`, `.ambiguousDataset`.
    public func find(_ text: String) async throws -> Resource {
        guard let wanted = DatasetName(text) else { throw Fault(DataFaults.unknownDataset, at: "dataset") }
        let unknown = Fault(
            DataFaults.unknownDataset,
            wanted.task.map { "Task \($0) of that job has left nothing of '\(wanted.name)' here." },
            at: "dataset \(text)")
        if wanted.task == nil, let scope = wanted.scope {
            guard let found = try await store.find(Dataset.id(wanted.name, in: scope)), !found.isBeingDeleted else {
                throw unknown
            }
            return found
        }
        let query = ResourceQuery(
            kind: Dataset.kind.name, tenant: wanted.scope?.tenant, project: wanted.scope?.project)
        let all = try await store.listAll(query).items.filter { !$0.isBeingDeleted && wanted.mayBeName(of: $0) }
        var found = all.filter(wanted.isName)
        if found.isEmpty {
            // What was made of something that was made of it.
            for dataset in all
            where try await withSources(dataset).dropFirst().contains(where: { $0.dataset.metadata.name == wanted.name }
            ) {
                found.append(dataset)
            }
        }
        guard let first = found.first else { throw unknown }
        guard found.count == 1 else {
            throw Fault(
                DataFaults.ambiguousDataset, "\(found.count) datasets have the name '\(text)'.", at: "dataset \(text)")
        }
        return first
    }

    /// The dataset, and what jobs have made it of, back to what somebody uploaded, nearest first; with the columns of the
    /// dataset that each of them has as well. A source that was deleted since, or stands for another table now, ends the
    /// list.
    func withSources(_ dataset: Resource) async throws -> [(dataset: Resource, columns: Set<String>)] {
        var columns = Set(Self.columns(dataset))
        var found = [(dataset: dataset, columns: Set(columns.map(\.name)))]
        var last = dataset
        while let lineage = DatasetLineage(last.spec), found.count < Self.longestLineage {
            guard let source = try await store.find(Dataset.id(lineage.dataset, in: last.metadata.scope)),
                !source.isBeingDeleted, DatasetSpec(source.spec).digest == lineage.digest,
                !found.contains(where: { $0.dataset.metadata.uid == source.metadata.uid })
            else { break }
            columns.formIntersection(Self.columns(source))
            found.append((source, Set(columns.map(\.name))))
            last = source
        }
        return found
    }

    private static let longestLineage = 64

    /// A column is another one where its type is.
    private struct Column: Hashable {
        let name: String
        let type: String
        let scale: Int64?
    }

    private static func columns(_ dataset: Resource) -> [Column] {
        (dataset.spec["columns"]?.array ?? []).map {
            Column(name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "", scale: $0["scale"]?.integer)
        }
    }
}

extension DatasetName {
    /// Without regard to the scope, and to what the task of a job has read.
    fileprivate func mayBeName(of dataset: Resource) -> Bool {
        guard let task else { return dataset.metadata.name == name }
        guard let lineage = DatasetLineage(dataset.spec) else { return false }
        return lineage.job == job && lineage.task == task
    }

    fileprivate func isName(of dataset: Resource) -> Bool {
        task == nil ? dataset.metadata.name == name : DatasetLineage(dataset.spec)?.dataset == name
    }
}
