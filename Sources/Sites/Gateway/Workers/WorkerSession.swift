import Faults
import WorkerSocket

/// The gateway's end of one worker's connection: a queue, and a thread that writes it out.
///
/// The queue holds no more than the channels' credits allow. Sending never blocks.
final class WorkerSession: Sendable {
    private struct Outbox {
        var messages: [WorkerMessage] = []
        var isClosing = false
        var isReported = false
        var isSaving = false
        /// Of the last checkpoint that came.
        var unit: UInt64
    }

    let hello: WorkerHello
    private let socket: UnixSocket
    /// Of the checkpoint that the worker goes on from.
    let unit: UInt64
    private let outbox: Monitor<Outbox>
    private let onEvent: @Sendable (WorkerEvent) -> Void

    /// Messages up to this size are written together.
    private static let small = 4 << 10

    init(
        _ hello: WorkerHello, from unit: UInt64, _ socket: UnixSocket,
        onEvent: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.hello = hello
        self.unit = unit
        outbox = Monitor(Outbox(unit: unit))
        self.socket = socket
        self.onEvent = onEvent
        socket.setPatience(seconds: 1)
    }

    /// Starts the writing thread; it ends with the connection.
    func start() {
        _ = PlainThread { self.write() }
    }

    func send(_ message: WorkerMessage) {
        outbox.change { outbox in
            if !outbox.isClosing { outbox.messages.append(message) }
        }
    }

    /// Tells the worker why and ends the connection; what waits for it is dropped. The first reason counts.
    func close(_ fault: Fault) {
        report(.failed(fault))
        outbox.change { outbox in
            guard !outbox.isClosing else { return }
            outbox.isClosing = true
            outbox.messages = [.fault(number: fault.number.rawValue, text: fault.what)]
        }
    }

    /// Ends the connection once everything that waits is written.
    func end() {
        outbox.change { $0.isClosing = true }
    }

    /// Tells whoever runs the worker. Nothing is told after its end.
    func report(_ what: WorkerEvent.What) {
        let isEnd =
            switch what {
            case .done, .failed: true
            case .connected, .progress, .log: false
            }
        let isNews = outbox.withLock { outbox in
            defer { if isEnd { outbox.isReported = true } }
            return !outbox.isReported
        }
        if isNews { onEvent(WorkerEvent(job: hello.job, task: hello.task, epoch: hello.epoch, what: what)) }
    }

    /// Whether a checkpoint may be saved now; one at a time, and units rise.
    func beginSaving(_ unit: UInt64) throws {
        try outbox.withLock { outbox in
            if outbox.isSaving {
                throw Fault(GatewayFaults.unexpectedMessage, "A checkpoint came before the last was kept.")
            }
            guard unit > outbox.unit else {
                throw Fault(GatewayFaults.unexpectedMessage, "A checkpoint's unit is not above the last one's.")
            }
            outbox.isSaving = true
            outbox.unit = unit
        }
    }

    func saved(_ unit: UInt64) {
        outbox.withLock { $0.isSaving = false }
        send(.ack(channel: 0, next: unit, credit: 0))
    }

    private func write() {
        while true {
            let (messages, isLast) = outbox.wait { outbox -> ([WorkerMessage], Bool)? in
                guard !outbox.messages.isEmpty || outbox.isClosing else { return nil }
                defer { outbox.messages = [] }
                return (outbox.messages, outbox.isClosing)
            }
            do {
                try write(messages)
            } catch {
                break
            }
            if isLast, outbox.withLock({ $0.messages.isEmpty }) { break }
        }
        // Wakes the reading thread too.
        outbox.change { $0.isClosing = true }
        socket.shutDown()
    }

    /// Writes the messages in order; small ones go together with what follows.
    private func write(_ messages: [WorkerMessage]) throws {
        var waiting: [UInt8] = []
        for message in messages {
            let (head, body) = message.encoded()
            waiting += head
            if body.count > Self.small || waiting.count > Self.small {
                try socket.write(waiting, body, while: goesOn)
                waiting.removeAll(keepingCapacity: true)
            } else {
                waiting += body
            }
        }
        if !waiting.isEmpty { try socket.write(waiting, [], while: goesOn) }
    }

    /// A worker that does not read is waited for, unless it is being closed.
    private func goesOn() -> Bool { outbox.withLock { !$0.isClosing } }
}
