import Faults
import Modeling

/// A host's side of `predict`: answers which side rows take in its own nodes.
struct PredictHost: TaskProtocol {
    private enum Stage {
        case rows
        case questions(round: Int, FrameCollector)
        case ended
    }

    private let plan: PredictPlan
    private let number: Int
    private let part: ModelPart
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    private let guest: Int

    private var digest: [UInt8] = []
    private var rows = 0
    /// Values of the columns that the conditions use, by place.
    private var columns: [[Double]] = []
    private var conditions: [Int: SplitCondition] = [:]
    private var stage = Stage.rows
    private var outbox = Outbox<TaskMessage>()
    private var isDone = false
    private var answered = 0

    init(
        _ plan: PredictPlan, number: Int, part: ModelPart, table: @escaping @Sendable () throws(Fault) -> BoostTable
    ) {
        self.plan = plan
        self.number = number
        self.part = part
        makeTable = table
        guest = plan.parties[0]
    }

    var awaited: Set<Int>? { outbox.isEmpty ? [guest] : [] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        guard part.party == number + 1, table.keys.count <= plan.most, part.conditions.count <= plan.conditions,
            part.conditions.allSatisfy({ $0.tree < plan.trees })
        else { throw Fault(BoostFaults.modelUnusable) }
        digest = table.digest
        rows = table.keys.count
        columns = try table.values(of: part)
        for condition in part.conditions { conditions[condition.tree << 32 | condition.node] = condition }
        outbox.add(
            BoostSchedule.frames(
                PredictMessage.rows.rawValue, step: 1, to: guest, digest, size: BoostSchedule.digestBytes))
        return try goOn()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try goOn() }
        switch stage {
        case .rows:
            try message.expect(PredictMessage.rows.rawValue, step: 1, from: guest)
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            guard plan.method == .path else {
                sendBits()
                return try goOn()
            }
            expect(round: 0)
            return []
        case .questions(let round, var frames):
            try message.expect(PredictMessage.questions.rawValue, step: UInt32(round + 2), from: guest)
            try frames.take(message.payload)
            stage = .questions(round: round, frames)
            guard frames.isComplete else { return [] }
            try answer(frames.bytes, round)
            return try goOn()
        case .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    private mutating func expect(round: Int) {
        stage = .questions(round: round, FrameCollector(BoostSchedule.frames(plan.questionBytes)))
    }

    private mutating func answer(_ bytes: [UInt8], _ round: Int) throws(Fault) {
        let each = BoostSchedule.bitBytes(plan.most)
        var answers = [UInt8](repeating: 0, count: plan.answerBytes)
        for tree in 0..<plan.trees {
            for row in 0..<plan.most {
                let start = 4 * (tree * plan.most + row)
                let number = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
                guard number > 0 else { continue }
                guard row < rows, let condition = conditions[tree << 32 | (number - 1)] else {
                    throw Fault(BoostFaults.messageMalformed)
                }
                answered += 1
                if condition.goesLeft(columns[condition.column][row]) {
                    answers[tree * each + row / 8] |= 1 << UInt8(row % 8)
                }
            }
        }
        outbox.add(
            BoostSchedule.frames(
                PredictMessage.answers.rawValue, step: UInt32(round + 2), to: guest, answers, size: plan.answerBytes))
        if round + 1 < plan.depth { expect(round: round + 1) } else { isDone = true }
    }

    private mutating func sendBits() {
        let each = BoostSchedule.bitBytes(plan.most)
        var writer = WireWriter()
        writer.put(UInt32(part.conditions.count))
        for condition in part.conditions {
            var bits = RowSet(rows: 8 * each)
            for row in 0..<rows where condition.goesLeft(columns[condition.column][row]) { bits.insert(UInt32(row)) }
            writer.put(bits.bytes)
        }
        answered = part.conditions.count * rows
        outbox.add(
            BoostSchedule.frames(
                PredictMessage.bits.rawValue, step: 2, to: guest, writer.bytes, size: 4 + plan.bitBytes))
        isDone = true
    }

    /// Sends what is left; when all is sent and nothing is to come, the task is done here.
    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try outbox.drain { [$0] }
        guard isDone, outbox.isEmpty else { return effects }
        stage = .ended
        return effects + [
            .progress(done: 1, total: 1, what: "answering"),
            .finish(TaskResult(output: [], figures: ["bits": Double(answered)])),
        ]
    }
}
