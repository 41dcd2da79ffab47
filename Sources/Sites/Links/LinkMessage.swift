import Ledger

/// An ordered channel in one direction between two sites: the frames of one task of one job. The peer is the link's.
public struct ChannelID: Sendable, Hashable {
    /// The job's ULID.
    public let job: String
    public let task: String
    /// The plan's epoch: after a restart of the job the same task has new channels, and frames of the old are refused.
    public let epoch: UInt64

    public init(job: String, task: String, epoch: UInt64 = 0) {
        self.job = job
        self.task = task
        self.epoch = epoch
    }
}

extension ChannelID {
    /// The attempt number of a frame that this epoch sends first, above all those of earlier epochs: a ledger's lines are
    /// told apart by (task, sequence, attempt). 1 in the first epoch.
    public var firstAttempt: UInt32 { UInt32(min(max(epoch, 1) - 1, 0xFFFF)) << 16 + 1 }
}

/// One message of a protocol on its way between sites.
public struct Frame: Sendable, Hashable {
    public var channel: ChannelID
    /// The number of the protocol's step within the task.
    public var step: UInt32
    /// Position in the channel, from 0.
    public var sequence: UInt64
    /// The channel's `firstAttempt` the first time this sequence is sent on it, then one more each time.
    public var attempt: UInt32
    public var messageType: String
    public var elements: UInt64
    /// 16 random bytes; the key of the payload's digest in both ledgers.
    public var salt: [UInt8]
    /// At most 4 MiB; 256 KiB by custom.
    public var payload: [UInt8]

    public init(
        channel: ChannelID, step: UInt32, sequence: UInt64, attempt: UInt32, messageType: String, elements: UInt64,
        salt: [UInt8], payload: [UInt8]
    ) {
        self.channel = channel
        self.step = step
        self.sequence = sequence
        self.attempt = attempt
        self.messageType = messageType
        self.elements = elements
        self.salt = salt
        self.payload = payload
    }
}

/// Everything that crosses a link. Generated protobuf types stay inside the transport; this is what the rest sees.
public enum LinkMessage: Sendable, Hashable {
    /// A frame of a channel from this side to the other.
    case frame(Frame)
    /// The receiver of a channel is ready: it wants `next` first and takes `credit` bytes from there on; the frame that
    /// uses the last of them may go beyond. Sent again after every new link, so the sender knows where to go on.
    case ready(ChannelID, next: UInt64, credit: UInt64)
    /// Every frame before `next` has been consumed and is in the receiver's ledger; so many more bytes may be sent.
    case acknowledge(ChannelID, next: UInt64, credit: UInt64)
    /// The sender will send nothing more on this channel.
    case end(ChannelID, next: UInt64)
    /// This side refuses the channel or gives it up; the number is a fault's (`ATL-3051`), the text its sentence.
    case refuse(ChannelID, number: UInt32, text: String)
    /// A call of this side's control plane to the other's: `method` names it, `id` pairs it with its response.
    case request(id: UInt64, method: String, body: [UInt8])
    /// The answer; `number` is 0, or the number of the fault that `body` describes as UTF-8 text.
    case response(id: UInt64, number: UInt32, body: [UInt8])
}
