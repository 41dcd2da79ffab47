public import Faults
public import Resources

/// The side of a task that reads: one start of one task of one job.
public struct Reader: Sendable, Hashable {
    public let job: String
    public let task: String
    /// Rises with every start.
    public let epoch: UInt64

    public init(job: String, task: String, epoch: UInt64) {
        self.job = job
        self.task = task
        self.epoch = epoch
    }
}

/// A grant that may allow a reading.
public struct GrantCandidate: Sendable, Hashable {
    public let uid: String
    /// For messages.
    public let id: ResourceID
    public let terms: GrantTerms

    public init(uid: String, id: ResourceID, terms: GrantTerms) {
        self.uid = uid
        self.id = id
        self.terms = terms
    }
}

/// A permission that is in use: renewed every second while the reading goes on.
public struct ReadLease: Sendable, Hashable {
    /// A ULID.
    public let id: String
    public let grant: String
    public let dataset: String
    public let reader: Reader
    public let peer: String
    /// The grant's latest time.
    public let until: Timestamp
}

/// A lease that ended before its reading did.
public struct CancelledLease: Sendable {
    public let lease: ReadLease
    /// `GrantFaults.revoked`, `.expired` or `.leaseLost`.
    public let fault: Fault
}
