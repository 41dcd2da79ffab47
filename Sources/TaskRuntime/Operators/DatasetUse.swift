/// A dataset that one party's side of a task reads: what a grant must allow before the task runs.
public struct DatasetUse: Sendable, Hashable {
    /// How long a parameter that names a dataset may be.
    public static let nameLength = 1...320

    /// Index of the setting's party whose dataset it is.
    public let party: Int
    /// The dataset at that party: `NAME`, or `TENANT/PROJECT/NAME` where the name alone is not enough; either with
    /// `@JOB/TASK` for what a task of an earlier job has left of it.
    public let dataset: String
    /// The columns that are read; nil for all.
    public var columns: [String]?
    /// What other parties are told beyond the operator's messages: `bins`, `partial_scores`, `model`.
    public var reveals: Set<String> = []
    /// The smallest intersection with which the task goes on; nil for tasks that make none.
    public var minimumIntersection: Int64?
    /// The smallest bin that the task tells of; nil for tasks that tell of none.
    public var minimumBin: Int64?
    /// How many ids another party tests against the dataset; 0 for tasks that test none.
    public var ids: Int64 = 0

    public init(party: Int, dataset: String) {
        self.party = party
        self.dataset = dataset
    }
}
