import Crypto
import Faults
import Modeling

/// The guest's side of `predict`: it has the trees and its own conditions, and asks hosts for the sides of rows.
struct PredictGuest: TaskProtocol {
    private enum Stage {
        case rows(missing: Set<Int>)
        case answers(round: Int)
        case bits
        case ended
    }

    private let plan: PredictPlan
    private let model: BoostGuestResult
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    private let write: @Sendable ([(row: Int, score: Double)]) throws(Fault) -> Void
    private let hosts: [Int]

    private var table: BoostTable?
    /// Conditions of the guest by tree and node; nil for others.
    private var conditions: [[SplitCondition?]] = []
    private var columns: [[Double]] = []
    private var stage = Stage.ended
    /// The node of each row, tree by tree.
    private var nodes: [Int32] = []
    private var frames: [FrameCollector] = []
    private var outbox = Outbox<TaskMessage>()
    private var told: [Int]

    /// - Parameter write: keeps the scores, in the order of rows.
    init(
        _ plan: PredictPlan, model: BoostGuestResult, table: @escaping @Sendable () throws(Fault) -> BoostTable,
        write: @escaping @Sendable ([(row: Int, score: Double)]) throws(Fault) -> Void
    ) {
        self.plan = plan
        self.model = model
        makeTable = table
        self.write = write
        hosts = Array(plan.parties.dropFirst())
        told = hosts.map { _ in 0 }
    }

