public import Faults

/// A worker's way out: its one connection to the site's gateway. Everything here blocks; methods may be called from any
/// thread. One thread of the connection reads; nothing is written by it, so the two ends never wait for each other.
///
/// When the connection ends, every call throws: the fault that the gateway gave (its number), `socketLost`, or
/// `cancelled`.
public final class WorkerConnection: Sendable {
    private let socket: UnixSocket
    private let writing = Monitor(())
    private let said = Monitor((done: UInt64(0), total: UInt64(0)))
    private let lifeSign: Duration
    let shared: Monitor<ConnectionState>
    /// What the site kept of the unit that this worker goes on from; nil when it begins at the beginning.
    public let lastCheckpoint: [UInt8]?
    /// The unit of `lastCheckpoint`; 0 for the beginning.
    public let lastUnit: UInt64

    /// Connects and shows the token.
    ///
    /// - Parameters:
    ///   - token: 32 bytes, given to this worker at its start.
    ///   - epoch: of the start that this worker belongs to.
    ///   - lifeSign: while a call waits for the gateway or a peer, the last progress is said again so often: who waits does
    ///     not hang.
    /// - Throws: `GatewayFaults.socketUnusable`, and what the gateway refuses with: `.tokenRefused`, `.tokenExpired`,
    ///   `.oldEpoch`, `.socketVersion`.
    public static func connect(
        path: String, token: [UInt8], job: String, task: String, epoch: UInt64, lifeSign: Duration = .seconds(60)
    ) throws -> WorkerConnection {
        let socket = try UnixSocket.connect(path)
        let hello = WorkerMessage.hello(WorkerHello(token: token, epoch: epoch, job: job, task: task)).encoded()
        try? socket.write(hello.head, hello.body)
        var reader = MessageReader(SocketSource(socket))
        guard let first = try reader.next() else { throw Fault(GatewayFaults.socketLost) }
        guard case .welcome(let version, let credit) = first else { throw ConnectionState.refusal(first) }
        guard version == WorkerSocket.version else { throw Fault(GatewayFaults.socketVersion) }
        let (unit, checkpoint) = try Self.readCheckpoint(&reader)
        return WorkerConnection(socket, reader, credit: credit, unit: unit, checkpoint: checkpoint, lifeSign)
    }

    private init(
        _ socket: UnixSocket, _ reader: MessageReader<SocketSource>, credit: UInt64, unit: UInt64,
        checkpoint: [UInt8]?, _ lifeSign: Duration
    ) {
        self.socket = socket
        self.lifeSign = lifeSign
        lastCheckpoint = checkpoint
        lastUnit = unit
        let shared = Monitor(ConnectionState(credit: Int(clamping: credit), unit: unit))
        self.shared = shared
        let source = ReaderBox(reader)
        _ = PlainThread { Self.read(source, into: shared) }
    }

    deinit {
        socket.shutDown()
    }

    /// Opens a channel to a peer.
    ///
    /// - Parameter sequence: of the first frame that will be sent; where the worker goes on after a checkpoint.
    public func sender(to peer: String, from sequence: UInt64 = 0) throws -> OutgoingChannel {
        let number = try shared.change { try $0.openOutgoing(from: sequence) }
        try write(.channel(WorkerChannel(number: number, direction: .out, peer: peer, next: sequence)))
        return OutgoingChannel(connection: self, number: number)
    }

    /// Opens a channel from a peer.
    ///
    /// - Parameters:
    ///   - sequence: of the frame that is wanted first.
    ///   - credit: the most bytes that may wait for this worker; 0 for the site's choice.
    public func receiver(from peer: String, from sequence: UInt64 = 0, credit: Int = 0) throws -> IncomingChannel {
        let number = try shared.change { try $0.openIncoming(from: sequence) }
        try write(
            .channel(
                WorkerChannel(
                    number: number, direction: .in, peer: peer, next: sequence, credit: UInt64(max(0, credit))
                )
            )
        )
        return IncomingChannel(connection: self, number: number)
    }

