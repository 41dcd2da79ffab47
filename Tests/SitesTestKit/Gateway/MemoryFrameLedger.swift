import Faults
public import Ledger
public import Sites
import Synchronization

/// A ledger in memory that can be full, and takes as long as it is told.
public final class MemoryFrameLedger: FrameLedger {
    private struct State {
        var records: [FrameRecord] = []
        var refusals: [RefusalRecord] = []
        var keys: Set<Key> = []
        var received: [Channel: UInt64] = [:]
        var isFull = false
        var failures = 0
    }

    private struct Channel: Hashable {
        let peer: SiteID
        let job: String
        let task: String
    }

    private struct Key: Hashable {
        let direction: FrameDirection
        let task: String
        let sequence: UInt64
        let attempt: UInt32
    }

    private let state = Mutex(State())
    private let delay: Duration

    public init(delay: Duration = .zero) {
        self.delay = delay
    }

    public func record(_ records: [FrameRecord]) async throws {
        if delay > .zero { try await Task.sleep(for: delay) }
        try state.withLock { state in
            guard !state.isFull else {
                state.failures += 1
                throw Fault(LedgerFaults.notRecorded)
            }
            // As the ledger of a site: a gap is no good.
            for record in records where record.direction == .received {
                let channel = Channel(peer: record.peer, job: record.job, task: record.task)
                let count = state.received[channel, default: 0]
                if record.sequence > count { throw Fault(GatewayFaults.outOfOrder, "a gap in the ledger") }
                state.received[channel] = max(count, record.sequence + 1)
            }
            state.records += records
            for record in records { state.keys.insert(Self.key(record)) }
        }
    }

    public func refuse(_ record: RefusalRecord) async throws {
        state.withLock { $0.refusals.append(record) }
    }

    public func receivedCount(from peer: SiteID, job: String, task: String) async throws -> UInt64? {
        state.withLock { $0.received[Channel(peer: peer, job: job, task: task), default: 0] }
    }

    public var records: [FrameRecord] { state.withLock { $0.records } }
    public var refusals: [RefusalRecord] { state.withLock { $0.refusals } }
    /// How often it was full when it was asked.
    public var failures: Int { state.withLock { $0.failures } }

    public func fill(_ isFull: Bool) {
        state.withLock { $0.isFull = isFull }
    }

    public func holds(_ frame: Frame) -> Bool {
        let key = Key(
            direction: .sent, task: frame.channel.task, sequence: frame.sequence, attempt: frame.attempt)
        return state.withLock { $0.keys.contains(key) }
    }

    private static func key(_ record: FrameRecord) -> Key {
        Key(direction: record.direction, task: record.task, sequence: record.sequence, attempt: record.attempt)
    }
}
