import Faults
import HomomorphicEncryption
import Modeling

/// A host's side of `train.boosting`. Units: 1 that all parties have the same rows; then one for each tree that hosts take
/// part in. Keys and gradients are in no checkpoint: a tree that was interrupted begins again under a new key.
struct BoostHost<Pair: AdditiveKeyPair>: TaskProtocol {
    typealias Key = Pair.PublicKey

    private enum Stage {
        case rows
        /// The next tree, or the end.
        case tree(FrameCollector)
        case gradients(next: Int)
        case nodes(level: Int, FrameCollector)
        case winners(level: Int, FrameCollector)
        /// The tree is grown; its last directions are being sent.
        case grown
        case ended
    }

    private enum Outgoing: Sendable {
        case frame(TaskMessage)
        /// Ciphertexts of the level's reply, by frame.
        case sums(Int)
    }

    private let plan: BoostPlan
    private let scheme: BoostScheme<Pair>
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    private let binning: Binning?
    private let workers: Workers
    /// Which host this is, from 0, and the guest's index among the task's parties.
    private let number: Int
    private let guest: Int

    private var side: PartySide?
    private var rows = 0
    private var digest: [UInt8] = []
    private var unit: UInt64 = 0
    private var conditions: [SplitCondition] = []

    private var stage = Stage.rows
    private var tree = 0
    private var known: (bytes: [UInt8], key: Key, pool: BlindingPool<Key>, filler: PoolFiller)?
    private var grown: HostTree<Key>?
    private var learning: [Int32] = []
    private var reply: (packed: Key.Ciphertexts, count: Int, most: [Int])?
    private var outbox = Outbox<Outgoing>()
    private var level = 0
    private let watch = StageWatch()

    /// - Parameters:
    ///   - binning: the bins of this party's columns; nil to cut them here.
    ///   - table: reads this party's rows; called at the start.
    init(
        _ plan: BoostPlan, scheme: BoostScheme<Pair>, number: Int, threads: Int, binning: Binning? = nil,
        table: @escaping @Sendable () throws(Fault) -> BoostTable
    ) {
        self.plan = plan
        self.scheme = scheme
        self.number = number
        makeTable = table
        self.binning = binning
        guest = plan.parties[0]
        workers = Workers(threads)
    }

