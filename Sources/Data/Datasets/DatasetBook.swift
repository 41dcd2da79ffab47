import Faults
public import Resources

/// Datasets of the site by the names that plans of jobs use.
public struct DatasetBook: Sendable {
    private let store: any ResourceStore

    public init(_ store: any ResourceStore) {
        self.store = store
    }

    /// - Parameter text: `NAME`, where no other dataset of the site has it, or `TENANT/PROJECT/NAME`.
    /// - Throws: `DataFaults.unknownDataset`, `.ambiguousDataset`.
    public func find(_ text: String) async throws -> Resource {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 1 || words.count == 3, words.allSatisfy(Names.isValid) else { throw Self.unknown(text) }
        if words.count == 3 {
            let id = Dataset.id(words[2], in: Scope(tenant: words[0], project: words[1]))
            guard let found = try await store.find(id), !found.isBeingDeleted else { throw Self.unknown(text) }
            return found
        }
        let found = try await store.listAll(ResourceQuery(kind: Dataset.kind.name)).items.filter {
            $0.metadata.name == text && !$0.isBeingDeleted
        }
        guard let first = found.first else { throw Self.unknown(text) }
        guard found.count == 1 else {
            throw Fault(
                DataFaults.ambiguousDataset, "\(found.count) datasets have the name '\(text)'.", at: "dataset \(text)")
        }
        return first
    }

    private static func unknown(_ text: String) -> Fault {
        let isPlain = text.split(separator: "/").allSatisfy { Names.isValid(String($0)) } && text.utf8.count < 200
        return Fault(DataFaults.unknownDataset, at: isPlain ? "dataset \(text)" : "dataset")
    }
}
