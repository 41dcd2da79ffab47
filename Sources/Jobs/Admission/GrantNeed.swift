import Data
public import Ledger
public import TaskRuntime

/// A permission that a plan needs: of the owner of a dataset, towards another party, for one task.
public struct GrantNeed: Sendable, Hashable {
    /// The site whose dataset is read, and which gives the grant.
    public let owner: SiteID
    public let dataset: String
    /// Whom it must be given to.
    public let peer: SiteID
    public let task: String
    public let operatorName: String
    /// What is read of it, and for what.
    public let use: DatasetUse

    /// - Parameter use: nil for every column and nothing revealed.
    public init(
        owner: SiteID, dataset: String, peer: SiteID, task: String, operatorName: String, use: DatasetUse? = nil
    ) {
        self.owner = owner
        self.dataset = dataset
        self.peer = peer
        self.use = use ?? DatasetUse(party: 0, dataset: dataset)
        self.task = task
        self.operatorName = operatorName
    }

    /// The dataset that a grant is asked for: a grant of what a job has made the dataset of does.
    var grantedName: String { DatasetName(dataset)?.source ?? dataset }
}

extension JobPlan {
    /// Every grant that the plan needs at any party: each party's datasets towards every other party, the guest's too.
    /// In the order of tasks, then of parties. A task whose operator is not here needs none that could be named.
    public func grantNeeds(_ catalogue: OperatorCatalogue) -> [GrantNeed] {
        tasks.flatMap { task -> [GrantNeed] in
            guard let known = catalogue[task.operatorName]?.description else { return [] }
            return known.reads(setting(of: task)).flatMap { use -> [GrantNeed] in
                guard parties.indices.contains(use.party) else { return [] }
                let owner = parties[use.party].site
                return parties.map(\.site).filter { $0 != owner }.map {
                    GrantNeed(
                        owner: owner, dataset: use.dataset, peer: $0, task: task.name, operatorName: known.name,
                        use: use)
                }
            }
        }
    }
}
