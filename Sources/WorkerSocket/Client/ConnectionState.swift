import Faults

/// What the threads of a worker share: the worker's side of every channel, as a value.
struct ConnectionState {
    private struct Outgoing {
        var next: UInt64
        var acknowledged: UInt64
        var credit: Int
    }

    private struct Incoming {
        var next: UInt64
        var frames: [WorkerFrame] = []
        var taken = 0
        var end: UInt64?
        /// Consumed since the last acknowledgement.
        var owed = 0
    }

    /// Acknowledgements are written when this much is owed, or when nothing waits.
    private static let acknowledgeAfter = 256 << 10

    private let credit: Int
    private var outgoing: [UInt32: Outgoing] = [:]
    private var incoming: [UInt32: Incoming] = [:]
    private var lastNumber: UInt32 = 0
    /// Units of checkpoints: given last, and kept last.
    private var lastUnit: UInt64
    private var keptUnit: UInt64
    private(set) var ended: Fault?

    /// - Parameters:
    ///   - credit: bytes that may be sent on each channel before the first acknowledgement.
    ///   - unit: of the checkpoint that the worker goes on from.
    init(credit: Int, unit: UInt64 = 0) {
        self.credit = credit
        lastUnit = unit
        keptUnit = unit
    }

    var hasEnded: Bool { ended != nil }

    /// The first reason counts.
    mutating func stop(_ fault: Fault) {
        if ended == nil { ended = fault }
    }

    mutating func openOutgoing(from sequence: UInt64) throws -> UInt32 {
        try check()
        lastNumber += 1
        outgoing[lastNumber] = Outgoing(next: sequence, acknowledged: sequence, credit: credit)
        return lastNumber
    }

    mutating func openIncoming(from sequence: UInt64) throws -> UInt32 {
        try check()
        lastNumber += 1
        incoming[lastNumber] = Incoming(next: sequence)
        return lastNumber
    }

    mutating func beginCheckpoint(_ unit: UInt64) throws {
        try check()
        precondition(unit > lastUnit, "units of checkpoints rise")
        lastUnit = unit
    }

    func isKept(_ unit: UInt64) throws -> Bool {
        if keptUnit >= unit { return true }
        try check()
        return false
    }

    /// The sequence for a frame of this cost, or nil while the credit is used up.
    mutating func takeSequence(_ number: UInt32, cost: Int) throws -> UInt64? {
        try check()
        guard let channel = outgoing[number], channel.credit > 0 else { return nil }
        outgoing[number]!.credit -= cost
        outgoing[number]!.next += 1
        return channel.next
    }

    func next(_ number: UInt32) -> UInt64 { outgoing[number]?.next ?? incoming[number]?.next ?? 0 }

    func isAcknowledged(_ number: UInt32) throws -> Bool {
        if let channel = outgoing[number], channel.acknowledged >= channel.next { return true }
        try check()
        return false
    }

    enum Arrival {
        case frame(WorkerFrame)
        case end
    }

    /// The next frame of a channel, or its end; nil while there is none. Frames that arrived before the connection ended
    /// are still given.
    mutating func takeFrame(_ number: UInt32) throws -> Arrival? {
        guard var channel = incoming.removeValue(forKey: number) else { return nil }
        defer { incoming[number] = channel }
        if channel.taken < channel.frames.count {
            let frame = channel.frames[channel.taken]
            channel.frames[channel.taken].payload = []
            channel.taken += 1
            if channel.taken == channel.frames.count {
                channel.frames.removeAll(keepingCapacity: true)
                channel.taken = 0
            }
            channel.next = frame.sequence + 1
            return .frame(frame)
        }
        if channel.end == channel.next { return .end }
        try check()
        return nil
    }

    /// The frame before has been consumed.
    ///
    /// - Returns: the acknowledgement to write, when it is time for one.
    mutating func consumed(_ number: UInt32, cost: Int) -> WorkerMessage? {
        guard var channel = incoming[number] else { return nil }
        channel.owed += cost
        let isDue = channel.owed >= Self.acknowledgeAfter || channel.frames.isEmpty
        let message = WorkerMessage.ack(channel: number, next: channel.next, credit: UInt64(channel.owed))
        if isDue { channel.owed = 0 }
        incoming[number] = channel
        return isDue ? message : nil
    }

    /// A message of the gateway.
    ///
    /// - Returns: whether more may follow.
    mutating func take(_ message: WorkerMessage) throws -> Bool {
        switch message {
        case .frame(let frame):
            guard var channel = incoming.removeValue(forKey: frame.channel), channel.end == nil else {
                throw Fault(GatewayFaults.unexpectedMessage, "A frame came on a channel that is not open.")
            }
            channel.frames.append(frame)
            incoming[frame.channel] = channel
        case .ack(let number, let next, let credit):
            if number == 0 {
                keptUnit = max(keptUnit, next)
            } else if var channel = outgoing[number] {
                channel.acknowledged = max(channel.acknowledged, next)
                channel.credit = channel.credit.addingReportingOverflow(Int(clamping: credit)).partialValue
                outgoing[number] = channel
            }
        case .end(let number, let next): incoming[number]?.end = next
        case .fault, .done:
            stop(Self.refusal(message))
            return false
        case .hello, .welcome, .channel, .progress, .log, .checkpoint:
            throw Fault(GatewayFaults.unexpectedMessage)
        }
        return true
    }

    /// What the gateway's last message means for the calls of this worker.
    static func refusal(_ message: WorkerMessage) -> Fault {
        guard case .fault(let number, let text) = message else {
            if case .done = message { return Fault(GatewayFaults.jobClosed, "The task has ended.") }
            return Fault(GatewayFaults.unexpectedMessage)
        }
        let entry = FaultCatalogue.entry(FaultNumber(rawValue: number)) ?? GatewayFaults.refusedByPeer
        return Fault(entry, text.isEmpty ? nil : text)
    }

    private func check() throws {
        if let ended { throw ended }
    }
}
