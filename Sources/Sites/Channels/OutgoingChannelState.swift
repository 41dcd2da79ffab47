import Faults
import Ledger
import WorkerSocket

/// The sending side of a channel as a value: which frames wait, which are in the ledger, which have been sent, and which
/// the peer's worker has consumed. No clock, no socket.
///
///     acknowledged ≤ sendPosition ≤ recordPosition ≤ end        (sequences)
///     [acknowledged, sendPosition)   sent, kept until the peer acknowledges them
///     [sendPosition, end)            the queue from the worker; those before recordPosition were given to the ledger
///
/// A frame is sent only after this attempt of it was recorded. After a new link the peer says where to go on; frames sent
/// after that position are sent again as the next attempt.
struct OutgoingChannelState {
    struct Limits {
        /// The most bytes of frames that wait to be sent, less one frame.
        var queue = 2 << 20
        /// The most bytes of frames that were sent and not acknowledged, less one frame.
        var unacknowledged = 4 << 20
    }

    /// A frame with what the ledger needs of it.
    struct Entry {
        var frame: Frame
        /// What the ledger records; its attempt is the frame's.
        var record: FrameRecord
        var recordedAttempt: UInt32 = 0

        var cost: Int { WorkerSocket.cost(ofPayload: frame.payload.count) }
        var isRecorded: Bool { recordedAttempt == frame.attempt }
    }

    private let limits: Limits
    /// Of a frame that is sent for the first time.
    let firstAttempt: UInt32
    private var entries: [Entry] = []
    /// How many of `entries` are gone already; they are removed a few at a time.
    private var gone = 0
    private(set) var acknowledged: UInt64
    private(set) var sendPosition: UInt64
    private var recordPosition: UInt64
    /// The sequence that the worker sends next; behind `end` while it repeats what is known here.
    private var workerPosition: UInt64
    private(set) var queuedBytes = 0
    private(set) var unacknowledgedBytes = 0
    /// What the peer still takes; a frame may be sent while this is above 0.
    private var credit = 0
    private(set) var isReady = false
    private var finalSequence: UInt64?
    private var endWasSent = false
    /// What the worker may still send by what it was told; a frame may come while this is above 0.
    private var workerCredit: Int
    /// Bytes that left the queue and were not yet told to the worker.
    private var owedToWorker = 0

    init(from sequence: UInt64, firstAttempt: UInt32 = 1, limits: Limits = Limits()) {
        self.limits = limits
        self.firstAttempt = firstAttempt
        acknowledged = sequence
        sendPosition = sequence
        recordPosition = sequence
        workerPosition = sequence
        workerCredit = limits.queue
    }

    /// The sequence after the last known frame.
    var end: UInt64 { acknowledged + UInt64(entries.count - gone) }

    /// Everything was sent, its end too, and consumed.
    var isComplete: Bool { endWasSent && finalSequence == acknowledged }

    /// Nothing waits to be sent or acknowledged.
    var isDrained: Bool { acknowledged == end }

    // MARK: The worker's side

    /// A worker goes on from this position; frames that are known already will be taken and dropped.
    ///
    /// - Throws: `GatewayFaults.behind` for a position after the last known frame.
    mutating func reopen(from sequence: UInt64) throws {
        guard sequence <= end else { throw Fault(GatewayFaults.behind) }
        workerPosition = sequence
        workerCredit = limits.queue
        // What the worker before left in the queue is not this one's to send again.
        let left = entries[gone...].filter { $0.frame.sequence >= sendPosition && $0.frame.attempt == firstAttempt }
        owedToWorker = -left.reduce(0) { $0 + $1.cost }
        finalSequence = nil
        endWasSent = false
    }

    /// Whether the worker's next frame is new, asked before its digest is made.
    ///
    /// - Throws: `.outOfOrder` for any other than the next sequence, `.creditExceeded` when the queue is full,
    ///   `.unexpectedMessage` after the end.
    mutating func admit(_ sequence: UInt64, payload: Int) throws -> Bool {
        guard finalSequence == nil else {
            throw Fault(GatewayFaults.unexpectedMessage, "A frame came after its channel's end.")
        }
        guard sequence == workerPosition else {
            throw Fault(GatewayFaults.outOfOrder, "A frame of the worker is not the next of its channel.")
        }
        guard workerCredit > 0 else { throw Fault(GatewayFaults.creditExceeded) }
        workerPosition += 1
        workerCredit -= WorkerSocket.cost(ofPayload: payload)
        if sequence < end { owedToWorker += WorkerSocket.cost(ofPayload: payload) }
        return sequence >= end
    }

    /// Puts an admitted frame into the queue. A frame that the peer has said meanwhile it does not want is dropped.
    mutating func append(_ entry: Entry) {
        guard entry.frame.sequence == end else {
            owedToWorker += entry.cost
            return
        }
        entries.append(entry)
        queuedBytes += entry.cost
    }

    /// The worker sends nothing more.
    mutating func finish(at sequence: UInt64) throws {
        guard sequence == workerPosition, sequence == end else {
            throw Fault(GatewayFaults.outOfOrder, "The end of a channel is not where its frames end.")
        }
        finalSequence = sequence
    }