    /// How much of the task is done, in units of its own.
    public func progress(done: UInt64, total: UInt64) throws {
        said.withLock { $0 = (done, total) }
        try write(.progress(done: done, total: total))
    }

    /// Waits for what the gateway says.
    func wait<Result>(_ body: (inout ConnectionState) throws -> Result?) throws -> Result {
        try shared.wait(
            every: lifeSign, { try write(.progress(done: said.withLock(\.done), total: said.withLock(\.total))) }, body)
    }

    /// A line for the job's log; level 0 (trace) to 6 (critical). Holds no rows, labels or keys.
    public func log(level: UInt8, _ text: String) throws {
        precondition(level <= 6, "levels go from 0 to 6")
        try write(.log(level: level, text: text))
    }

    /// Gives the site the task's state after a unit; units rise. Returns when it is kept durably.
    ///
    /// - Throws: `GatewayFaults.checkpointTooLarge`, told by the gateway.
    public func checkpoint(_ bytes: [UInt8], unit: UInt64) throws {
        try shared.change { try $0.beginCheckpoint(unit) }
        var start = 0
        repeat {
            let part = Array(bytes[start..<min(bytes.count, start + WorkerSocket.maximumPayload)])
            start += part.count
            try write(.checkpoint(unit: unit, isLast: start == bytes.count, bytes: part))
        } while start < bytes.count
        _ = try wait { state in try state.isKept(unit) ? true : nil }
    }

    /// Ends the task with its result, at most 4 MiB, and the connection with it. Channels are finished before.
    public func finish(result: [UInt8]) throws {
        try write(.done(result: result))
        // The gateway closes after it has taken the result.
        shared.wait { $0.hasEnded ? true : nil }
    }

    /// Ends the task with a fault.
    public func fail(_ fault: Fault) throws {
        try write(.fault(number: fault.number.rawValue, text: fault.what))
        shared.wait { $0.hasEnded ? true : nil }
    }

    /// Gives the connection up; calls that block throw `GatewayFaults.cancelled`. From any thread.
    public func cancel() {
        shared.change { $0.stop(Fault(GatewayFaults.cancelled)) }
        socket.shutDown()
    }

    func write(_ message: WorkerMessage) throws {
        let (head, body) = message.encoded()
        do {
            try writing.withLock { _ in try socket.write(head, body) }
        } catch {
            // The gateway may have said why before it closed; the reader finds it.
            throw shared.wait { $0.ended }
        }
    }

    private static func read(_ source: ReaderBox, into shared: Monitor<ConnectionState>) {
        while true {
            do {
                guard let message = try source.reader.next() else { break }
                let goesOn = try shared.change { try $0.take(message) }
                if !goesOn { break }
            } catch {
                shared.change { $0.stop(error as? Fault ?? Fault(GatewayFaults.socketLost)) }
            }
            if shared.withLock({ $0.hasEnded }) { break }
        }
        shared.change { $0.stop(Fault(GatewayFaults.socketLost)) }
    }

    /// The checkpoint that follows `welcome`; an empty last part of unit 0 says that there is none.
    private static func readCheckpoint(
        _ reader: inout MessageReader<SocketSource>
    ) throws -> (unit: UInt64, bytes: [UInt8]?) {
        var whole: [UInt8] = []
        while let message = try reader.next() {
            guard case .checkpoint(let unit, let isLast, let bytes) = message else {
                throw ConnectionState.refusal(message)
            }
            whole += bytes
            if isLast { return (unit, unit == 0 ? nil : whole) }
        }
        throw Fault(GatewayFaults.socketLost)
    }
}

/// Hands the reader to the one thread that uses it.
private final class ReaderBox: @unchecked Sendable {
    var reader: MessageReader<SocketSource>

    init(_ reader: MessageReader<SocketSource>) {
        self.reader = reader
    }
}
