import Faults
import Ledger
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Serves one worker on a thread of its own, from its first message to its last.
struct WorkerDesk {
    private enum Side {
        case sending(SendingChannel)
        case receiving(ReceivingChannel)
    }

    private let gateway: Gateway
    private let socket: UnixSocket
    private var sides: [UInt32: Side] = [:]
    private var checkpoint: [UInt8] = []

    init(_ gateway: Gateway, _ socket: UnixSocket) {
        self.gateway = gateway
        self.socket = socket
    }

    /// Returns when the worker is gone or was refused.
    mutating func serve() {
        var reader = MessageReader(SocketSource(socket))
        let session: WorkerSession
        do {
            session = try admit(&reader)
        } catch {
            let fault = error as? Fault ?? Fault(GatewayFaults.socketLost)
            gateway.refusedWorker(fault)
            let (head, body) = WorkerMessage.fault(number: fault.number.rawValue, text: fault.what).encoded()
            socket.setPatience(seconds: 1)
            try? socket.write(head, body, while: { false })
            return
        }
        do {
            while let message = try reader.next(), try take(message, session) {}
            session.report(.failed(Fault(GatewayFaults.socketLost)))
            session.end()
        } catch {
            session.close(error as? Fault ?? Fault(GatewayFaults.socketLost))
        }
        for side in sides.values {
            switch side {
            case .sending(let channel): channel.detach(session)
            case .receiving(let channel): channel.detach(session)
            }
        }
        gateway.forget(session)
    }

    /// Only processes of the site's own user and root may talk here.
    ///
    /// - Throws: `GatewayFaults.foreignWorker`.
    static func check(user: UInt32?) throws {
        guard let user, user == 0 || user == geteuid() else { throw Fault(GatewayFaults.foreignWorker) }
    }

    private func admit(_ reader: inout MessageReader<SocketSource>) throws -> WorkerSession {
        try Self.check(user: socket.peerUser)
        // Whoever connects says at once who it is; afterwards a worker may compute for hours without a word.
        socket.setReadPatience(seconds: 10)
        defer { socket.setReadPatience(seconds: 0) }
        guard let first = try reader.next() else { throw Fault(GatewayFaults.socketLost) }
        guard case .hello(let hello) = first else { throw Fault(GatewayFaults.unexpectedMessage) }
        guard hello.version == WorkerSocket.version else {
            throw Fault(
                GatewayFaults.socketVersion, "The worker speaks version \(hello.version).",
                wanted: "version \(WorkerSocket.version)"
            )
        }
        return try gateway.admit(hello, socket)
    }

    /// - Returns: whether more may follow.
    private mutating func take(_ message: WorkerMessage, _ session: WorkerSession) throws -> Bool {
        switch message {
        case .channel(let channel): try open(channel, session)
        case .frame(let frame):
            guard case .sending(let channel) = sides[frame.channel] else { throw Self.unexpected("A frame") }
            try gateway.submit(frame, to: channel, session)
        case .ack(let number, let next, _):
            guard case .receiving(let channel) = sides[number] else { throw Self.unexpected("An acknowledgement") }
            try channel.consumed(to: next)
        case .end(let number, let next):
            guard case .sending(let channel) = sides[number] else { throw Self.unexpected("An end") }
            try channel.finish(at: next)
        case .progress(let done, let total): session.report(.progress(done: done, total: total))
        case .log(let level, let text): session.report(.log(level: level, text: text))
        case .checkpoint(let unit, let isLast, let bytes):
            guard checkpoint.count + bytes.count <= gateway.context.options.largestCheckpoint else {
                throw Fault(
                    GatewayFaults.checkpointTooLarge,
                    wanted: "at most \(gateway.context.options.largestCheckpoint) bytes")
            }
            checkpoint += bytes
            if isLast {
                defer { checkpoint = [] }
                let incoming = sides.values.compactMap { side -> ReceivingChannel? in
                    if case .receiving(let channel) = side { channel } else { nil }
                }
                try gateway.save(checkpoint, unit, session, after: incoming)
            }
        case .done(let result):
            session.report(.done(result: result))
            session.end()
            return false
        case .fault(let number, let text):
            let entry = FaultCatalogue.entry(FaultNumber(rawValue: number)) ?? GatewayFaults.cancelled
            session.report(.failed(Fault(entry, text.isEmpty ? nil : text)))
            session.end()
            return false
        case .hello, .welcome: throw Self.unexpected("An opening")
        }
        return true
    }

    private mutating func open(_ channel: WorkerChannel, _ session: WorkerSession) throws {
        guard sides[channel.number] == nil else { throw Self.unexpected("A channel's number") }
        guard let peer = SiteID(channel.peer) else {
            throw Fault(GatewayFaults.malformedMessage, "A channel names no site.", wanted: "the site id of a peer")
        }
        let key = ChannelKey(
            peer: peer, id: ChannelID(job: session.hello.job, task: session.hello.task, epoch: session.hello.epoch))
        let worker = AttachedWorker(session: session, number: channel.number)
        switch channel.direction {
        case .out:
            let opened = try gateway.sending(key, from: channel.next)
            try opened.attach(worker, from: channel.next)
            sides[channel.number] = .sending(opened)
            gateway.connect(opened)
        case .in:
            let opened = try gateway.receiving(key, from: channel.next, credit: channel.credit)
            try opened.attach(worker, from: channel.next)
            sides[channel.number] = .receiving(opened)
            gateway.connect(opened)
        }
    }

    private static func unexpected(_ what: String) -> Fault {
        Fault(GatewayFaults.unexpectedMessage, "\(what) came where none is allowed.")
    }
}
