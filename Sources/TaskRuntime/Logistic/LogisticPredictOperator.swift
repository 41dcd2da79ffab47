import Crypto
public import Faults
import Modeling
import Tables

/// Scores rows by a regression of two sites: the host tells its part of each row's score in points, rounded; the guest adds its
/// own. Points are all that is ever told in service.
public struct LogisticPredictOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "predict.logistic", version: 1,
            summary: "Scores rows by a regression of two sites in points; the guest gets the scores, the host nothing.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...1)],
            parameters: Self.parameters,
            leakage: [
                LeakageStatement(
                    role: "guest",
                    learns:
                        "The host's part of each row's score, rounded to points: which rows are alike to the host, and "
                        + "with several columns much of their bins."),
                LeakageStatement(role: "host", learns: "Nothing: no label, score or coefficient of the guest."),
            ],
            messages: { setting in (try? LogisticPredictPlan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? LogisticPredictPlan(setting))?.cost(party: party, rates)
                    ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? LogisticPredictPlan(setting))?.reads() ?? [] },
            inputs: { [$0.text("model")] },
            table: { setting, party in
                setting.parties[party].role == "guest" ? setting.text("guestDataset") : nil
            },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try LogisticPredictPlan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let plan = try LogisticPredictPlan(setting)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let bytes = try data.result(plan.model)
        let (part, woe): (LogisticPart, WoePart)
        if place == 0 {
            let result = try LogisticGuestResult(bytes: bytes)
            (part, woe) = (result.part, result.woe)
        } else {
            let result = try LogisticHostResult(bytes: bytes)
            (part, woe) = (result.part, result.woe)
        }
        let read = { @Sendable () throws(Fault) -> (table: BoostTable, units: [Int64]) in
            let source = plan.sources[place].with(features: part.names)
            let table = try BoostTable(
                source, extra: place == 0 ? plan.label.map { [$0] } ?? [] : [], rows: plan.rows, seed: plan.seed,
                data: data,
                where: { plan.part.takes($0, learning: plan.learningTenths) })
            var values: [String: [Double]] = [:]
            for feature in table.features { values[feature.name] = feature.values }
            let columns = try WeightedColumns(woe, names: part.names, values: values, rows: table.keys.count)
            return (table, plan.units(part.scores(columns), isGuest: place == 0))
        }
        guard place == 0 else { return LogisticPredictHost(plan: plan, read: read) }
        return LogisticPredictGuest(plan: plan, read: read) { scores throws(Fault) in
            try PredictionTable(source: plan.sources[0], label: plan.label, data: data).write(scores)
        }
    }

    private static let parameters: [OperatorParameter] =
        [
            OperatorParameter(
                "model", .text(1...128),
                "The task `train.logistic` whose regression it is: of this job, or JOB/TASK of an earlier one.")
        ]
        + PredictOperator().description.parameters.filter { parameter in
            ["guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "rows", "label", "test", "part"]
                .contains(parameter.name)
        } + [
            OperatorParameter("pdo", .number(0.01...10_000), default: .number(20), "Points that double the odds."),
            OperatorParameter("base", .number(-1e6...1e6), default: .number(600), "The score at the odds."),
            OperatorParameter("odds", .number(1e-6...1e6), default: .number(20), "Goods per bad at the base."),
            OperatorParameter(
                "decimals", .integer(0...3), default: .integer(0), "Digits behind the point that points are rounded to."
            ),
        ]
}

/// The parameters of `predict.logistic`, read once.
struct LogisticPredictPlan: Sendable {
    let parties: [Int]
    let sources: [PartySource]
    let model: String
    let part: PredictPlan.Rows
    let learningTenths: UInt64
    let label: String?
    let rows: Int
    /// Rows that are scored, at most.
    let most: Int
    let scale: ScorecardScale
    let seed: [UInt8]

    /// - Throws: `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`, `ModelingFaults.scorecard`.
    init(_ setting: TaskSetting) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        sources = try PartySource.keyed(setting, hosts: parties.count - 1)
        model = setting.text("model")
        let part = PredictPlan.Rows(rawValue: setting.text("part")) ?? .all
        self.part = part
        let tenths = 10 - UInt64(setting.integer("test"))
        learningTenths = tenths
        label = setting.text("label").isEmpty ? nil : setting.text("label")
        rows = Int(setting.integer("rows"))
        let share = (0..<10).count { part.takes(UInt64($0), learning: tenths) }
        most = share == 0 ? 0 : BoostSchedule.bound(rows, share: Double(share) / 10)
        scale = try ScorecardScale(
            pdo: setting.number("pdo"), base: setting.number("base"), odds: setting.number("odds"),
            decimals: Int(setting.integer("decimals")))
        seed = setting.seed
        guard most > 0 || rows == 0 else {
            throw Fault(BoostFaults.parameters, "No row is of the part that is to be scored.", at: "part")
        }
    }

    static let step: UInt32 = 1

    var pointBytes: Int { 32 + 8 * most }

    func messages() -> [MessageRow] {
        let sizes = BoostSchedule.frames(pointBytes)
        return [
            MessageRow(
                type: Self.points, from: parties[1], to: parties[0], steps: Self.step...Self.step,
                count: UInt64(sizes.count), schema: "digest of the ids, and the host's points of each row",
                elementBits: 8, maximumBytes: sizes.max() ?? 0, expectedBytes: UInt64(pointBytes))
        ]
    }

    static let points = "logistic.points"

    func reads() -> [DatasetUse] {
        sources.indices.sorted { parties[$0] < parties[$1] }.map { place in
            var use = DatasetUse(party: parties[place], dataset: sources[place].dataset)
            if place > 0 { use.reveals = ["partial_scores"] }
            return use
        }
    }

    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let bytes = Double(pointBytes)
        return TaskCost(
            seconds: 1 + Double(rows) * 1e-5 + bytes / rates.bandwidth + rates.roundTrip,
            bytesOut: party == parties[1] ? UInt64(pointBytes) : 0, memory: UInt64((64 << 20) + rows * 256))
    }

    /// A party's part of scores in whole units of points: the guest's has offset and intercept.
    func units(_ logOdds: [Double], isGuest: Bool) -> [Int64] {
        let unit = Double(scale.unitsPerPoint)
        return logOdds.map { part in
            let points = (isGuest ? scale.offset : 0) - scale.factor * part
            return Int64((points * unit).rounded(.toNearestOrEven))
        }
    }
}