    var awaited: Set<Int>? {
        guard outbox.isEmpty else { return [] }
        switch stage {
        case .rows(let missing): return missing
        case .answers, .bits: return Set(hosts.indices.filter { !frames[$0].isComplete }.map { hosts[$0] })
        case .ended: return []
        }
    }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        let structure = model.model.structure
        guard structure.parties == hosts.count + 1, structure.trees.count <= plan.trees,
            structure.settings.depth <= plan.depth, table.keys.count <= plan.most
        else { throw Fault(BoostFaults.modelUnusable) }
        self.table = table
        let part = model.model.parts[0]
        conditions = structure.trees.map { [SplitCondition?](repeating: nil, count: $0.nodes.count) }
        for condition in part.conditions { conditions[condition.tree][condition.node] = condition }
        columns = try table.values(of: part)
        nodes = [Int32](repeating: 0, count: structure.trees.count * table.keys.count)
        stage = .rows(missing: Set(hosts))
        for host in hosts { add(.rows, step: 1, to: host, table.digest, BoostSchedule.digestBytes) }
        return try drain()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try drain() }
        guard let host = hosts.firstIndex(of: message.party), let table else {
            throw Fault(TaskFaults.messageUnexpected)
        }
        switch stage {
        case .rows(var missing):
            try message.expect(PredictMessage.rows.rawValue, step: 1)
            guard missing.remove(message.party) != nil else { throw Fault(TaskFaults.messageUnexpected) }
            guard message.payload == table.digest else {
                throw Fault(BoostFaults.rowsDiffer, at: "party \(message.party)")
            }
            stage = .rows(missing: missing)
            guard missing.isEmpty else { return [] }
            if plan.method == .path { return try ask(round: 0) }
            frames = hosts.map { _ in FrameCollector(BoostSchedule.frames(4 + plan.bitBytes)) }
            stage = .bits
            return []
        case .answers(let round):
            try message.expect(PredictMessage.answers.rawValue, step: UInt32(round + 2))
            try frames[host].take(message.payload)
            guard frames.allSatisfy(\.isComplete) else { return [] }
            answer()
            return round + 1 < plan.depth ? try ask(round: round + 1) : try finish()
        case .bits:
            try message.expect(PredictMessage.bits.rawValue, step: 2)
            try frames[host].take(message.payload)
            return frames.allSatisfy(\.isComplete) ? try finish(bits: frames.map(\.bytes)) : []
        case .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: Path

    /// Moves every row on as far as the guest's own conditions go, and asks hosts about the nodes that are theirs.
    private mutating func ask(round: Int) throws(Fault) -> [TaskEffect] {
        guard let table else { throw Fault(TaskFaults.protocolBroken) }
        let rows = table.keys.count
        var questions = hosts.map { _ in [UInt8](repeating: 0, count: plan.questionBytes) }
        for (tree, boosted) in model.model.structure.trees.enumerated() {
            for row in 0..<rows {
                var node = Int(nodes[tree * rows + row])
                while case .split(let owner, _, let left, let right) = boosted.nodes[node].content {
                    if owner > 0 {
                        let number = UInt32(node + 1)
                        let start = 4 * (tree * plan.most + row)
                        for place in 0..<4 {
                            questions[owner - 1][start + place] = UInt8(
                                truncatingIfNeeded: number >> UInt32(24 - 8 * place))
                        }
                        told[owner - 1] += 1
                        break
                    }
                    // Every split of the guest's has its condition: the model was checked when it was read.
                    let condition = conditions[tree][node]!
                    node = condition.goesLeft(columns[condition.column][row]) ? left : right
                }
                nodes[tree * rows + row] = Int32(node)
            }
        }
        for (host, party) in hosts.enumerated() {
            add(.questions, step: UInt32(round + 2), to: party, questions[host], plan.questionBytes)
        }
        frames = hosts.map { _ in FrameCollector(BoostSchedule.frames(plan.answerBytes)) }
        stage = .answers(round: round)
        return try drain()
    }

    private mutating func answer() {
        let rows = table?.keys.count ?? 0
        let each = BoostSchedule.bitBytes(plan.most)
        for (tree, boosted) in model.model.structure.trees.enumerated() {
            for row in 0..<rows {
                let node = Int(nodes[tree * rows + row])
                guard case .split(let owner, _, let left, let right) = boosted.nodes[node].content, owner > 0 else {
                    continue
                }
                let byte = frames[owner - 1].bytes[tree * each + row / 8]
                nodes[tree * rows + row] = Int32(byte >> UInt8(row % 8) & 1 == 1 ? left : right)
            }
        }
    }

    // MARK: Results

    private mutating func finish(bits: [[UInt8]]? = nil) throws(Fault) -> [TaskEffect] {
        guard let table else { throw Fault(TaskFaults.protocolBroken) }
        let rows = table.keys.count
        var places: [[Int: Int]] = []
        let each = BoostSchedule.bitBytes(plan.most)
        if let bits {
            for (host, bytes) in bits.enumerated() {
                let owned = model.model.structure.splits(ownedBy: host + 1)
                var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
                guard Int(try reader.number(UInt32.self)) == owned.count else {
                    throw Fault(BoostFaults.messageMalformed)
                }
                places.append(
                    Dictionary(
                        uniqueKeysWithValues: owned.enumerated().map { ($1.tree << 32 | $1.node, $0) }))
                told[host] += owned.count * rows
            }
        }
        var scores = [Double](repeating: model.model.structure.baseScore, count: rows)
        for (tree, boosted) in model.model.structure.trees.enumerated() {
            for row in 0..<rows {
                var node = Int(nodes[tree * rows + row])
                while case .split(let owner, _, let left, let right) = boosted.nodes[node].content {
                    let goesLeft: Bool
                    if owner == 0 {
                        let condition = conditions[tree][node]!
                        goesLeft = condition.goesLeft(columns[condition.column][row])
                    } else if let bits, let place = places[owner - 1][tree << 32 | node] {
                        goesLeft = bits[owner - 1][4 + place * each + row / 8] >> UInt8(row % 8) & 1 == 1
                    } else {
                        throw Fault(TaskFaults.protocolBroken)
                    }
                    node = goesLeft ? left : right
                }
                if case .leaf(let value) = boosted.nodes[node].content { scores[row] += Double(value) }
            }
        }
        stage = .ended
        let objective = model.model.objective
        try write(zip(table.rows, scores).map { (row: $0, score: $1) }.sorted { $0.row < $1.row })
        var writer = WireWriter()
        for score in scores { writer.put(score.bitPattern) }
        var figures = ["rows": Double(rows)]
        for (host, told) in told.enumerated() where rows > 0 {
            figures["host.\(host + 1).bits_per_row"] = Double(told) / Double(rows)
        }
        if let label = plan.label.flatMap({ table.extra[$0] }), !label.contains(where: \.isNaN) {
            figures.merge(EvaluationReport(scores.map(objective.prediction), label, objective)?.figures ?? [:]) { $1 }
        }
        return [
            .progress(done: 1, total: 1, what: "scoring"),
            .finish(TaskResult(output: Array(SHA256.hash(data: writer.bytes)), figures: figures)),
        ]
    }

    // MARK: Messages

    private mutating func add(_ type: PredictMessage, step: UInt32, to party: Int, _ bytes: [UInt8], _ size: Int) {
        outbox.add(BoostSchedule.frames(type.rawValue, step: step, to: party, bytes, size: size))
    }

    private mutating func drain() throws(Fault) -> [TaskEffect] { try outbox.drain { [$0] } }
}

extension ModelStructure {
    /// The splits of one party, by tree and node.
    func splits(ownedBy party: Int) -> [(tree: Int, node: Int)] {
        trees.enumerated().flatMap { tree, boosted in
            boosted.nodes.indices.compactMap { node -> (tree: Int, node: Int)? in
                guard case .split(let owner, _, _, _) = boosted.nodes[node].content, owner == party else { return nil }
                return (tree, node)
            }
        }
    }
}
