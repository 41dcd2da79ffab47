public import Faults

/// One party's side of a task as a value: events in, effects out. No clock, no socket, no file, no thread.
///
/// Rules that every protocol keeps, and that the test kit's harness checks:
/// - Effects depend on setting, party and events alone. What is measured enters by `measured` events and leaves in the
///   result's figures, never in its output.
/// - Messages are exactly those that the operator's description declares for the setting.
/// - A `checkpoint` stands at a consistent cut: by unit `k`, a party has sent and taken exactly those messages that
///   belong to units up to `k`, and its peers' checkpoints of the same unit agree. So all parties can go on from any unit
///   that each of them has.
/// - What it has taken of a message's unit is decided by `awaited`: a peer may be a unit ahead, and what it sent for the
///   next unit must be taken after the checkpoint.
/// - It sends no more before it takes a message than the channels hold (1 MiB and a frame): parties that both only send
///   would wait for each other for ever. More goes in pieces, each after a `measure(.clock)`.
/// - Between two checkpoints a party sends or receives at least one message to or from each party it deals with, so that
///   no party is more than one unit ahead of another.
public protocol TaskProtocol: Sendable {
    /// Begins, or goes on from a checkpoint that the same code version made.
    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect]

    /// Takes one event. Events of one peer come in their order; of several peers, in any.
    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect]

    /// The parties of which a message may come next; what others have sent waits. nil: any party.
    var awaited: Set<Int>? { get }
}

extension TaskProtocol {
    public var awaited: Set<Int>? { nil }
}

/// A message of a protocol.
public struct TaskMessage: Sendable, Hashable {
    /// Index of the other party: the receiver of what is sent, the sender of what has arrived.
    public var party: Int
    public var step: UInt32
    public var type: String
    public var elements: UInt64
    /// At most 4 MiB.
    public var payload: [UInt8]

    public init(party: Int, step: UInt32, type: String, elements: UInt64, payload: [UInt8]) {
        self.party = party
        self.step = step
        self.type = type
        self.elements = elements
        self.payload = payload
    }
}

/// What happens to a protocol.
public enum TaskEvent: Sendable {
    /// A message has arrived; `at` is this machine's monotonic clock, for figures only.
    case message(TaskMessage, at: Duration)
    /// What an effect `measure` asked for.
    case measured(Measurement)
}

/// What a protocol wants done, in this order. The list is held in memory whole.
public enum TaskEffect: Sendable {
    case send(TaskMessage)
    /// In units of the task; `what` is a word or two for people.
    case progress(done: UInt64, total: UInt64, what: String)
    /// Units rise from 1, one at a time.
    case checkpoint(unit: UInt64, [UInt8])
    /// Level 0 (trace) to 6 (critical). Holds no rows, labels or keys.
    case log(level: UInt8, String)
    /// Answered by one `measured` event, after the other effects of the same list and before any message.
    case measure(MeasureRequest)
    /// The task is done at this party; the last effect.
    case finish(TaskResult)
}

/// What only the machine can tell.
public enum MeasureRequest: Sendable, Hashable {
    /// The monotonic clock, after every message sent so far was taken over by the gateway.
    case clock
    /// The monotonic clock, after the peers have consumed every message sent so far.
    case clockAfterFlush
    /// Products, encryptions and decryptions per second of the kernels on one core, for about so long.
    case kernels(Duration)
    /// Writing and reading so many bytes in the task's scratch folder.
    case disk(bytes: Int)
}

public enum Measurement: Sendable, Hashable {
    case clock(Duration)
    case kernels(productsPerSecond: Double, encryptionsPerSecond: Double, decryptionsPerSecond: Double, kernel: String)
    /// Bytes per second.
    case disk(write: Double, read: Double)
}

/// What a task leaves at one party.
public struct TaskResult: Sendable, Hashable {
    /// The party's part, the same however often the task was interrupted; its digest is compared.
    public var output: [UInt8]
    /// What was measured, by dotted name; differs from run to run and is in no digest.
    public var figures: [String: Double]

    public init(output: [UInt8], figures: [String: Double] = [:]) {
        self.output = output
        self.figures = figures
    }
}
