import Synchronization

/// A worker's ordered way from one peer. One thread receives at a time.
public final class IncomingChannel: Sendable {
    private let connection: WorkerConnection
    let number: UInt32
    /// What the frame given last took of the credit; 0 before the first and once it was acknowledged.
    private let held = Mutex(0)

    init(connection: WorkerConnection, number: UInt32) {
        self.connection = connection
        self.number = number
    }

    /// The sequence of the next frame; what a checkpoint keeps.
    public var next: UInt64 { connection.shared.withLock { $0.next(number) } }

    /// The next frame; blocks until there is one. Asking for it says that the one before has been consumed, which lets
    /// the peer send more.
    ///
    /// - Returns: nil at the end of the channel.
    /// - Throws: why the connection ended.
    public func receive() throws -> WorkerFrame? {
        try consumed()
        let arrival = try connection.wait { try $0.takeFrame(number) }
        return given(arrival)
    }

    /// The next frame of any of several channels of one connection, or the end of one; blocks until there is something.
    /// Unlike `receive`, it says nothing of the frame before: call `consumed` for each.
    ///
    /// - Parameters:
    ///   - channels: at least one, of the same connection; none that has ended.
    ///   - first: where to look first; one more each time is fair to all.
    /// - Returns: the channel's place in the list, and its frame or nil at its end.
    /// - Throws: why the connection ended.
    public static func receive(
        fromAnyOf channels: [IncomingChannel], lookingFirstAt first: Int = 0
    ) throws -> (place: Int, frame: WorkerFrame?) {
        let (place, arrival) = try channels[0].connection.wait { state in
            for offset in channels.indices {
                let place = (first + offset) % channels.count
                if let arrival = try state.takeFrame(channels[place].number) { return (place, arrival) }
            }
            return nil as (Int, ConnectionState.Arrival)?
        }
        return (place, channels[place].given(arrival))
    }

    private func given(_ arrival: ConnectionState.Arrival) -> WorkerFrame? {
        guard case .frame(let frame) = arrival else { return nil }
        held.withLock { $0 += WorkerSocket.cost(ofPayload: frame.payload.count) }
        return frame
    }

    /// Says that the frame given last has been consumed, without asking for the next.
    public func consumed() throws {
        let cost = held.withLock { held in
            defer { held = 0 }
            return held
        }
        guard cost > 0 else { return }
        if let message = connection.shared.withLock({ $0.consumed(number, cost: cost) }) {
            try connection.write(message)
        }
    }
}
