import Faults

/// A worker's ordered way to one peer. One thread sends at a time.
public final class OutgoingChannel: Sendable {
    private let connection: WorkerConnection
    private let number: UInt32

    init(connection: WorkerConnection, number: UInt32) {
        self.connection = connection
        self.number = number
    }

    /// The sequence of the next frame; what a checkpoint keeps.
    public var next: UInt64 { connection.shared.withLock { $0.next(number) } }

    /// Sends a message; blocks while the gateway has no room, which is how a slow peer is felt.
    ///
    /// - Parameters:
    ///   - step: the protocol's step within the task.
    ///   - type: `[a-z0-9.-]{1,63}`, as declared in the job's plan.
    ///   - elements: how many elements the payload holds.
    ///   - payload: at most 4 MiB; 256 KiB by custom.
    /// - Throws: why the connection ended, also for a frame that the plan does not declare (found by the gateway, so it
    ///   may show at a later call).
    public func send(step: UInt32, type: String, elements: UInt64, payload: [UInt8]) throws {
        guard payload.count <= WorkerSocket.maximumPayload else {
            throw Fault(GatewayFaults.messageTooLong, wanted: "a payload of at most 4 MiB")
        }
        let cost = WorkerSocket.cost(ofPayload: payload.count)
        let sequence = try connection.wait { try $0.takeSequence(number, cost: cost) }
        try connection.write(
            .frame(
                WorkerFrame(
                    channel: number, step: step, sequence: sequence, elements: elements, type: type, payload: payload
                )
            )
        )
    }

    /// Blocks until the peer's worker has consumed every frame sent so far; a checkpoint taken then needs none of them.
    public func flush() throws {
        _ = try connection.wait { try $0.isAcknowledged(number) ? true : nil }
    }

    /// Ends the channel: the peer's worker sees its end once it has everything before. Does not wait for that.
    public func end() throws {
        try connection.write(.end(channel: number, next: next))
    }

    /// Ends the channel and blocks until the peer's worker has consumed everything.
    public func finish() throws {
        try end()
        try flush()
    }
}
