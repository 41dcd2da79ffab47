import Faults
import Ledger
import Sites
import Synchronization

/// A ledger in memory that can be full, and takes as long as it is told.
final class MemoryFrameLedger: FrameLedger {
    private struct State {
        var records: [FrameRecord] = []
        var refusals: [RefusalRecord] = []
        var keys: Set<Key> = []
        var received: UInt64 = 0
        var isFull = false
        var failures = 0
    }

    private struct Key: Hashable {
        let direction: FrameDirection
        let task: String
        let sequence: UInt64
        let attempt: UInt32
    }

    private let state = Mutex(State())
    private let delay: Duration

    init(delay: Duration = .zero) {
        self.delay = delay
    }

    func record(_ records: [FrameRecord]) async throws {
        if delay > .zero { try await Task.sleep(for: delay) }
        try state.withLock { state in
            guard !state.isFull else {
                state.failures += 1
                throw Fault(LedgerFaults.notRecorded)
            }
            // As the ledger of a site: a gap is no good.
            for record in records where record.direction == .received {
                if record.sequence > state.received { throw Fault(GatewayFaults.outOfOrder, "a gap in the ledger") }
                state.received = max(state.received, record.sequence + 1)
            }
            state.records += records
            for record in records { state.keys.insert(Self.key(record)) }
        }
    }

    func refuse(_ record: RefusalRecord) async throws {
        state.withLock { $0.refusals.append(record) }
    }

    func receivedCount(from peer: SiteID, job: String, task: String) async throws -> UInt64? {
        state.withLock { $0.received }
    }

    var records: [FrameRecord] { state.withLock { $0.records } }
    var refusals: [RefusalRecord] { state.withLock { $0.refusals } }
    /// How often it was full when it was asked.
    var failures: Int { state.withLock { $0.failures } }

    func fill(_ isFull: Bool) {
        state.withLock { $0.isFull = isFull }
    }

    func holds(_ frame: Frame) -> Bool {
        let key = Key(
            direction: .sent, task: frame.channel.task, sequence: frame.sequence, attempt: frame.attempt)
        return state.withLock { $0.keys.contains(key) }
    }

    private static func key(_ record: FrameRecord) -> Key {
        Key(direction: record.direction, task: record.task, sequence: record.sequence, attempt: record.attempt)
    }
}
