import Faults
import WorkerSocket

/// The receiving side of a channel as a value: what has arrived, what the worker has consumed, what is in the ledger, and
/// how much the sender may still send. No clock, no socket.
///
/// Frames are kept until the worker has consumed them, so that another worker of the same epoch can be given them again;
/// they are never more than the credit and one frame.
struct IncomingChannelState {
    enum Arrival {
        /// The next frame; it was kept and is for the worker.
        case new
        /// A frame that had arrived, sent again: to be recorded, not to be delivered.
        case repeated
    }

    /// The ledger ends before the worker's position: the channel begins there, before anything has arrived.
    mutating func begin(at sequence: UInt64) {
        guard sequence < consumed, frames.isEmpty else { return }
        consumed = sequence
        delivered = sequence
        durable = sequence
    }

    /// Sequences whose attempts are remembered, to tell a repeated attempt from a replay.
    private static let remembered = 64

    /// Frames that are done with before the sender is told even without credit to give.
    private static let mostNews: UInt64 = 8

    /// The most bytes that may wait for the worker, less one frame.
    private let credit: Int
    /// The frames in `consumed ..< expected`.
    private var frames: [WorkerFrame] = []
    private(set) var consumed: UInt64
    private var delivered: UInt64
    private var durable: UInt64
    private(set) var bufferedBytes = 0
    /// What the sender may send by what it was told.
    private var granted = 0
    /// Consumed and not yet told to the sender.
    private var owed = 0
    /// What the last acknowledgement over this link said; nil before the first.
    private var acknowledged: UInt64?
    private var attempts: [UInt64: UInt32] = [:]
    /// Where the worker goes on. Frames before are recorded only: it has them, and the ledger was cut short.
    private var workerStart: UInt64
    private(set) var final: UInt64?
    private var endWasDelivered = false

    init(from sequence: UInt64, credit: Int) {
        self.credit = max(1, credit)
        consumed = sequence
        delivered = sequence
        durable = sequence
        workerStart = sequence
    }

    /// The sequence that must come next.
    var expected: UInt64 { consumed + UInt64(frames.count) }

    /// Everything up to the end was consumed and is in the ledger.
    var isComplete: Bool { final == consumed && final == durable }

    // MARK: The peer's side

    /// What to tell the sender over a new link.
    mutating func ready() -> (next: UInt64, credit: UInt64) {
        granted = max(0, credit - bufferedBytes)
        owed = 0
        acknowledged = nil
        return (expected, UInt64(granted))
    }

    /// A frame has arrived.
    ///
    /// - Parameter frame: with the channel's number at the worker, which may be wrong until it is delivered.
    /// - Throws: `.outOfOrder` for a gap or a frame after the end, `.replayed` for an attempt that is known,
    ///   `.creditExceeded` for more than was granted. The state stays as it was.
    mutating func receive(_ frame: WorkerFrame, attempt: UInt32) throws -> Arrival {
        if frame.sequence < expected {
            guard let known = attempts[frame.sequence], attempt > known else { throw Fault(GatewayFaults.replayed) }
            attempts[frame.sequence] = attempt
            granted -= WorkerSocket.cost(ofPayload: frame.payload.count)
            owed += WorkerSocket.cost(ofPayload: frame.payload.count)
            return .repeated
        }
        guard frame.sequence == expected, final == nil else {
            throw Fault(GatewayFaults.outOfOrder, wanted: "sequence \(expected)")
        }
        guard granted > 0 else { throw Fault(GatewayFaults.creditExceeded) }
        let cost = WorkerSocket.cost(ofPayload: frame.payload.count)
        granted -= cost
        bufferedBytes += cost
        if frame.sequence < workerStart {
            consumed += 1
            delivered += 1
            bufferedBytes -= cost
            owed += cost
            return .repeated
        }
        attempts[frame.sequence] = attempt
        if frame.sequence >= UInt64(Self.remembered) { attempts[frame.sequence - UInt64(Self.remembered)] = nil }
        frames.append(frame)
        return .new
    }

    /// The sender says that nothing follows.
    mutating func end(at sequence: UInt64) throws {
        guard sequence == expected, final == nil || final == sequence else {
            throw Fault(GatewayFaults.outOfOrder, "A channel ends before its frames have arrived.")
        }
        final = sequence
    }

    /// The acknowledgement to send now, when it is time for one: half of the credit is owed, several frames need not be
    /// kept any longer, or everything that has arrived is done with. Each costs wake-ups down to the worker that sends.
    mutating func takeAcknowledgement() -> (next: UInt64, credit: UInt64)? {
        let next = min(consumed, durable)
        let news = next - min(next, acknowledged ?? 0)
        let isIdle = next == expected && (owed > 0 || news > 0)
        guard owed >= credit / 2 || news >= Self.mostNews || isIdle else { return nil }
        defer {
            acknowledged = next
            granted += owed
            owed = 0
        }
        return (next, UInt64(owed))
    }

    // MARK: The worker's side

    /// A worker goes on from this position and gets from there on everything that has arrived.
    ///
    /// - Throws: `GatewayFaults.behind` for frames that were consumed and are gone, or that have not arrived.
    mutating func reopen(from sequence: UInt64) throws {
        guard sequence >= consumed, sequence <= max(expected, workerStart) else { throw Fault(GatewayFaults.behind) }
        endWasDelivered = false
        guard sequence <= expected else {
            workerStart = sequence
            return
        }
        drop(to: sequence)
        delivered = sequence
    }

    /// The next frame for the worker.
    mutating func takeForWorker() -> WorkerFrame? {
        guard delivered < expected else { return nil }
        defer { delivered += 1 }
        return frames[Int(delivered - consumed)]
    }

    /// The sequence to tell the worker as the channel's end, once.
    mutating func takeEnd() -> UInt64? {
        guard let final, final == delivered, !endWasDelivered else { return nil }
        endWasDelivered = true
        return final
    }

    /// The worker has consumed everything before `next`.
    ///
    /// - Throws: `.outOfOrder` for frames that it was not given.
    mutating func consume(to next: UInt64) throws {
        guard next <= delivered else {
            throw Fault(GatewayFaults.outOfOrder, "The worker acknowledges frames that it was not given.")
        }
        if next > consumed { drop(to: next) }
    }

    // MARK: The ledger's side

    /// Whether everything that the worker was given is on the disk.
    func isDurable(to sequence: UInt64) -> Bool { durable >= sequence }

    /// The first sequence that the worker was not given.
    var deliveredTo: UInt64 { delivered }

    /// Everything before `next` is on the disk.
    mutating func recorded(to next: UInt64) {
        durable = max(durable, next)
    }

    private mutating func drop(to next: UInt64) {
        let count = Int(next - consumed)
        let cost = frames.prefix(count).reduce(0) { $0 + WorkerSocket.cost(ofPayload: $1.payload.count) }
        frames.removeFirst(count)
        consumed = next
        bufferedBytes -= cost
        owed += cost
    }
}
