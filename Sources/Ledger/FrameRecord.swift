/// Which way a frame went, seen from the site that keeps the ledger.
public enum FrameDirection: String, Sendable, Hashable, CaseIterable {
    case sent, received
}

/// What the ledger keeps of one frame: everything but the payload itself.
public struct FrameRecord: Sendable, Hashable {
    public var direction: FrameDirection
    public var peer: SiteID
    /// The job's ULID.
    public var job: String
    public var task: String
    /// The number of the protocol's step within the task.
    public var step: UInt32
    /// Position in the ordered channel of (job, task, peer, direction), from 0.
    public var sequence: UInt64
    /// 1 the first time a frame with this sequence crosses, then 2, 3, …
    public var attempt: UInt32
    public var messageType: String
    /// SHA-256 of the declared message schema; 32 bytes.
    public var schemaDigest: [UInt8]
    /// How many elements the payload holds.
    public var elements: UInt64
    /// The declared width of one element in bits: elements times this is the bound on the information that crossed.
    public var elementBits: UInt32
    /// Length of the payload.
    public var bytes: UInt64
    /// 16 random bytes, made by the sender, kept by both ends and told to nobody else.
    public var salt: [UInt8]
    /// HMAC-SHA-256 of the payload under the salt: 32 bytes, the same at both ends.
    public var payloadDigest: [UInt8]
    /// The key that protects the payload's values, when the message type declares one; else empty.
    public var keyID: String
    /// The kind of route that carried it: `direct`, `reverse`.
    public var route: String

    public init(
        direction: FrameDirection, peer: SiteID, job: String, task: String, step: UInt32, sequence: UInt64,
        attempt: UInt32, messageType: String, schemaDigest: [UInt8], elements: UInt64, elementBits: UInt32,
        bytes: UInt64, salt: [UInt8], payloadDigest: [UInt8], keyID: String, route: String
    ) {
        self.direction = direction
        self.peer = peer
        self.job = job
        self.task = task
        self.step = step
        self.sequence = sequence
        self.attempt = attempt
        self.messageType = messageType
        self.schemaDigest = schemaDigest
        self.elements = elements
        self.elementBits = elementBits
        self.bytes = bytes
        self.salt = salt
        self.payloadDigest = payloadDigest
        self.keyID = keyID
        self.route = route
    }
}