extension PartySource {
    /// Parties whose features the model names.
    static func keyed(_ setting: TaskSetting, hosts: Int) throws(Fault) -> [PartySource] {
        var parameters = setting.parameters
        for name in ["guestColumns", "hostColumns"] where parameters[name] == nil { parameters[name] = .text("") }
        return try read(
            TaskSetting(parameters: parameters, parties: setting.parties, seed: setting.seed), hosts: hosts)
    }
}

private struct LogisticPredictHost: TaskProtocol {
    let plan: LogisticPredictPlan
    let read: @Sendable () throws(Fault) -> (table: BoostTable, units: [Int64])
    private var outbox = Outbox<TaskMessage>()

    init(
        plan: LogisticPredictPlan, read: @escaping @Sendable () throws(Fault) -> (table: BoostTable, units: [Int64])
    ) {
        self.plan = plan
        self.read = read
    }

    var awaited: Set<Int>? { [] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let (table, units) = try read()
        guard units.count <= plan.most else {
            throw Fault(
                BoostFaults.rowsNotPlanned, at: "dataset \(plan.sources[1].dataset)", wanted: "\(plan.most) rows")
        }
        var writer = WireWriter()
        writer.put(table.digest)
        for unit in units { writer.put(UInt64(bitPattern: unit)) }
        outbox.add(
            BoostSchedule.frames(
                LogisticPredictPlan.points, step: LogisticPredictPlan.step, to: plan.parties[0], writer.bytes,
                size: plan.pointBytes))
        return try goOn()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .measured = event else { throw Fault(TaskFaults.messageUnexpected) }
        return try goOn()
    }

    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try outbox.drain { [$0] }
        guard outbox.isEmpty else { return effects }
        return effects + [
            .progress(done: 1, total: 1, what: "telling points"), .finish(TaskResult(output: [])),
        ]
    }
}

private struct LogisticPredictGuest: TaskProtocol {
    let plan: LogisticPredictPlan
    let read: @Sendable () throws(Fault) -> (table: BoostTable, units: [Int64])
    let write: @Sendable ([PredictionTable.Row]) throws(Fault) -> Void
    private var frames: FrameCollector

    init(
        plan: LogisticPredictPlan, read: @escaping @Sendable () throws(Fault) -> (table: BoostTable, units: [Int64]),
        write: @escaping @Sendable ([PredictionTable.Row]) throws(Fault) -> Void
    ) {
        self.plan = plan
        self.read = read
        self.write = write
        frames = FrameCollector(BoostSchedule.frames(plan.pointBytes))
    }

    var awaited: Set<Int>? { [plan.parties[1]] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] { [] }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return [] }
        try message.expect(LogisticPredictPlan.points, step: LogisticPredictPlan.step, from: plan.parties[1])
        try frames.take(message.payload)
        guard frames.isComplete else { return [] }
        let (table, own) = try read()
        var reader = WireReader(frames.bytes, or: BoostFaults.messageMalformed)
        guard try reader.block(32) == table.digest else { throw Fault(BoostFaults.rowsDiffer) }
        var scores: [PredictionTable.Row] = []
        for (place, units) in own.enumerated() {
            let other = Int64(bitPattern: try reader.number(UInt64.self))
            // Nobody has more than a billion points.
            guard other.magnitude < 1 << 40 else { throw Fault(BoostFaults.messageMalformed) }
            let score = plan.scale.points(Int(units + other))
            let prediction = Objective.binary.prediction(plan.scale.logOdds(score: score))
            scores.append(PredictionTable.Row(row: table.rows[place], score: score, prediction: prediction))
        }
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw Fault(BoostFaults.messageMalformed) }
        var figures = ["rows": Double(scores.count)]
        if let label = plan.label.flatMap({ table.extra[$0] }), !label.contains(where: \.isNaN) {
            figures.merge(EvaluationReport(scores.map(\.prediction), label, .binary)?.figures ?? [:]) { $1 }
        }
        scores.sort { $0.row < $1.row }
        try write(scores)
        var writer = WireWriter()
        for scored in scores { writer.put(scored.score.bitPattern) }
        return [
            .progress(done: 1, total: 1, what: "scoring"),
            .finish(TaskResult(output: Array(SHA256.hash(data: writer.bytes)), figures: figures)),
        ]
    }
}
