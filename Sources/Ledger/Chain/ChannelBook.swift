/// One direction of a task in a chain.
struct ChannelKey: Sendable, Hashable {
    var task: String
    var direction: FrameDirection
}

/// Where a channel stands, and what it has carried.
struct ChannelBook: Sendable, Hashable {
    /// Sequence numbers below this are agreed upon; the next frame in order has this one.
    var count: UInt64 = 0
    /// Sequence numbers below this have crossed at least once.
    var reached: UInt64 = 0
    /// The agreement hash after `count` frames.
    var head: [UInt8]
    /// The step of the last of them.
    var step: UInt32 = 0
    /// By message type.
    var tallies: [String: LedgerTally] = [:]
}

/// What crossed in one direction of one task as frames of one type.
public struct LedgerTally: Sendable, Hashable {
    /// Frames, each sequence number once: what a plan declares.
    public var frames: UInt64 = 0
    /// Bytes of payload of those.
    public var bytes: UInt64 = 0
    public var elements: UInt64 = 0
    /// Elements times their declared width: the bound on the information that crossed, in bits.
    public var bits: UInt64 = 0
    /// The same frame once more.
    public var resent: UInt64 = 0
    /// Another content under a number that had crossed before.
    public var replaced: UInt64 = 0
    /// Bytes of resent and replaced frames.
    public var repeatedBytes: UInt64 = 0
    /// The bound on what replaced frames told beyond the first ones, in bits; what is sent again tells nothing new.
    public var replacedBits: UInt64 = 0

    public init() {}

    mutating func add(_ frame: FrameLine) {
        let bits = frame.elements.multipliedReportingOverflow(by: UInt64(frame.elementBits))
        let bound = bits.overflow ? UInt64.max : bits.partialValue
        switch frame.standing {
        case .first:
            frames += 1
            bytes.add(frame.bytes)
            elements.add(frame.elements)
            self.bits.add(bound)
        case .resent:
            resent += 1
            repeatedBytes.add(frame.bytes)
        case .replaced:
            replaced += 1
            repeatedBytes.add(frame.bytes)
            replacedBits.add(bound)
        }
    }

    mutating func add(_ other: LedgerTally) {
        frames.add(other.frames)
        bytes.add(other.bytes)
        elements.add(other.elements)
        bits.add(other.bits)
        resent.add(other.resent)
        replaced.add(other.replaced)
        repeatedBytes.add(other.repeatedBytes)
        replacedBits.add(other.replacedBits)
    }
}

extension UInt64 {
    /// Stops at 2^63 - 1, the largest number that database and JSON hold.
    fileprivate mutating func add(_ other: UInt64) {
        let sum = addingReportingOverflow(other)
        self = sum.overflow ? UInt64(Int64.max) : Swift.min(sum.partialValue, UInt64(Int64.max))
    }
}
