import Faults
import HomomorphicEncryption
import Modeling

/// The guest's side of `train.boosting`. Units as at the hosts.
struct BoostGuest<Pair: AdditiveKeyPair>: TaskProtocol {
    typealias Key = Pair.PublicKey

    private enum Stage {
        case rows(missing: Set<Int>)
        case sums
        case directions
        case parts(missing: Set<Int>)
        case ended
    }

    private enum Outgoing: Sendable {
        case frame(TaskMessage)
        /// Encrypted gradients for all hosts, by frame.
        case gradients(Int)
    }

    private let plan: BoostPlan
    private let scheme: BoostScheme<Pair>
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    private let binning: Binning?
    private let workers: Workers
    private let hosts: [Int]

    private var label: LabelSide?
    private var side: PartySide?
    private var digest: [UInt8] = []
    private var record = GuestRecord()

    private var stage = Stage.ended
    private var tree = 0
    private var pair: (key: Pair, pool: BlindingPool<Key>, filler: PoolFiller)?
    private var learning: [Int32] = []
    private var gradients: Gradients?
    private var fields: FieldSums?
    private var grown: GuestTree?
    private var choices: [GuestTree.Choice?] = []
    private var replies: [HostReply] = []
    private var left: [FrameCollector] = []
    private var digests: [[UInt8]]
    private var outbox = Outbox<Outgoing>()
    private let watch = StageWatch()

    /// - Parameters:
    ///   - binning: the bins of this party's columns; nil to cut them here.
    ///   - table: reads this party's rows; called at the start.
    init(
        _ plan: BoostPlan, scheme: BoostScheme<Pair>, threads: Int, binning: Binning? = nil,
        table: @escaping @Sendable () throws(Fault) -> BoostTable
    ) {
        self.plan = plan
        self.scheme = scheme
        makeTable = table
        self.binning = binning
        workers = Workers(threads)
        hosts = Array(plan.parties.dropFirst())
        digests = hosts.map { _ in [] }
    }

    var awaited: Set<Int>? {
        guard outbox.isEmpty else { return [] }
        switch stage {
        case .rows(let missing), .parts(let missing): return missing
        case .sums: return Set(hosts.indices.filter { !replies[$0].isComplete }.map { hosts[$0] })
        case .directions: return Set(hosts.indices.filter { !left[$0].isComplete }.map { hosts[$0] })
        case .ended: return []
        }
    }

