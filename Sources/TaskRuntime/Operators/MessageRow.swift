/// A line of a task's message table: messages of one type from one party to another.
///
/// Counts are exact: after the task, the ledger's distinct frames of this type equal `count`, or are at most so many where
/// the task may end early.
public struct MessageRow: Sendable, Hashable {
    /// `[a-z0-9.-]{1,63}`.
    public let type: String
    /// Indexes into the setting's parties.
    public let from: Int
    public let to: Int
    /// The steps in which it is sent.
    public let steps: ClosedRange<UInt32>
    /// How many frames, over all steps.
    public let count: UInt64
    /// What the payload holds, in words; its SHA-256 is the schema digest of the ledger.
    public let schema: String
    /// Width of an element in bits: with the element count, the bound on what a frame can say.
    public let elementBits: UInt32
    /// Largest payload of one frame; at most 4 MiB.
    public let maximumBytes: Int
    /// Bytes of payload over all frames, as well as the plan can tell.
    public let expectedBytes: UInt64
    /// Whether the task may end before all frames were sent, so that `count` is only the most.
    public var isMost = false

    public init(
        type: String, from: Int, to: Int, steps: ClosedRange<UInt32>, count: UInt64, schema: String,
        elementBits: UInt32, maximumBytes: Int, expectedBytes: UInt64
    ) {
        self.type = type
        self.from = from
        self.to = to
        self.steps = steps
        self.count = count
        self.schema = schema
        self.elementBits = elementBits
        self.maximumBytes = maximumBytes
        self.expectedBytes = expectedBytes
    }
}
