import NIOCore
import Synchronization

/// The streams of a listener whose calls have not begun yet, by the mark that the tap gave each: so a call finds who
/// proved to be at the other end of its own connection, and nobody else's. Thread-safe.
final class AcceptedStreams: Sendable {
    struct Stream: Sendable {
        let proof: ConnectionProof
        let budget: ByteBudget
    }

    private let state = Mutex(State())

    /// Called on the event loop for each stream before anything of it is read.
    func add(_ channel: any Channel, lost: any Error) throws {
        guard let connection = channel.parent else { throw ChannelError.inappropriateOperationForState }
        let watch = try connection.pipeline.syncOperations.handler(type: ConnectionWatch.self)
        let stream = Stream(proof: watch.proof, budget: ByteBudget(limit: LinkLimits.waiting))
        let mark = state.withLock { $0.add(stream) }
        channel.closeFuture.whenComplete { [weak self] _ in self?.forget(mark) }
        try channel.pipeline.syncOperations.addHandler(
            StreamTap(budget: stream.budget, mark: mark, lost: lost), position: .first)
    }

    /// The stream of a mark; nil when it was taken or is gone.
    func take(_ mark: some StringProtocol) -> Stream? {
        guard let mark = UInt64(mark) else { return nil }
        return state.withLock { $0.streams.removeValue(forKey: mark) }
    }

    private func forget(_ mark: UInt64) {
        state.withLock { $0.streams[mark] = nil }
    }

    private struct State {
        var streams: [UInt64: Stream] = [:]
        var marks: UInt64 = 0

        mutating func add(_ stream: Stream) -> UInt64 {
            marks += 1
            streams[marks] = stream
            return marks
        }
    }
}
