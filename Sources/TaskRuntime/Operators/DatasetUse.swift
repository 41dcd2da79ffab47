/// A dataset that one party's side of a task reads: what a grant must allow before the task runs.
public struct DatasetUse: Sendable, Hashable {
    /// Index of the setting's party whose dataset it is.
    public let party: Int
    /// The dataset's name at that party.
    public let dataset: String

    public init(party: Int, dataset: String) {
        self.party = party
        self.dataset = dataset
    }
}
