import Faults
import HomomorphicEncryption
import Modeling

/// The guest's side of `train.logistic`. Units as at the host.
struct LogisticGuest<Pair: AdditiveKeyPair>: TaskProtocol {
    private enum Stage {
        case rows
        /// The next scores, or the end.
        case scores(FrameCollector)
        /// Telling key and residuals.
        case residuals
        case masked(next: Int)
        /// Telling what was opened.
        case gradient
        case ended
    }

    private enum Outgoing: Sendable {
        case frame(TaskMessage)
        /// Encrypted residuals, by frame.
        case residuals(Int)
    }

    private let plan: LogisticPlan
    private let scheme: BoostScheme<Pair>
    private let read: @Sendable () throws(Fault) -> (table: BoostTable, columns: WeightedColumns)
    private let part: WoePart
    private let workers: Workers
    private let host: Int

    private var stage = Stage.rows
    private var unit: UInt64 = 0
    private var rows = 0
    private var digest: [UInt8] = []
    private var columns: WeightedColumns?
    private var answer: GuestAnswer?
    private var pair: Pair?
    private var residuals: [Int64] = []
    /// What the last scores tell of a row, in bits.
    private var told = 0.0
    private var opened: [UInt128] = []
    private var outbox = Outbox<Outgoing>()
    private let watch = StageWatch()

    /// - Parameters:
    ///   - part: the guest's weights of evidence.
    ///   - read: reads this party's rows and their columns; called at the start.
    init(
        _ plan: LogisticPlan, scheme: BoostScheme<Pair>, threads: Int, part: WoePart,
        read: @escaping @Sendable () throws(Fault) -> (table: BoostTable, columns: WeightedColumns)
    ) {
        self.plan = plan
        self.scheme = scheme
        self.part = part
        self.read = read
        host = plan.parties[1]
        workers = Workers(threads)
    }

    var awaited: Set<Int>? { outbox.isEmpty ? [host] : [] }

