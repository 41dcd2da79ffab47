import Faults
import HomomorphicEncryption
import Modeling

/// A host's side of `woe`. Units: 1 that all parties have the same rows, from which on the fine bins are fixed; 2 that the
/// guest has counted. Keys and labels are in no checkpoint.
struct WoeHost<Pair: AdditiveKeyPair>: TaskProtocol {
    typealias Key = Pair.PublicKey

    private enum Stage {
        case rows
        case key(FrameCollector)
        case labels(next: Int)
        /// Telling fine bins and sums.
        case counting
        case groups(FrameCollector)
        case ended
    }

    private enum Outgoing: Sendable {
        case frame(TaskMessage)
        /// Ciphertexts of the sums, by frame.
        case sums(Int)
    }

    private let plan: WoePlan
    private let scheme: BoostScheme<Pair>
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    private let known: HostColumns
    private let workers: Workers
    /// Which host this is, from 0, and the guest's index among the task's parties.
    private let number: Int
    private let guest: Int

    private var stage = Stage.rows
    private var unit: UInt64 = 0
    private var rows = 0
    private var digest: [UInt8] = []
    private var columns = HostColumns()
    private var told: [ToldBins] = []
    /// The fine bin of every row, of the columns that are told.
    private var buckets: [BucketColumn] = []
    private var accumulator: BucketAccumulator<Key>?
    private var packed: (ciphertexts: Key.Ciphertexts, count: Int)?
    private var outbox = Outbox<Outgoing>()
    private let watch = StageWatch()

    /// - Parameters:
    ///   - known: fine bins of this dataset that earlier tasks have told of.
    ///   - table: reads this party's rows; called at the start.
    init(
        _ plan: WoePlan, scheme: BoostScheme<Pair>, number: Int, threads: Int, known: HostColumns,
        table: @escaping @Sendable () throws(Fault) -> BoostTable
    ) {
        self.plan = plan
        self.scheme = scheme
        self.number = number
        self.known = known
        makeTable = table
        guest = plan.parties[0]
        workers = Workers(threads)
    }

