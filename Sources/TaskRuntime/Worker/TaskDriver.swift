import Faults
import WorkerSocket

/// Gives a protocol its events and does what it wants, over one connection.
struct TaskDriver {
    private let connection: WorkerConnection
    private let maker: TaskCheckpoint.Maker
    private let measures: any WorkerMeasures
    private let scratch: String
    private var task: any TaskProtocol
    private var unit: UInt64

    private var outgoing: [Int: OutgoingChannel] = [:]
    private var incoming: [Int: IncomingChannel] = [:]
    /// Types that may come, by party.
    private var types: [Int: Set<String>] = [:]
    /// Parties whose channels have ended.
    private var ended: Set<Int> = []
    /// Where to look for a message first, so that all parties have their turn.
    private var turn = 0
    private var gate = ProgressGate()
    private var what = ""

    init(
        connection: WorkerConnection, maker: TaskCheckpoint.Maker, task: any TaskProtocol, unit: UInt64,
        measures: any WorkerMeasures, scratch: String
    ) {
        self.connection = connection
        self.maker = maker
        self.task = task
        self.unit = unit
        self.measures = measures
        self.scratch = scratch
    }

    /// Opens the channels that the message table names, where the checkpoint left them.
    ///
    /// - Throws: `TaskFaults.checkpointUnreadable` for a checkpoint with other channels.
    mutating func open(_ rows: [MessageRow], _ order: TaskOrder, from checkpoint: TaskCheckpoint?) throws {
        let own = rows.filter { $0.from == order.party || $0.to == order.party }
        let channels = Set(
            own.map { row in
                let isIncoming = row.to == order.party
                return TaskCheckpoint.Channel(party: isIncoming ? row.from : row.to, isIncoming: isIncoming)
            })
        if let checkpoint, Set(checkpoint.positions.keys) != channels { throw Fault(TaskFaults.checkpointUnreadable) }
        for channel in channels.sorted() {
            guard order.parties.indices.contains(channel.party), channel.party != order.party else {
                throw Fault(TaskFaults.protocolBroken, "The message table names a party that is none.")
            }
            let (site, next) = (order.parties[channel.party].site, checkpoint?.positions[channel] ?? 0)
            if channel.isIncoming {
                incoming[channel.party] = try connection.receiver(from: site, from: next)
                types[channel.party] = Set(own.filter { $0.from == channel.party }.map(\.type))
            } else {
                outgoing[channel.party] = try connection.sender(to: site, from: next)
            }
        }
    }

    /// Runs the protocol to its end.
    mutating func run(from state: [UInt8]?) throws -> TaskResult {
        var effects = try task.start(from: state)
        var answers: [Measurement] = []
        while true {
            var result: TaskResult?
            for effect in effects {
                guard result == nil else {
                    throw Fault(TaskFaults.protocolBroken, "A protocol wants something after its end.")
                }
                switch effect {
                case .measure(let request): answers.append(try measure(request))
                case .finish(let found): result = found
                default: try perform(effect)
                }
            }
            if let result { return result }
            if answers.isEmpty {
                effects = try takeMessage()
            } else {
                effects = try task.handle(.measured(answers.removeFirst()))
            }
        }
    }

    /// Ends all channels: returns when the peers have consumed everything and have ended theirs.
    ///
    /// - Throws: `TaskFaults.messageUnexpected` for a message that nobody waits for.
    mutating func close() throws {
        for channel in outgoing.values { try channel.end() }
        for (party, channel) in incoming where !ended.contains(party) {
            guard try channel.receive() == nil else {
                throw Fault(TaskFaults.messageUnexpected, "A message came after the task's end.", at: "party \(party)")
            }
        }
        for channel in outgoing.values { try channel.flush() }
    }

    private mutating func takeMessage() throws -> [TaskEffect] {
        while true {
            let awaited = task.awaited
            let parties = incoming.keys.filter { awaited?.contains($0) ?? true }.sorted()
            let open = parties.filter { !ended.contains($0) }
            guard !open.isEmpty else {
                if parties.isEmpty { throw Fault(TaskFaults.protocolBroken, "A protocol waits for nobody.") }
                throw Fault(TaskFaults.peerEnded, at: parties.map { "party \($0)" }.joined(separator: ", "))
            }
            turn &+= 1
            let (place, frame) = try IncomingChannel.receive(
                fromAnyOf: open.map { incoming[$0]! }, lookingFirstAt: turn % open.count)
            let party = open[place]
            guard let frame else {
                ended.insert(party)
                continue
            }
            guard types[party]?.contains(frame.type) == true else {
                throw Fault(
                    TaskFaults.messageUnexpected, "A message of type \(frame.type) came.", at: "party \(party)")
            }
            let message = TaskMessage(
                party: party, step: frame.step, type: frame.type, elements: frame.elements, payload: frame.payload)
            let effects = try task.handle(.message(message, at: measures.now()))
            try incoming[party]!.consumed()
            return effects
        }
    }

    private mutating func perform(_ effect: TaskEffect) throws {
        switch effect {
        case .send(let message):
            guard let channel = outgoing[message.party] else {
                throw Fault(
                    TaskFaults.protocolBroken, "A protocol sends where nothing is declared.",
                    at: "party \(message.party)")
            }
            try channel.send(
                step: message.step, type: message.type, elements: message.elements, payload: message.payload)
        case .progress(let done, let total, let what):
            if what != self.what {
                self.what = what
                try connection.log(level: 1, what)
            }
            if gate.lets(done: done, total: total, at: measures.now()) {
                try connection.progress(done: done, total: total)
            }
        case .checkpoint(let unit, let state): try save(state, unit)
        case .log(let level, let text): try connection.log(level: min(level, 6), text)
        case .measure, .finish: break
        }
    }

    /// Everything sent has been consumed by then: what a checkpoint stands on is nowhere on its way.
    private mutating func save(_ state: [UInt8], _ unit: UInt64) throws {
        guard unit == self.unit + 1 else {
            throw Fault(TaskFaults.protocolBroken, "A protocol's units do not rise one at a time.")
        }
        try flush()
        var positions: [TaskCheckpoint.Channel: UInt64] = [:]
        for (party, channel) in outgoing { positions[.init(party: party, isIncoming: false)] = channel.next }
        for (party, channel) in incoming { positions[.init(party: party, isIncoming: true)] = channel.next }
        let checkpoint = TaskCheckpoint(maker: maker, unit: unit, positions: positions, state: state)
        try connection.checkpoint(checkpoint.encoded(), unit: unit)
        self.unit = unit
    }

    private func measure(_ request: MeasureRequest) throws -> Measurement {
        switch request {
        case .clock: return .clock(measures.now())
        case .clockAfterFlush:
            try flush()
            return .clock(measures.now())
        case .kernels(let duration): return try measures.kernels(for: duration)
        case .disk(let bytes): return try measures.disk(bytes: bytes, scratch: scratch)
        }
    }

    private func flush() throws {
        for channel in outgoing.values { try channel.flush() }
    }
}
