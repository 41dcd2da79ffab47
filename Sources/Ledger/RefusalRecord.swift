/// A frame that was refused: replayed, tampered, undeclared, out of order. It left or entered nothing.
public struct RefusalRecord: Sendable, Hashable {
    /// `received` when a peer's frame was refused, `sent` when one of this site's own was.
    public var direction: FrameDirection
    public var peer: SiteID
    /// The job's ULID; empty when the frame named no job that is open.
    public var job: String
    public var task: String
    public var step: UInt32
    public var sequence: UInt64
    public var messageType: String
    /// The fault's number: 3051 for `ATL-3051`.
    public var number: UInt16

    public init(
        direction: FrameDirection, peer: SiteID, job: String, task: String, step: UInt32, sequence: UInt64,
        messageType: String, number: UInt16
    ) {
        self.direction = direction
        self.peer = peer
        self.job = job
        self.task = task
        self.step = step
        self.sequence = sequence
        self.messageType = messageType
        self.number = number
    }
}