    var awaited: Set<Int>? { outbox.isEmpty ? [guest] : [] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        (digest, rows) = (table.digest, table.keys.count)
        guard table.features.count <= plan.schedule.columns[number], rows <= plan.schedule.rows else {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has more columns than the plan allows for.",
                at: "hostColumnLimit", wanted: "at least \(table.features.count)")
        }
        columns = try HostColumns(table.features, of: number + 1, known: known, plan)
        try count(table)
        guard let checkpoint else {
            return [.send(frames(.rows, step: WoeSchedule.agreement, digest, WoeSchedule.digestBytes)[0])]
        }
        try restore(checkpoint)
        waitForGuest()
        return []
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try goOn() }
        switch stage {
        case .rows:
            try message.expect(WoeMessage.rows.rawValue, step: WoeSchedule.agreement, from: guest)
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            return endUnit()
        case .key(var frames):
            try message.expect(WoeMessage.key.rawValue, step: WoeSchedule.counting, from: guest)
            try frames.take(message.payload)
            stage = .key(frames)
            if frames.isComplete { try begin(frames.bytes) }
            return []
        case .labels(let next):
            try message.expect(WoeMessage.labels.rawValue, step: WoeSchedule.counting, from: guest)
            return try takeLabels(message.payload, next)
        case .groups(var frames):
            try message.expect(WoeMessage.groups.rawValue, step: WoeSchedule.dividing, from: guest)
            try frames.take(message.payload)
            stage = .groups(frames)
            return frames.isComplete ? try finish(frames.bytes) : []
        case .counting, .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: Counting

    /// The rows of every fine bin. A column with bins too small to be told, as another version of the dataset may have them,
    /// is withheld.
    private mutating func count(_ table: BoostTable) throws(Fault) {
        for (column, feature) in zip(columns.columns, table.features) {
            let ids = feature.values.map { UInt16(column.partition.bin(of: $0)) }
            var rows = [Int](repeating: 0, count: column.partition.bins)
            for id in ids { rows[Int(id)] += 1 }
            guard column.partition.bins <= plan.schedule.fineBins, ToldBins.mayBeTold(rows) else {
                told.append(ToldBins(commitment: column.commitment, ordinary: 0, rows: []))
                continue
            }
            told.append(ToldBins(commitment: column.commitment, ordinary: column.partition.edges.bins, rows: rows))
            buckets.append(try BucketColumn(buckets: column.partition.bins, ids: ids))
        }
    }

    private mutating func begin(_ keyBytes: [UInt8]) throws(Fault) {
        let key = try scheme.readKey(keyBytes, workers)
        let plan = try AccumulationPlan(
            columns: buckets, cellLimit: 1 << 14, skipping: told.filter { !$0.isWithheld }.map(\.skipped))
        accumulator = BucketAccumulator(key: key, plan: plan, workers: workers)
        stage = .labels(next: 0)
    }

    private mutating func takeLabels(_ payload: [UInt8], _ next: Int) throws(Fault) -> [TaskEffect] {
        guard let accumulator else { throw Fault(TaskFaults.protocolBroken) }
        let blocks = BoostSchedule.blocks(plan.schedule.rows)
        guard next < blocks.count else { throw Fault(TaskFaults.messageUnexpected) }
        let count = min(blocks[next], max(0, rows - next * BoostSchedule.ciphertexts))
        let block = try plan.schedule.shape.block(payload, count: count, most: blocks[next])
        if count > 0 {
            let received = try watch.timed("receive") { () throws(Fault) in
                try accumulator.key.receive(block, count: count)
            }
            if !buckets.isEmpty {
                try watch.timed("accumulate") { () throws(Fault) in try accumulator.add(received) }
            }
        }
        guard next + 1 == blocks.count else {
            stage = .labels(next: next + 1)
            return []
        }
        return try tell(accumulator)
    }

    /// All labels have come: tells the fine bins and the sums of their labels.
    private mutating func tell(_ accumulator: BucketAccumulator<Key>) throws(Fault) -> [TaskEffect] {
        var order: [Int32] = []
        var ciphertexts = accumulator.key.neutral(0)
        if !buckets.isEmpty {
            let sums = try watch.timed("accumulate") { () throws(Fault) in try accumulator.finish() }
            for (place, column) in told.filter({ !$0.isWithheld }).enumerated() {
                order += column.summed.compactMap { sums.place(node: 0, column: place, bucket: $0) }
            }
            ciphertexts = try watch.timed("pack") { () throws(Fault) in
                try plan.schedule.layout.pack(accumulator.key, sums.ciphertexts, order: order)
            }
        }
        packed = (ciphertexts, plan.schedule.layout.plaintexts(forCells: order.count))
        outbox.add(
            frames(.bins, step: WoeSchedule.counting, ToldBins.encode(told), plan.schedule.binBytes(host: number))
                .map { .frame($0) })
        outbox.add(BoostSchedule.blocks(plan.schedule.sums(host: number)).indices.map { .sums($0) })
        stage = .counting
        return try goOn()
    }

    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try drain()
        guard case .counting = stage, outbox.isEmpty else { return effects }
        (accumulator, packed) = (nil, nil)
        return effects + endUnit()
    }

    // MARK: Dividing

    private mutating func finish(_ bytes: [UInt8]) throws(Fault) -> [TaskEffect] {
        let bins = try ToldGroups.decode(bytes, of: told)
        var own: [WoePart.Column] = []
        for (column, bins) in zip(columns.columns, bins) { own.append(try WoePart.Column(column.partition, bins)) }
        let result = WoeHostResult(part: try WoePart(own), columns: columns)
        stage = .ended
        var figures = watch.figures
        figures["columns"] = Double(own.count)
        figures["columns.divided"] = Double(bins.count { $0 != nil })
        figures["bins"] = Double(bins.reduce(0) { $0 + ($1?.groups.count ?? 0) })
        return [
            .send(frames(.part, step: WoeSchedule.dividing, result.digest.bytes, WoeSchedule.digestBytes)[0]),
            .finish(TaskResult(output: result.bytes, figures: figures)),
        ]
    }

    // MARK: Messages

    private func frames(_ type: WoeMessage, step: UInt32, _ bytes: [UInt8], _ size: Int) -> [TaskMessage] {
        BoostSchedule.frames(type.rawValue, step: step, to: guest, bytes, size: size)
    }

    private mutating func drain() throws(Fault) -> [TaskEffect] {
        let (shape, guest, watch, packed) = (plan.schedule.shape, guest, watch, packed)
        let (most, key) = (BoostSchedule.blocks(plan.schedule.sums(host: number)), accumulator?.key)
        return try outbox.drain { item throws(Fault) in
            switch item {
            case .frame(let frame): return [frame]
            case .sums(let frame):
                guard let packed, let key else { throw Fault(TaskFaults.protocolBroken) }
                let start = frame * BoostSchedule.ciphertexts
                let count = min(most[frame], max(0, packed.count - start))
                let block: [UInt8]? =
                    count == 0
                    ? nil
                    : watch.timed("rerandomise") {
                        key.seal(key.gather(packed.ciphertexts, (start..<start + count).map { Int32($0) }))
                    }
                return [
                    shape.frame(
                        WoeMessage.sums.rawValue, step: WoeSchedule.counting, to: guest, block, count: most[frame])
                ]
            }
        }
    }

    // MARK: Units

    private mutating func waitForGuest() {
        stage =
            unit < 2
            ? .key(FrameCollector(BoostSchedule.frames(plan.schedule.shape.keyBytes)))
            : .groups(FrameCollector(BoostSchedule.frames(plan.schedule.groupBytes(host: number))))
    }

    private mutating func endUnit() -> [TaskEffect] {
        unit += 1
        waitForGuest()
        return [
            .checkpoint(unit: unit, WoeCheckpoint(unit: unit, content: columns.bytes).bytes),
            .progress(done: unit, total: 3, what: "counting bins"),
        ]
    }

    private mutating func restore(_ bytes: [UInt8]) throws(Fault) {
        let checkpoint = try WoeCheckpoint(bytes: bytes)
        guard 1...2 ~= checkpoint.unit, try HostColumns(bytes: checkpoint.content) == columns else {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        unit = checkpoint.unit
    }
}

/// What a party of `woe` leaves after a unit: a version byte 1, `u64` unit, and what it has told or decided.
struct WoeCheckpoint: Sendable {
    let unit: UInt64
    /// At a host: `HostColumns`. At the guest: nothing after unit 1, then `WoeGuestResult` without digests of parts.
    let content: [UInt8]

    init(unit: UInt64, content: [UInt8]) {
        self.unit = unit
        self.content = content
    }

    var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(1 as UInt8)
        writer.put(unit)
        writer.put(content)
        return writer.bytes
    }

    /// - Throws: `TaskFaults.checkpointUnreadable`.
    init(bytes: [UInt8]) throws(Fault) {
        var reader = WireReader(bytes, or: TaskFaults.checkpointUnreadable)
        guard try reader.number(UInt8.self) == 1 else { throw Fault(TaskFaults.checkpointUnreadable) }
        unit = try reader.number()
        content = reader.rest()
    }
}