    var awaited: Set<Int>? { [guest] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        digest = table.digest
        rows = table.keys.count
        let columns = try plan.columns(of: table, binning: binning)
        guard 2 * (plan.bins.bins - 1) * columns.columns.count <= plan.schedule.candidates[number],
            rows <= plan.schedule.rows
        else {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has more columns than the plan allows for.",
                at: "hostColumnLimit", wanted: "at least \(columns.columns.count)")
        }
        side = PartySide(party: number + 1, columns: columns, settings: plan.settings)
        guard let checkpoint else {
            return frames(.rows, step: BoostSchedule.agreement, digest, BoostSchedule.digestBytes).map { .send($0) }
        }
        try restore(checkpoint)
        awaitTree()
        return []
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try goOn() }
        switch stage {
        case .rows:
            try message.expect(BoostMessage.rows.rawValue, step: BoostSchedule.agreement, from: guest)
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            return try endUnit()
        case .tree(var frames):
            if message.type == BoostMessage.end.rawValue { return try finish(message) }
            guard unit <= UInt64(plan.schedule.trees.count) else { throw Fault(TaskFaults.messageUnexpected) }
            try message.expect(BoostMessage.tree.rawValue, step: plan.schedule.step(tree: tree), from: guest)
            try frames.take(message.payload)
            stage = .tree(frames)
            if frames.isComplete { try beginTree(frames.bytes) }
            return []
        case .gradients(let next):
            try message.expect(BoostMessage.gradients.rawValue, step: plan.schedule.step(tree: tree), from: guest)
            return try takeGradients(message.payload, next)
        case .nodes(let level, var frames):
            try message.expect(BoostMessage.nodes.rawValue, step: plan.schedule.step(tree: tree), from: guest)
            try frames.take(message.payload)
            stage = .nodes(level: level, frames)
            return frames.isComplete ? try descend(frames.bytes, level) : []
        case .winners(let level, var frames):
            try message.expect(BoostMessage.winners.rawValue, step: plan.schedule.step(tree: tree), from: guest)
            try frames.take(message.payload)
            stage = .winners(level: level, frames)
            return frames.isComplete ? try split(frames.bytes, level) : []
        case .grown, .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: Trees

    private mutating func awaitTree() {
        tree = plan.schedule.trees.lowerBound + Int(unit) - 1
        stage = .tree(FrameCollector(BoostSchedule.frames(plan.schedule.treeBytes)))
    }

    private mutating func beginTree(_ bytes: [UInt8]) throws(Fault) {
        let schedule = plan.schedule
        let keyBytes = Array(bytes[..<schedule.shape.keyBytes])
        if known?.bytes != keyBytes {
            let key = try scheme.readKey(keyBytes, workers)
            let sums = (0..<schedule.depth).reduce(0) { $0 + schedule.sums(host: number, level: $1) }
            let pool = BlindingPool(key, capacity: sums.clamped(to: 1...4096))
            known = (keyBytes, key, pool, PoolFiller(pool))
        }
        guard let key = known?.key, let side else { throw Fault(TaskFaults.protocolBroken) }
        if schedule.isSampled {
            let chosen = Array(bytes[schedule.shape.keyBytes...])
            let set = RowSet(rows: schedule.rows, bytes: chosen)
            learning = (0..<Int32(rows)).filter { set.contains(UInt32($0)) }
            guard learning.count == set.count else { throw Fault(BoostFaults.messageMalformed) }
        } else {
            learning = Array(0..<Int32(rows))
        }
        guard (1...schedule.sampled).contains(learning.count) else { throw Fault(BoostFaults.messageMalformed) }
        grown = try HostTree(
            tree: tree, key: key, side: side, settings: plan.settings, layout: schedule.layout, learning: learning,
            rows: rows, watch: watch)
        stage = .gradients(next: 0)
    }

    private mutating func takeGradients(_ payload: [UInt8], _ next: Int) throws(Fault) -> [TaskEffect] {
        let blocks = BoostSchedule.blocks(plan.schedule.sampled)
        guard next < blocks.count, let key = known?.key else { throw Fault(TaskFaults.messageUnexpected) }
        let count = min(blocks[next], max(0, learning.count - next * BoostSchedule.ciphertexts))
        let block = try plan.schedule.shape.block(payload, count: count, most: blocks[next])
        if count > 0 {
            let received = try watch.timed("receive") { () throws(Fault) in try key.receive(block, count: count) }
            try grown?.add(received)
        }
        guard next + 1 == blocks.count else {
            stage = .gradients(next: next + 1)
            return []
        }
        level = 0
        return try answer(try grown?.root())
    }

    private mutating func descend(_ bytes: [UInt8], _ level: Int) throws(Fault) -> [TaskEffect] {
        self.level = level
        let (numbers, pairs) = try NodeNumbers.decode(bytes, rows: rows, level: level)
        return try answer(try grown?.descend(numbers, pairs: pairs))
    }

    /// Says which candidates there are, and sends their sums.
    private mutating func answer(_ found: HostTree<Key>.Reply?) throws(Fault) -> [TaskEffect] {
        guard let found, let grown else { throw Fault(TaskFaults.protocolBroken) }
        let schedule = plan.schedule
        let step = schedule.step(tree: tree)
        let said = CandidateSets.encode(
            found.sets, of: schedule.candidates[number], candidates: grown.candidates)
        let size = schedule.candidateBytes(host: number, level: level)
        outbox.add(frames(.candidates, step: step, said, size).map { .frame($0) })
        if schedule.hasCounts {
            var writer = WireWriter()
            for count in found.counts { writer.put(count) }
            let size = schedule.countBytes(host: number, level: level)
            outbox.add(frames(.counts, step: step, writer.bytes, size).map { .frame($0) })
        }
        let most = BoostSchedule.blocks(schedule.sums(host: number, level: level))
        reply = (found.packed, found.count, most)
        outbox.add(most.indices.map { .sums($0) })
        stage = .winners(
            level: level,
            FrameCollector(BoostSchedule.frames(schedule.winnerBytes(host: number, level: level))))
        return try goOn()
    }

    private mutating func split(_ bytes: [UInt8], _ level: Int) throws(Fault) -> [TaskEffect] {
        guard let grown else { throw Fault(TaskFaults.protocolBroken) }
        let schedule = plan.schedule
        let winners = try CandidateSets.decode(
            bytes, of: schedule.candidates[number], places: 1 << level,
            known: grown.candidates)
        let (conditions, left) = try grown.split(winners.sets)
        self.conditions += conditions
        outbox.add(
            frames(.directions, step: schedule.step(tree: tree), left.bytes, schedule.directionBytes)
                .map { .frame($0) })
        if level + 1 == schedule.depth {
            self.grown = nil
            reply = nil
            stage = .grown
        } else {
            stage = .nodes(
                level: level + 1, FrameCollector(BoostSchedule.frames(schedule.nodeBytes(level: level + 1))))
        }
        return try goOn()
    }

    /// Sends what is left; after a tree's last frame its unit ends.
    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try drain()
        guard case .grown = stage, outbox.isEmpty else { return effects }
        return effects + (try endUnit())
    }

    private mutating func endUnit() throws(Fault) -> [TaskEffect] {
        unit += 1
        awaitTree()
        let all = UInt64(plan.schedule.trees.count) + 1
        return [.checkpoint(unit: unit, checkpoint), .progress(done: unit, total: all, what: "growing trees")]
    }

    /// The guest says how many trees are kept.
    private mutating func finish(_ message: TaskMessage) throws(Fault) -> [TaskEffect] {
        try message.expect(BoostMessage.end.rawValue, step: plan.schedule.endStep, from: guest)
        guard message.payload.count == BoostSchedule.endBytes, let side else {
            throw Fault(BoostFaults.messageMalformed)
        }
        let kept = message.payload.reduce(0) { $0 << 8 | Int($1) }
        guard kept <= plan.settings.trees else { throw Fault(BoostFaults.messageMalformed) }
        let part = ModelPart(
            party: side.party, columns: side.columns.columns.map(\.name),
            conditions: conditions.filter { $0.tree < kept })
        let salt = BoostHostResult.salt(of: side.columns, seed: plan.seed)
        stage = .ended
        known?.filler.stop()
        known = nil
        let digest = part.digest(salt: salt).bytes
        var figures = watch.figures
        figures["splits"] = Double(part.conditions.count)
        return [
            .send(frames(.part, step: plan.schedule.endStep, digest, BoostSchedule.digestBytes)[0]),
            .finish(TaskResult(output: BoostHostResult(salt: salt, part: part).bytes, figures: figures)),
        ]
    }

    // MARK: Messages

    private mutating func drain() throws(Fault) -> [TaskEffect] {
        let (schedule, step, guest, watch) = (plan.schedule, plan.schedule.step(tree: tree), guest, watch)
        let (reply, known) = (reply, known)
        return try outbox.drain { item throws(Fault) in
            switch item {
            case .frame(let frame): return [frame]
            case .sums(let frame):
                guard let reply, let known else { throw Fault(TaskFaults.protocolBroken) }
                let start = frame * BoostSchedule.ciphertexts
                let count = min(reply.most[frame], max(0, reply.count - start))
                let block: [UInt8]? =
                    count == 0
                    ? nil
                    : watch.timed("rerandomise") {
                        known.key.seal(
                            known.key.gather(reply.packed, (start..<start + count).map { Int32($0) }),
                            from: known.pool)
                    }
                return [
                    schedule.shape.frame(
                        BoostMessage.sums.rawValue, step: step, to: guest, block, count: reply.most[frame])
                ]
            }
        }
    }

    private func frames(_ type: BoostMessage, step: UInt32, _ bytes: [UInt8], _ size: Int) -> [TaskMessage] {
        BoostSchedule.frames(type.rawValue, step: step, to: guest, bytes, size: size)
    }

    // MARK: Checkpoints

    /// A version byte 1, `u64` unit, and the part so far.
    private var checkpoint: [UInt8] {
        var writer = WireWriter()
        writer.put(1 as UInt8)
        writer.put(unit)
        let names = side?.columns.columns.map(\.name) ?? []
        writer.put(ModelPart(party: number + 1, columns: names, conditions: conditions).bytes)
        return writer.bytes
    }

    private mutating func restore(_ checkpoint: [UInt8]) throws(Fault) {
        var reader = WireReader(checkpoint, or: TaskFaults.checkpointUnreadable)
        guard try reader.number(UInt8.self) == 1 else { throw Fault(TaskFaults.checkpointUnreadable) }
        unit = try reader.number()
        let part: ModelPart
        do throws(Fault) {
            part = try ModelPart(bytes: reader.rest())
        } catch {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        guard (1...UInt64(plan.schedule.trees.count) + 1).contains(unit), part.party == number + 1,
            part.columns == side?.columns.columns.map(\.name)
        else { throw Fault(TaskFaults.checkpointUnreadable) }
        conditions = part.conditions
    }
}
