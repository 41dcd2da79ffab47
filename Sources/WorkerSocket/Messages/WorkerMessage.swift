/// One message on the workers' socket, either way.
public enum WorkerMessage: Sendable, Hashable {
    /// Worker: the first message.
    case hello(WorkerHello)
    /// Gateway: the answer to `hello`. The worker may send so many bytes on each channel before the first `ack`.
    case welcome(version: UInt8, credit: UInt64)
    /// Worker: a channel it will use under this number.
    case channel(WorkerChannel)
    /// A message of the task's protocol: from the worker on an outgoing channel, to it on an incoming one.
    case frame(WorkerFrame)
    /// Every frame before `next` has been consumed by the peer's worker (to the worker) or by this worker (from it);
    /// so many more bytes may be sent. On channel 0: the checkpoint of unit `next` is kept.
    case ack(channel: UInt32, next: UInt64, credit: UInt64)
    /// Worker: how much of the task is done.
    case progress(done: UInt64, total: UInt64)
    /// Worker: a line for the job's log; level 0 (trace) to 6 (critical).
    case log(level: UInt8, text: String)
    /// A part of a unit's checkpoint: from the worker to be kept; to it, right after `welcome`, the one it goes on from.
    case checkpoint(unit: UInt64, isLast: Bool, bytes: [UInt8])
    /// Nothing follows on this channel; it ends before `next`.
    case end(channel: UInt32, next: UInt64)
    /// Worker: the task is done, with its result. Nothing follows.
    case done(result: [UInt8])
    /// The connection is given up for a fault's number. Nothing follows.
    case fault(number: UInt16, text: String)
}

/// Who a worker is and what lets it in.
public struct WorkerHello: Sendable, Hashable {
    public var version: UInt8
    /// 32 bytes, good for one connection.
    public var token: [UInt8]
    public var epoch: UInt64
    public var job: String
    public var task: String

    public init(version: UInt8 = WorkerSocket.version, token: [UInt8], epoch: UInt64, job: String, task: String) {
        self.version = version
        self.token = token
        self.epoch = epoch
        self.job = job
        self.task = task
    }
}

/// A channel as a worker opens it.
public struct WorkerChannel: Sendable, Hashable {
    public enum Direction: UInt8, Sendable, CaseIterable {
        case out = 0
        case `in` = 1
    }

    /// From 1; chosen by the worker, unique within the connection.
    public var number: UInt32
    public var direction: Direction
    /// The text of the peer's site id.
    public var peer: String
    /// The sequence to go on with.
    public var next: UInt64
    /// Incoming: the most bytes that may wait for the worker, 0 for the site's choice. Outgoing: 0.
    public var credit: UInt64

    public init(number: UInt32, direction: Direction, peer: String, next: UInt64, credit: UInt64 = 0) {
        self.number = number
        self.direction = direction
        self.peer = peer
        self.next = next
        self.credit = credit
    }
}

/// A message of the task's protocol, as the worker sees it.
public struct WorkerFrame: Sendable, Hashable {
    public var channel: UInt32
    public var step: UInt32
    /// Position in the channel, from 0.
    public var sequence: UInt64
    public var elements: UInt64
    /// `[a-z0-9.-]{1,63}`.
    public var type: String
    /// At most 4 MiB.
    public var payload: [UInt8]

    public init(channel: UInt32, step: UInt32, sequence: UInt64, elements: UInt64, type: String, payload: [UInt8]) {
        self.channel = channel
        self.step = step
        self.sequence = sequence
        self.elements = elements
        self.type = type
        self.payload = payload
    }
}