    /// Bytes that the worker may send again; 0 until a part worth a message has gathered.
    mutating func takeWorkerCredit() -> Int {
        guard owedToWorker >= limits.queue / 4 || owedToWorker > 0 && queuedBytes == 0 else { return 0 }
        defer { owedToWorker = 0 }
        workerCredit += owedToWorker
        return owedToWorker
    }

    // MARK: The ledger's side

    /// The frames to record now, in order, while the peer is ready for them. They count as given to the ledger until
    /// `recorded` or `notRecorded`.
    ///
    /// - Parameter route: the kind of route they will go by.
    mutating func takeForRecord(most: Int, route: String) -> [FrameRecord] {
        var records: [FrameRecord] = []
        while isReady, recordPosition < end, records.count < most {
            let place = index(recordPosition)
            if !entries[place].isRecorded {
                entries[place].record.route = route
                records.append(entries[place].record)
            }
            recordPosition += 1
        }
        return records
    }

    /// These are on the disk.
    mutating func recorded(_ records: [FrameRecord]) {
        for record in records where record.sequence >= acknowledged && record.sequence < end {
            let place = index(record.sequence)
            entries[place].recordedAttempt = max(entries[place].recordedAttempt, record.attempt)
        }
    }

    /// The ledger took none of these; they are given again.
    mutating func notRecorded(_ records: [FrameRecord]) {
        guard let first = records.first else { return }
        recordPosition = max(sendPosition, min(recordPosition, first.sequence))
    }

    // MARK: The peer's side

    /// The next frame to send, when it is recorded, the peer takes it and enough of the sent is acknowledged.
    mutating func takeForSend() -> Frame? {
        guard isReady, credit > 0, sendPosition < end else { return nil }
        guard unacknowledgedBytes == 0 || unacknowledgedBytes < limits.unacknowledged else { return nil }
        let entry = entries[index(sendPosition)]
        guard entry.isRecorded else { return nil }
        sendPosition += 1
        recordPosition = max(recordPosition, sendPosition)
        credit -= entry.cost
        queuedBytes -= entry.cost
        unacknowledgedBytes += entry.cost
        // A frame that is sent again had left the queue before.
        if entry.frame.attempt == firstAttempt { owedToWorker += entry.cost }
        return entry.frame
    }

    /// The sequence to announce as the channel's end, once, after every frame was sent.
    mutating func takeEnd() -> UInt64? {
        guard isReady, !endWasSent, let finalSequence, sendPosition == finalSequence else { return nil }
        endWasSent = true
        return finalSequence
    }

    /// The peer says, over a new link, where to go on.
    ///
    /// - Throws: `GatewayFaults.behind` when it wants frames that it had acknowledged.
    mutating func ready(next: UInt64, credit: UInt64) throws {
        guard next >= acknowledged else { throw Fault(GatewayFaults.behind) }
        isReady = true
        endWasSent = false
        self.credit = Int(clamping: credit)
        if next > end {
            // It has more than is known here: the worker repeats after a restart, and what it repeats is dropped.
            for entry in entries[gone...]
            where entry.frame.sequence >= sendPosition && entry.frame.attempt == firstAttempt {
                owedToWorker += entry.cost
            }
            entries = []
            gone = 0
            (acknowledged, sendPosition, recordPosition) = (next, next, next)
            (queuedBytes, unacknowledgedBytes) = (0, 0)
            return
        }
        if next < sendPosition {
            for sequence in next..<sendPosition {
                let place = index(sequence)
                entries[place].frame.attempt += 1
                entries[place].record.attempt += 1
                queuedBytes += entries[place].cost
                unacknowledgedBytes -= entries[place].cost
            }
        } else if next > sendPosition {
            // It has frames that an earlier link carried after all.
            for sequence in sendPosition..<next {
                let entry = entries[index(sequence)]
                queuedBytes -= entry.cost
                unacknowledgedBytes += entry.cost
                if entry.frame.attempt == firstAttempt { owedToWorker += entry.cost }
            }
        }
        sendPosition = next
        recordPosition = next
    }

    /// The peer's worker has consumed everything before `next`.
    ///
    /// - Throws: `.outOfOrder` for frames that were not sent.
    mutating func acknowledge(next: UInt64, credit more: UInt64) throws {
        guard next <= sendPosition else {
            throw Fault(GatewayFaults.outOfOrder, "The peer acknowledges frames that were not sent.")
        }
        credit = min(credit + Int(clamping: min(more, 1 << 40)), 1 << 40)
        while acknowledged < next {
            unacknowledgedBytes -= entries[gone].cost
            entries[gone].frame.payload = []
            gone += 1
            acknowledged += 1
        }
        if gone >= 32, gone * 2 >= entries.count {
            entries.removeFirst(gone)
            gone = 0
        }
    }

    /// The link is gone: nothing is sent until the peer is ready again.
    mutating func unready() {
        isReady = false
        credit = 0
    }

    private func index(_ sequence: UInt64) -> Int { gone + Int(sequence - acknowledged) }
}
