import Faults
import HomomorphicEncryption
import Modeling

/// The host's side of `train.logistic`. Units: 1 that both parties have the same rows, then one for each pass. Keys, residuals
/// and masks are in no checkpoint.
struct LogisticHost<Pair: AdditiveKeyPair>: TaskProtocol {
    typealias Key = Pair.PublicKey

    private enum Stage {
        case rows
        /// Telling partial scores.
        case scores
        case key(FrameCollector)
        case residuals(next: Int)
        /// Telling masked sums.
        case masked
        case gradient(FrameCollector)
        case ended
    }

    private let plan: LogisticPlan
    private let scheme: BoostScheme<Pair>
    private let read: @Sendable () throws(Fault) -> (table: BoostTable, columns: WeightedColumns)
    private let part: WoePart
    private let workers: Workers
    private let guest: Int

    private var stage = Stage.rows
    private var unit: UInt64 = 0
    private var rows = 0
    private var digest: [UInt8] = []
    private var columns: WeightedColumns?
    private var steps: HostSteps?
    private var sums: AccumulationPlan?
    private var accumulator: BucketAccumulator<Key>?
    private var masks: [Int128] = []
    private var outbox = Outbox<TaskMessage>()
    private let watch = StageWatch()

    /// - Parameters:
    ///   - part: the host's weights of evidence.
    ///   - read: reads this party's rows and their columns; called at the start.
    init(
        _ plan: LogisticPlan, scheme: BoostScheme<Pair>, threads: Int, part: WoePart,
        read: @escaping @Sendable () throws(Fault) -> (table: BoostTable, columns: WeightedColumns)
    ) {
        self.plan = plan
        self.scheme = scheme
        self.part = part
        self.read = read
        guest = plan.parties[0]
        workers = Workers(threads)
    }

    var awaited: Set<Int>? { outbox.isEmpty ? [guest] : [] }

