public import Faults
public import Resources

/// What a task of a job is about to read, towards one peer.
public struct ReadRequest: Sendable, Hashable {
    /// The dataset's resource.
    public var dataset: ResourceID
    public var datasetUID: String
    /// All rows of the dataset.
    public var rows: Int64
    /// The columns that are read.
    public var columns: [String]
    /// The peer's name at this site.
    public var peer: String
    public var algorithm: String
    /// Words of `Reveal`; what is no such word is in no grant.
    public var reveals: Set<String>
    /// The smallest intersection with which the task goes on; nil for tasks that make none.
    public var minimumIntersection: Int64?
    /// The smallest bin that the task tells of; nil for tasks that tell of none.
    public var minimumBin: Int64?
    /// How many ids the peer tests; 0 for tasks that test none.
    public var ids: Int64

    public init(
        dataset: ResourceID, datasetUID: String, rows: Int64, columns: [String], peer: String, algorithm: String,
        reveals: Set<String> = [], minimumIntersection: Int64? = nil, minimumBin: Int64? = nil, ids: Int64 = 0
    ) {
        self.dataset = dataset
        self.datasetUID = datasetUID
        self.rows = rows
        self.columns = columns
        self.peer = peer
        self.algorithm = algorithm
        self.reveals = reveals
        self.minimumIntersection = minimumIntersection
        self.minimumBin = minimumBin
        self.ids = ids
    }
}

/// What was counted with a grant so far.
public struct GrantMeter: Sendable, Hashable {
    /// Jobs that have read with it.
    public var uses: Int64 = 0
    /// The job that asks is among them.
    public var isCounted = false
    /// Ids that were tested by other tasks.
    public var ids: Int64 = 0
    public var isRevoked = false

    public init() {}
}

extension GrantTerms {
    /// Why the terms do not allow a reading; nil when they do.
    public func refusal(of request: ReadRequest, _ meter: GrantMeter, now: Timestamp) -> Fault? {
        let place = "\(request.dataset) to \(request.peer)"
        func refuse(_ entry: FaultEntry, _ what: String? = nil, wanted: String? = nil) -> Fault {
            Fault(entry, what, at: place, wanted: wanted)
        }
        if isRevoked || meter.isRevoked { return refuse(GrantFaults.revoked) }
        if let notBefore, now < notBefore { return refuse(GrantFaults.early, wanted: "not before \(notBefore)") }
        if now > notAfter { return refuse(GrantFaults.expired, wanted: "not after \(notAfter)") }
        guard algorithms.contains(request.algorithm) else {
            return refuse(GrantFaults.algorithm, wanted: algorithms.sorted().joined(separator: ", "))
        }
        // Columns are named: they are in the dataset's schema, which the peer may know only as far as it is granted.
        let others = request.columns.filter { !columns.contains($0) }
        if !others.isEmpty {
            return refuse(
                GrantFaults.column, "\(others.count) of the columns read are not granted.",
                wanted: columns.sorted().prefix(20).joined(separator: ", "))
        }
        let told = request.reveals.subtracting(reveals.map(\.rawValue))
        if !told.isEmpty {
            return refuse(
                GrantFaults.reveals, "It would reveal \(told.sorted().joined(separator: ", ")).",
                wanted: reveals.isEmpty ? "nothing" : reveals.map(\.rawValue).sorted().joined(separator: ", "))
        }
        if let rows, request.rows > rows { return refuse(GrantFaults.rows, wanted: "at most \(rows) rows") }
        if let least = request.minimumIntersection, least < minimumIntersection {
            return refuse(GrantFaults.intersection, wanted: "at least \(minimumIntersection) common ids")
        }
        // Bins are told of themselves, or as sums over their rows; without a stated size they may have one row.
        let bin = request.minimumBin ?? (request.reveals.contains(Reveal.bins.rawValue) ? 0 : nil)
        if let bin, bin < minimumBin {
            return refuse(GrantFaults.bin, wanted: "at least \(minimumBin) rows in each bin")
        }
        if let distinctIds, request.ids > distinctIds - meter.ids {
            return refuse(GrantFaults.ids, wanted: "at most \(max(0, distinctIds - meter.ids)) more ids")
        }
        if !meter.isCounted, meter.uses >= uses { return refuse(GrantFaults.uses, wanted: "at most \(uses) jobs") }
        return nil
    }
}