    /// The pass that is under way, from 1.
    private var pass: Int { Int(unit) }
    private var step: UInt32 { LogisticSchedule.step(pass) }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let (table, columns) = try read()
        (digest, rows) = (table.digest, table.keys.count)
        guard rows <= plan.schedule.rows else {
            throw Fault(ModelingFaults.rows, "more rows are learnt from than the plan allows for")
        }
        // With as many gradients as rows a host could solve for the labels (arXiv 2205.04166).
        let least = 10 * plan.schedule.columns * plan.passes
        guard rows >= least else {
            throw Fault(
                LogisticFaults.tooFewRows, at: "rows",
                wanted: "ten times the host's columns times the passes, \(least) rows, or fewer of these")
        }
        self.columns = columns
        answer = try GuestAnswer(columns, labels: table.extra[plan.label] ?? [], l2: plan.l2)
        guard let checkpoint else {
            outbox.add(
                frames(.rows, step: LogisticSchedule.agreement, digest, LogisticSchedule.digestBytes)
                    .map { .frame($0) })
            return try goOn()
        }
        let found = try LogisticCheckpoint(bytes: checkpoint)
        guard 1...UInt64(plan.passes) + 1 ~= found.unit, answer?.restore(found.state) == true else {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        unit = found.unit
        waitForScores()
        return []
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try goOn() }
        switch stage {
        case .rows:
            try message.expect(LogisticMessage.rows.rawValue, step: LogisticSchedule.agreement, from: host)
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            waitForScores()
            return endUnit()
        case .scores(var frames):
            if message.type == LogisticMessage.end.rawValue { return try finish(message) }
            guard pass <= plan.passes else { throw Fault(TaskFaults.messageUnexpected) }
            try message.expect(LogisticMessage.scores.rawValue, step: step, from: host)
            try frames.take(message.payload)
            stage = .scores(frames)
            return frames.isComplete ? try reply(frames.bytes) : []
        case .masked(let next):
            try message.expect(LogisticMessage.masked.rawValue, step: step, from: host)
            return try takeMasked(message.payload, next)
        case .residuals, .gradient, .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: A pass

    private mutating func waitForScores() {
        stage = .scores(FrameCollector(BoostSchedule.frames(plan.schedule.scoreBytes)))
    }

    /// Answers the host's scores at its best, and sends what is left of the labels.
    private mutating func reply(_ bytes: [UInt8]) throws(Fault) -> [TaskEffect] {
        guard var answer else { throw Fault(TaskFaults.protocolBroken) }
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        var scores: [Int64] = []
        for _ in 0..<rows { scores.append(Int64(bitPattern: try reader.number(UInt64.self))) }
        // Beyond a log-odds of 2^20 nothing is a score.
        guard reader.rest().allSatisfy({ $0 == 0 }), scores.allSatisfy({ $0.magnitude < 1 << 52 }) else {
            throw Fault(BoostFaults.messageMalformed)
        }
        told = ValueEntropy.bits(scores)
        residuals = try watch.timed("answer") { () throws(Fault) in try answer.answer(scores) }
        self.answer = answer
        if pair == nil { pair = try watch.timed("keys") { () throws(Fault) in try scheme.makePair(workers) } }
        guard let key = pair?.publicKey.encoded() else { throw Fault(TaskFaults.protocolBroken) }
        outbox.add(frames(.key, step: step, key, plan.schedule.shape.keyBytes).map { .frame($0) })
        outbox.add(BoostSchedule.blocks(plan.schedule.rows).indices.map { .residuals($0) })
        opened = []
        stage = .residuals
        return try goOn()
    }

    private mutating func takeMasked(_ payload: [UInt8], _ next: Int) throws(Fault) -> [TaskEffect] {
        guard let pair else { throw Fault(TaskFaults.protocolBroken) }
        let schedule = plan.schedule
        let most = BoostSchedule.blocks(schedule.ciphertexts)
        guard next < most.count else { throw Fault(TaskFaults.messageUnexpected) }
        // How many columns the host has is its own affair: there are as many sums as the plan has room for.
        let block = try schedule.shape.block(payload, count: most[next], most: most[next])
        let plaintexts = try watch.timed("decrypt") { () throws(Fault) in
            try pair.decrypt(block, count: most[next])
        }
        let slots = schedule.fields.slots
        let sums = min(most[next] * slots, schedule.columns - next * BoostSchedule.ciphertexts * slots)
        opened += try schedule.fields.open(plaintexts, sums: sums)
        guard next + 1 == most.count else {
            stage = .masked(next: next + 1)
            return []
        }
        var writer = WireWriter()
        for value in opened {
            writer.put(UInt64(truncatingIfNeeded: value >> 64))
            writer.put(UInt64(truncatingIfNeeded: value))
        }
        outbox.add(frames(.gradient, step: step, writer.bytes, schedule.gradientBytes).map { .frame($0) })
        stage = .gradient
        return try goOn()
    }

    private mutating func finish(_ message: TaskMessage) throws(Fault) -> [TaskEffect] {
        try message.expect(LogisticMessage.end.rawValue, step: plan.schedule.endStep, from: host)
        guard unit > 1, message.payload.count == LogisticSchedule.digestBytes, let columns, let answer else {
            throw Fault(BoostFaults.messageMalformed)
        }
        pair = nil
        stage = .ended
        let own = LogisticPart(
            party: 0, intercept: answer.values[0], names: columns.names, values: Array(answer.values.dropFirst()))
        let result = LogisticGuestResult(
            part: own, woe: part, host: try ModelDigest(bytes: message.payload), passes: pass - 1,
            deviance: answer.deviance)
        var figures = watch.figures
        figures["passes"] = Double(pass - 1)
        figures["deviance"] = answer.deviance
        figures["host.1.scores_per_row"] = Double(pass - 1)
        figures["host.1.bits_per_row"] = told
        figures["label.sums"] = Double((pass - 1) * plan.schedule.columns)
        figures["intercept"] = own.intercept
        for (name, value) in zip(own.names, own.values) where name.utf8.count <= 200 {
            figures["coefficient.guest.\(name)"] = value
        }
        return [
            .log(level: 2, "regression \(result.digest) after \(pass - 1) passes"),
            .finish(TaskResult(output: result.bytes, figures: figures)),
        ]
    }

    // MARK: Messages and units

    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let (schedule, step, host, watch) = (plan.schedule, step, host, watch)
        let (pair, residuals) = (pair, residuals)
        let effects = try outbox.drain { item throws(Fault) in
            switch item {
            case .frame(let frame): return [frame]
            case .residuals(let frame):
                guard let pair else { throw Fault(TaskFaults.protocolBroken) }
                let most = BoostSchedule.blocks(schedule.rows)[frame]
                let start = min(residuals.count, frame * BoostSchedule.ciphertexts)
                let rows = residuals[start..<min(residuals.count, start + most)]
                let block = try watch.timed("encrypt") { () throws(Fault) -> [UInt8]? in
                    rows.isEmpty ? nil : try pair.encrypt(PlaintextBatch(rows.map { Int128($0) }))
                }
                return [
                    schedule.shape.frame(
                        LogisticMessage.residuals.rawValue, step: step, to: host, block, count: most)
                ]
            }
        }
        guard outbox.isEmpty else { return effects }
        switch stage {
        case .residuals: stage = .masked(next: 0)
        case .gradient:
            waitForScores()
            return effects + endUnit()
        default: break
        }
        return effects
    }

    private func frames(_ type: LogisticMessage, step: UInt32, _ bytes: [UInt8], _ size: Int) -> [TaskMessage] {
        BoostSchedule.frames(type.rawValue, step: step, to: host, bytes, size: size)
    }

    private mutating func endUnit() -> [TaskEffect] {
        unit += 1
        return [
            .checkpoint(unit: unit, LogisticCheckpoint(unit: unit, state: answer?.state ?? []).bytes),
            .progress(done: unit, total: UInt64(plan.passes) + 1, what: "fitting"),
        ]
    }
}