    // MARK: Events

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        guard table.keys.count <= plan.schedule.rows else {
            throw Fault(ModelingFaults.rows, "more rows are learnt from than the plan allows for")
        }
        guard Set(table.keys).count == table.keys.count else { throw Fault(ModelingFaults.keyRepeated) }
        let weights = plan.weight.flatMap { table.extra[$0] }
        guard weights?.allSatisfy({ $0 > 0 && $0.isFinite }) ?? true else { throw Fault(ModelingFaults.weight) }
        label = try LabelSide(
            plan.settings, keys: table.keys, labels: table.extra[plan.label] ?? [], weights: weights)
        side = PartySide(
            party: 0,
            columns: try plan.columns(of: table, binning: binning), settings: plan.settings)
        digest = table.digest
        record = GuestRecord(hosts: hosts.count, rows: table.keys.count)
        if let checkpoint {
            record = try GuestRecord(
                decoding: checkpoint, hosts: hosts.count, rows: table.keys.count,
                trees: plan.settings.trees, settings: plan.settings)
            label?.restore(scores: record.scores)
            return try beginTree()
        }
        stage = .rows(missing: Set(hosts))
        for host in hosts {
            add(.rows, step: BoostSchedule.agreement, to: host, digest, BoostSchedule.digestBytes)
        }
        return try drain()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try drain() }
        guard let host = hosts.firstIndex(of: message.party) else { throw Fault(TaskFaults.messageUnexpected) }
        do throws(Fault) {
            return try take(message, host)
        } catch {
            throw error.placed(at: error.place ?? "party \(message.party)")
        }
    }

    private mutating func take(_ message: TaskMessage, _ host: Int) throws(Fault) -> [TaskEffect] {
        switch stage {
        case .rows(var missing):
            try message.expect(BoostMessage.rows.rawValue, step: BoostSchedule.agreement)
            guard missing.remove(message.party) != nil else { throw Fault(TaskFaults.messageUnexpected) }
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            stage = .rows(missing: missing)
            guard missing.isEmpty else { return [] }
            try growAlone()
            return endUnit() + (try beginTree())
        case .sums:
            try message.expect(replies[host].awaited.rawValue, step: plan.schedule.step(tree: tree))
            try takeReply(message.payload, host)
            return replies.allSatisfy(\.isComplete) ? try choose() : []
        case .directions:
            try message.expect(BoostMessage.directions.rawValue, step: plan.schedule.step(tree: tree))
            try left[host].take(message.payload)
            return left.allSatisfy(\.isComplete) ? try advance() : []
        case .parts(var missing):
            try message.expect(BoostMessage.part.rawValue, step: plan.schedule.endStep)
            guard missing.remove(message.party) != nil, message.payload.count == BoostSchedule.digestBytes else {
                throw Fault(BoostFaults.messageMalformed)
            }
            digests[host] = message.payload
            stage = .parts(missing: missing)
            return missing.isEmpty ? try finish() : []
        case .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: Trees

    /// The first tree, where it is the guest's alone.
    private mutating func growAlone() throws(Fault) {
        guard plan.schedule.trees.lowerBound == 1, let label, let side else { return }
        let learning = label.rows(tree: 0)
        let gradients = try label.gradients(rows: learning)
        var grown = GuestTree(
            tree: 0, side: side, label: label, gradients: gradients, learning: learning, rows: label.scores.count,
            hosts: 0)
        while !grown.isGrown {
            let choices = grown.choices()
            record.add(choices.enumerated().compactMap { grown.condition($1, place: $0) })
            try grown.advance(choices, left: [])
        }
        keep(grown.growth.grown())
    }

    /// Keeps a grown tree.
    private mutating func keep(_ grown: (tree: BoostedTree, leaves: [Float])) {
        label?.add(leaves: grown.leaves)
        guard let label else { return }
        let loss = plan.settings.validationShare > 0 ? label.losses().validation : nil
        record.add(grown.tree, loss: loss, scores: label.scores)
    }

    /// The next tree with the hosts, or the end.
    private mutating func beginTree() throws(Fault) -> [TaskEffect] {
        tree = record.trees.count
        guard plan.schedule.trees.contains(tree), !record.isStopped(plan.settings), let label, let side else {
            return try end()
        }
        if pair == nil {
            let key = try watch.timed("keys") { () throws(Fault) in try scheme.makePair(workers) }
            let pool = BlindingPool(owner: key, capacity: plan.schedule.sampled.clamped(to: 1...(1 << 17)))
            pair = (key, pool, PoolFiller(pool))
        }
        guard let pair else { throw Fault(TaskFaults.protocolBroken) }
        learning = label.rows(tree: tree)
        let schedule = plan.schedule
        guard (1...schedule.sampled).contains(learning.count) else {
            throw Fault(ModelingFaults.rows, "a tree learns from more rows than the plan allows for, or from none")
        }
        let gradients = try label.gradients(rows: learning)
        self.gradients = gradients
        let (first, second) = Self.values(gradients, learning[...], !schedule.hasCounts)
        let fields = try FieldSums(gradients: first, hessians: second)
        try fields.check(schedule.layout)
        self.fields = fields
        grown = GuestTree(
            tree: tree, side: side, label: label, gradients: gradients, learning: learning,
            rows: label.scores.count, hosts: hosts.count)

        var opening = pair.key.publicKey.encoded()
        if schedule.isSampled {
            var set = RowSet(rows: schedule.rows)
            for row in learning { set.insert(UInt32(row)) }
            opening += set.bytes
        }
        let step = schedule.step(tree: tree)
        for host in hosts {
            add(.tree, step: step, to: host, opening, schedule.treeBytes)
        }
        outbox.add(BoostSchedule.blocks(schedule.sampled).indices.map { .gradients($0) })
        awaitSums(level: 0)
        return try drain()
    }

    private static func values(
        _ gradients: Gradients, _ rows: ArraySlice<Int32>, _ hasHessians: Bool
    ) -> (first: [Int64], second: [Int64]?) {
        (
            rows.map { Int64(gradients.first[Int($0)]) },
            hasHessians ? rows.map { Int64(gradients.second[Int($0)]) } : nil
        )
    }

    private mutating func awaitSums(level: Int) {
        replies = hosts.indices.map { HostReply(plan.schedule, host: $0, level: level) }
        stage = .sums
    }

    /// Takes a frame of a host's reply; sums are opened as they come.
    private mutating func takeReply(_ payload: [UInt8], _ host: Int) throws(Fault) {
        guard let grown, let pair, let fields else { throw Fault(TaskFaults.protocolBroken) }
        let (layout, watch) = (plan.schedule.layout, watch)
        try replies[host].take(payload, pairs: grown.pairs) { block, count, cells throws(Fault) in
            let opened = try watch.timed("decrypt") { () throws(Fault) in try pair.key.decrypt(block, count: count) }
            return try layout.unpack(opened, cells: cells, within: fields)
        }
    }

    /// All hosts have answered: finds the best split of every node, and tells its owner.
    private mutating func choose() throws(Fault) -> [TaskEffect] {
        guard var grown else { throw Fault(TaskFaults.protocolBroken) }
        for host in hosts.indices {
            try grown.take(
                host: host, candidates: replies[host].candidates, sets: replies[host].sets, sums: replies[host].sums)
        }
        choices = grown.choices()
        self.grown = grown
        record.add(choices.enumerated().compactMap { grown.condition($1, place: $0) })
        let (schedule, level) = (plan.schedule, replies[0].level)
        for host in hosts.indices {
            let sets = choices.enumerated().compactMap { place, choice in
                choice?.owner == host + 1 ? CandidateSet(place: place, numbers: choice?.numbers ?? []) : nil
            }
            let bytes = CandidateSets.encode(sets, of: schedule.candidates[host])
            let size = schedule.winnerBytes(host: host, level: level)
            add(.winners, step: schedule.step(tree: tree), to: hosts[host], bytes, size)
        }
        left = hosts.map { _ in FrameCollector(BoostSchedule.frames(schedule.directionBytes)) }
        stage = .directions
        return try drain()
    }

    /// All hosts have told their directions: divides the nodes.
    private mutating func advance() throws(Fault) -> [TaskEffect] {
        guard var grown, let label else { throw Fault(TaskFaults.protocolBroken) }
        let (schedule, level) = (plan.schedule, replies[0].level)
        let sets = left.map { RowSet(rows: schedule.rows, bytes: $0.bytes) }
        for (open, choice) in zip(grown.growth.level, choices) {
            guard let owner = choice?.owner, owner > 0 else { continue }
            record.told[owner - 1] += UInt64(open.rows.count + open.others.count)
        }
        try grown.advance(choices, left: sets)
        self.grown = grown
        if level + 1 < schedule.depth {
            let nodes = NodeNumbers.encode(grown.nodeOfRow, pairs: grown.pairs, level: level + 1)
            for host in hosts {
                add(.nodes, step: schedule.step(tree: tree), to: host, nodes, schedule.nodeBytes(level: level + 1))
            }
            awaitSums(level: level + 1)
            return try drain()
        }
        let done = grown.growth.grown()
        self.grown = nil
        gradients = nil
        keep(done)
        if plan.settings.objective == .binary {
            let meter = LabelMeter.separation(of: done.leaves, rows: learning, isEvent: label.isEvent)
            record.separation = max(record.separation, meter)
            guard record.separation <= plan.labelBound else {
                throw Fault(
                    BoostFaults.labelTold,
                    "What hosts were told separates the labels with an AUC of at most "
                        + "\(Double(Int(record.separation * 1_000)) / 1_000).", wanted: "at most \(plan.labelBound)")
            }
        }
        return endUnit() + (try beginTree())
    }

    private mutating func endUnit() -> [TaskEffect] {
        record.unit += 1
        let all = UInt64(plan.schedule.trees.count) + 1
        return [
            .checkpoint(unit: record.unit, record.encoded(plan.settings, label?.baseScore ?? 0)),
            .progress(done: record.unit, total: all, what: "growing trees"),
        ]
    }

    private mutating func end() throws(Fault) -> [TaskEffect] {
        var writer = WireWriter()
        writer.put(UInt32(record.kept(plan.settings)))
        for host in hosts {
            add(.end, step: plan.schedule.endStep, to: host, writer.bytes, BoostSchedule.endBytes)
        }
        stage = .parts(missing: Set(hosts))
        return try drain()
    }

    private mutating func finish() throws(Fault) -> [TaskEffect] {
        guard let label, let side else { throw Fault(TaskFaults.protocolBroken) }
        pair?.filler.stop()
        pair = nil
        stage = .ended
        let model = record.model(
            plan.settings, baseScore: label.baseScore, columns: side.columns.columns.map(\.name),
            parties: hosts.count + 1)
        var parts: [ModelDigest] = []
        for digest in digests { parts.append(try ModelDigest(bytes: digest)) }
        let result = BoostGuestResult(model: model, hosts: parts)
        var figures = watch.figures
        figures["trees"] = Double(model.structure.trees.count)
        figures["loss.training"] = label.losses().training
        if let loss = label.losses().validation { figures["loss.validation"] = loss }
        if plan.settings.objective == .binary { figures["label.separation"] = record.separation }
        for (host, told) in record.told.enumerated() {
            figures["host.\(host + 1).bits_per_row"] = Double(told) / Double(label.scores.count)
        }
        return [
            .log(
                level: 2,
                "model \(result.digest) of \(model.structure.trees.count) trees, structure \(model.structure.digest)"),
            .finish(TaskResult(output: result.bytes, figures: figures)),
        ]
    }

    // MARK: Messages

    private mutating func add(_ type: BoostMessage, step: UInt32, to party: Int, _ bytes: [UInt8], _ size: Int) {
        outbox.add(BoostSchedule.frames(type.rawValue, step: step, to: party, bytes, size: size).map { .frame($0) })
    }

    private mutating func drain() throws(Fault) -> [TaskEffect] {
        let (schedule, step, hosts, watch) = (plan.schedule, plan.schedule.step(tree: tree), hosts, watch)
        let (pair, gradients, learning) = (pair, gradients, learning)
        let hasHessians = !schedule.hasCounts
        return try outbox.drain { item throws(Fault) in
            switch item {
            case .frame(let frame): return [frame]
            case .gradients(let frame):
                guard let pair, let gradients else { throw Fault(TaskFaults.protocolBroken) }
                let most = BoostSchedule.blocks(schedule.sampled)[frame]
                let start = min(learning.count, frame * BoostSchedule.ciphertexts)
                let rows = learning[start..<min(learning.count, start + most)]
                let block = try watch.timed("encrypt") { () throws(Fault) -> [UInt8]? in
                    if rows.isEmpty { return nil }
                    let (first, second) = Self.values(gradients, rows, hasHessians)
                    let plaintexts = try schedule.layout.plaintexts(gradients: first, hessians: second).rows
                    return try pair.key.encrypt(plaintexts, from: pair.pool)
                }
                return hosts.map {
                    schedule.shape.frame(BoostMessage.gradients.rawValue, step: step, to: $0, block, count: most)
                }
            }
        }
    }
}
