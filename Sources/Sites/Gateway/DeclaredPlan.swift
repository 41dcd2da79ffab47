public import Ledger

/// What a job may send, as all its parties agreed: the gateway lets nothing else leave or enter.
///
/// Given to the gateway through `Gateway.open`; the jobs part makes it from a job's plan.
public struct DeclaredPlan: Sendable, Hashable {
    /// The job's ULID.
    public var job: String
    /// SHA-256 of the immutable plan; 32 bytes, covered by every co-signature.
    public var planDigest: [UInt8]
    /// Rises with every start or resume; frames of workers of an older epoch are refused.
    public var epoch: UInt64
    /// Every site of the job but this one.
    public var peers: [SiteID]
    /// The messages of each task, by the task's name.
    public var tasks: [String: [MessageDeclaration]]

    public init(
        job: String, planDigest: [UInt8], epoch: UInt64, peers: [SiteID], tasks: [String: [MessageDeclaration]]
    ) {
        self.job = job
        self.planDigest = planDigest
        self.epoch = epoch
        self.peers = peers
        self.tasks = tasks
    }
}

/// One type of message of one task: who may send it to whom, in which steps, and how much it can say.
public struct MessageDeclaration: Sendable, Hashable {
    /// `[a-z0-9.-]{1,63}`.
    public var type: String
    public var senders: Set<SiteID>
    public var receivers: Set<SiteID>
    public var steps: ClosedRange<UInt32>
    /// SHA-256 of the message's schema; 32 bytes.
    public var schemaDigest: [UInt8]
    /// Width of one element in bits.
    public var elementBits: UInt32
    /// Largest payload; at most 4 MiB.
    public var maximumBytes: Int
    /// The key that protects the values, or empty.
    public var keyID: String

    public init(
        type: String, senders: Set<SiteID>, receivers: Set<SiteID>, steps: ClosedRange<UInt32>,
        schemaDigest: [UInt8], elementBits: UInt32, maximumBytes: Int, keyID: String = ""
    ) {
        self.type = type
        self.senders = senders
        self.receivers = receivers
        self.steps = steps
        self.schemaDigest = schemaDigest
        self.elementBits = elementBits
        self.maximumBytes = maximumBytes
        self.keyID = keyID
    }
}