    private var pass: Int { Int(unit) }
    private var step: UInt32 { LogisticSchedule.step(pass) }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let (table, columns) = try read()
        (digest, rows) = (table.digest, table.keys.count)
        guard rows <= plan.schedule.rows, columns.count <= plan.schedule.columns else {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has more columns than the plan allows for.",
                at: "hostColumnLimit", wanted: "at least \(columns.count)")
        }
        guard columns.count > 0 else {
            throw Fault(ModelingFaults.columns, "the host has no column with weights of evidence")
        }
        self.columns = columns
        steps = try HostSteps(columns, l2: plan.l2, tolerance: plan.tolerance)
        // Last a column of all rows, whose empty bucket is left out.
        var buckets: [BucketColumn] = []
        var skipped: [Int] = []
        for (bins, weights) in zip(columns.bins, columns.weights) {
            buckets.append(try BucketColumn(buckets: weights.count, ids: bins))
            var counts = [Int](repeating: 0, count: weights.count)
            for bin in bins { counts[Int(bin)] += 1 }
            skipped.append(counts.firstIndex(of: counts.max() ?? 0) ?? 0)
        }
        buckets.append(try BucketColumn(buckets: 2, ids: [UInt16](repeating: 0, count: rows)))
        sums = try AccumulationPlan(columns: buckets, cellLimit: 1 << 14, skipping: skipped + [1])
        guard let checkpoint else {
            return [.send(frames(.rows, step: LogisticSchedule.agreement, digest, LogisticSchedule.digestBytes)[0])]
        }
        let found = try LogisticCheckpoint(bytes: checkpoint)
        guard 1...UInt64(plan.passes) ~= found.unit, steps?.restore(found.state) == true else {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        unit = found.unit
        return try tellScores()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try goOn() }
        switch stage {
        case .rows:
            try message.expect(LogisticMessage.rows.rawValue, step: LogisticSchedule.agreement, from: guest)
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            return endUnit() + (try tellScores())
        case .key(var frames):
            try message.expect(LogisticMessage.key.rawValue, step: step, from: guest)
            try frames.take(message.payload)
            stage = .key(frames)
            if frames.isComplete {
                guard let sums else { throw Fault(TaskFaults.protocolBroken) }
                accumulator = BucketAccumulator(
                    key: try scheme.readKey(frames.bytes, workers), plan: sums, workers: workers)
                stage = .residuals(next: 0)
            }
            return []
        case .residuals(let next):
            try message.expect(LogisticMessage.residuals.rawValue, step: step, from: guest)
            return try takeResiduals(message.payload, next)
        case .gradient(var frames):
            try message.expect(LogisticMessage.gradient.rawValue, step: step, from: guest)
            try frames.take(message.payload)
            stage = .gradient(frames)
            return frames.isComplete ? try advance(frames.bytes) : []
        case .scores, .masked, .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: A pass

    private mutating func tellScores() throws(Fault) -> [TaskEffect] {
        guard let steps else { throw Fault(TaskFaults.protocolBroken) }
        var writer = WireWriter()
        for score in try steps.scores() { writer.put(UInt64(bitPattern: score)) }
        outbox.add(frames(.scores, step: step, writer.bytes, plan.schedule.scoreBytes))
        stage = .scores
        return try goOn()
    }

    private mutating func takeResiduals(_ payload: [UInt8], _ next: Int) throws(Fault) -> [TaskEffect] {
        guard let accumulator else { throw Fault(TaskFaults.protocolBroken) }
        let blocks = BoostSchedule.blocks(plan.schedule.rows)
        guard next < blocks.count else { throw Fault(TaskFaults.messageUnexpected) }
        let count = min(blocks[next], max(0, rows - next * BoostSchedule.ciphertexts))
        let block = try plan.schedule.shape.block(payload, count: count, most: blocks[next])
        if count > 0 {
            let received = try watch.timed("receive") { () throws(Fault) in
                try accumulator.key.receive(block, count: count)
            }
            try watch.timed("accumulate") { () throws(Fault) in try accumulator.add(received) }
        }
        guard next + 1 == blocks.count else {
            stage = .residuals(next: next + 1)
            return []
        }
        return try tellMasked(accumulator)
    }

    private mutating func tellMasked(_ accumulator: BucketAccumulator<Key>) throws(Fault) -> [TaskEffect] {
        guard let columns else { throw Fault(TaskFaults.protocolBroken) }
        let (key, schedule) = (accumulator.key, plan.schedule)
        let found = try watch.timed("accumulate") { () throws(Fault) in try accumulator.finish() }
        let weighted = watch.timed("weigh") {
            found.weighted(key, node: 0, weights: columns.weights, all: columns.count)
        }
        // Zeros in place of columns that are not there: their number is nobody's affair.
        var filled = key.neutral(schedule.columns)
        let places = columns.weights.indices.map { Int32($0) }
        key.copy(weighted, places, into: &filled, places)
        var numbers = SystemRandomNumberGenerator()
        masks = schedule.fields.masks(schedule.columns, using: &numbers)
        let packed = try watch.timed("pack") { () throws(Fault) in
            try schedule.fields.pack(key, filled, masks: masks)
        }
        for (frame, size) in BoostSchedule.blocks(schedule.ciphertexts).enumerated() {
            let start = frame * BoostSchedule.ciphertexts
            let block = key.seal(key.gather(packed, (start..<start + size).map { Int32($0) }))
            outbox.add([
                schedule.shape.frame(LogisticMessage.masked.rawValue, step: step, to: guest, block, count: size)
            ])
        }
        self.accumulator = nil
        stage = .masked
        return try goOn()
    }

    private mutating func advance(_ bytes: [UInt8]) throws(Fault) -> [TaskEffect] {
        guard let columns, var steps else { throw Fault(TaskFaults.protocolBroken) }
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        var gradient: [Int128] = []
        for mask in masks {
            let high = try reader.number(UInt64.self)
            let opened = UInt128(high) << 64 | UInt128(try reader.number(UInt64.self))
            gradient.append(try plan.schedule.fields.unmask(opened, mask))
        }
        try reader.finish()
        guard gradient.dropFirst(columns.count).allSatisfy({ $0 == 0 }) else {
            throw Fault(BoostFaults.messageMalformed)
        }
        masks = []
        let isSettled = steps.advance(Array(gradient.prefix(columns.count)))
        self.steps = steps
        if isSettled { return finish(columns, steps) }
        guard pass < plan.passes else {
            throw Fault(ModelingFaults.regressionUnsettled, wanted: "a step below \(plan.tolerance) in \(pass) passes")
        }
        return endUnit() + (try tellScores())
    }

    private mutating func finish(_ columns: WeightedColumns, _ steps: HostSteps) -> [TaskEffect] {
        stage = .ended
        let own = LogisticPart(party: 1, intercept: 0, names: columns.names, values: steps.coefficients)
        let result = LogisticHostResult(
            part: own, woe: part, salt: LogisticHostResult.salt(of: columns, seed: plan.seed))
        var figures = watch.figures
        figures["passes"] = Double(pass)
        figures["columns"] = Double(columns.count)
        figures["bins.bits_per_row"] = ValueEntropy.bits(
            (0..<columns.rows).map { row in columns.bins.map { $0[row] } })
        let digest = own.digest(salt: result.salt).bytes
        return [
            .send(frames(.end, step: plan.schedule.endStep, digest, LogisticSchedule.digestBytes)[0]),
            .finish(TaskResult(output: result.bytes, figures: figures)),
        ]
    }

    // MARK: Messages and units

    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try outbox.drain { [$0] }
        guard outbox.isEmpty else { return effects }
        switch stage {
        case .scores: stage = .key(FrameCollector(BoostSchedule.frames(plan.schedule.shape.keyBytes)))
        case .masked: stage = .gradient(FrameCollector(BoostSchedule.frames(plan.schedule.gradientBytes)))
        default: break
        }
        return effects
    }

    private func frames(_ type: LogisticMessage, step: UInt32, _ bytes: [UInt8], _ size: Int) -> [TaskMessage] {
        BoostSchedule.frames(type.rawValue, step: step, to: guest, bytes, size: size)
    }

    private mutating func endUnit() -> [TaskEffect] {
        unit += 1
        return [
            .checkpoint(unit: unit, LogisticCheckpoint(unit: unit, state: steps?.state ?? []).bytes),
            .progress(done: unit, total: UInt64(plan.passes) + 1, what: "fitting"),
        ]
    }
}

/// What a party of `train.logistic` leaves after a unit: a version byte 1, `u64` unit, and its numbers as `u64` bit patterns.
/// Big-endian.
struct LogisticCheckpoint: Sendable {
    let unit: UInt64
    let state: [UInt64]

    init(unit: UInt64, state: [UInt64]) {
        self.unit = unit
        self.state = state
    }

    var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(1 as UInt8)
        writer.put(unit)
        for word in state { writer.put(word) }
        return writer.bytes
    }

    /// - Throws: `TaskFaults.checkpointUnreadable`.
    init(bytes: [UInt8]) throws(Fault) {
        var reader = WireReader(bytes, or: TaskFaults.checkpointUnreadable)
        guard try reader.number(UInt8.self) == 1, bytes.count % 8 == 1, bytes.count >= 9 else {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        unit = try reader.number()
        var state: [UInt64] = []
        for _ in 0..<(bytes.count - 9) / 8 { state.append(try reader.number()) }
        self.state = state
    }
}
