public import Faults
import Modeling
import Tables

/// Selects each party's columns for a scorecard by the rules of `Selection`, from the weights of evidence of an earlier task.
/// Nothing crosses: a party decides about its own columns, and keeps every decision with its figure.
public struct SelectOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "select", version: 1,
            summary: "Selects each party's columns by their bins, stability and correlations; nothing crosses.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: Self.parameters, leakage: [],
            messages: { _ in [] },
            cost: { setting, _, _ in
                let rows = Double(setting.integer("rows"))
                return TaskCost(seconds: 0.5 + rows * 1e-4, bytesOut: 0, memory: (64 << 20) + UInt64(rows) * 2_048)
            },
            reads: { setting in (try? SelectPlan(setting))?.reads() ?? [] },
            inputs: { [$0.text("woe")] },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try SelectPlan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        try makeProtocol(setting, party: party, data: data) { plan, place, names throws(Fault) in
            let source = plan.sources[place].with(features: names)
            func read(_ chosen: (UInt64) -> Bool) throws(Fault) -> BoostTable {
                try BoostTable(source, extra: [], rows: plan.rows, seed: plan.seed, data: data, where: chosen)
            }
            var second: [[Double]]?
            if let sample = plan.samples[place] {
                let reader = BoostTableReader(table: try data.table(sample), dataset: sample)
                var values: [[Double]] = []
                for name in names { values.append(try reader.numbers(name, rows: Array(0..<reader.table.rows))) }
                second = values
            } else if plan.learningTenths < 10 {
                second = try read { !plan.learns(from: $0) }.features.map(\.values)
            }
            return SelectRows(learnt: try read(plan.learns).features.map(\.values), second: second)
        }
    }

    func makeProtocol(
        _ setting: TaskSetting, party: Int, data: TaskData,
        rows: @escaping @Sendable (SelectPlan, _ place: Int, _ names: [String]) throws(Fault) -> SelectRows
    ) throws(Fault) -> any TaskProtocol {
        let plan = try SelectPlan(setting)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let part = try WoePart.left(by: plan.woe, place: place, data)
        return SelectProtocol { () throws(Fault) in
            let columns = try plan.columns(part, place: place)
            let rows = try rows(plan, place, columns.map(\.name))
            return SelectionResult(woe: part.digest(), selection: try plan.select(columns, rows, place: place))
        }
    }

    static let parameters: [OperatorParameter] =
        [
            OperatorParameter(
                "woe", .text(1...128),
                "The task `woe` whose bins and weights are looked at: of this job, or JOB/TASK of an earlier one.")
        ]
        + BoostOperator.parameters.compactMap { parameter in
            switch parameter.name {
            case "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "rows", "test": parameter
            case "guestColumns":
                OperatorParameter(
                    "guestColumns", .text(0...4_096), default: .text(""),
                    "The guest's columns that are decided about, separated by commas; empty for all that were divided.")
            case "hostColumns":
                OperatorParameter(
                    "hostColumns", .text(0...4_096), default: .text(""),
                    "The same of the hosts, which are separated by semicolons.")
            default: nil
            }
        } + [
            OperatorParameter(
                "guestSample", .text(0...320), default: .text(""),
                "The guest's dataset of a second sample, for stability; empty for the rows that are not learnt from."),
            OperatorParameter(
                "hostSamples", .text(0...4_096), default: .text(""),
                "The same of the hosts, separated by semicolons."),
            OperatorParameter(
                "missing", .number(0...1), default: .number(0.95), "Highest share of rows without a value."),
            OperatorParameter(
                "concentration", .number(0...1), default: .number(0.95), "Highest share of the fullest fine bin."),
            OperatorParameter("iv", .number(0...100), default: .number(0.02), "Lowest information value."),
            OperatorParameter(
                "stability", .number(0...1e6), default: .number(0.25), "Highest stability index between the samples."),
            OperatorParameter(
                "correlation", .number(0...1), default: .number(0.8),
                "Highest correlation of weights with a column of the same party that is kept."),
            OperatorParameter(
                "vif", .number(1...1e10), default: .number(10),
                "Highest variance inflation among the party's columns that are kept."),
            OperatorParameter(
                "keep", .text(0...16_384), default: .text(""),
                "Columns kept by hand: COLUMN: REASON; … as guest.NAME, host1.NAME."),
            OperatorParameter(
                "drop", .text(0...16_384), default: .text(""), "Columns dropped by hand, in the same form."),
        ]
}

/// Drops, at each party, the column that an earlier regression gives the lowest coefficient not above 0: it works against its
/// own bins. Then the regression is to be made again. Nothing crosses.
public struct SelectSignsOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "select.signs", version: 1,
            summary: "Drops the column of each party that works against its own bins in a regression; nothing crosses.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...1)],
            parameters: [
                OperatorParameter(
                    "selection", .text(1...128), "The task `select` or `select.signs` whose columns were learnt from."),
                OperatorParameter("model", .text(1...128), "The task `train.logistic` that learnt from them."),
            ], leakage: [],
            messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 0.2, bytesOut: 0, memory: 32 << 20) },
            inputs: { [$0.text("selection"), $0.text("model")] })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let parties = setting.parties(inRoles: ["guest", "host"])
        guard let place = parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let before = try SelectionResult(bytes: try data.result(setting.text("selection")))
        let bytes = try data.result(setting.text("model"))
        let (part, woe): (LogisticPart, WoePart)
        if place == 0 {
            let result = try LogisticGuestResult(bytes: bytes)
            (part, woe) = (result.part, result.woe)
        } else {
            let result = try LogisticHostResult(bytes: bytes)
            (part, woe) = (result.part, result.woe)
        }
        return SelectProtocol { () throws(Fault) in
            guard woe.digest() == before.woe else { throw Fault(WoeFaults.selectionUnusable, at: "model") }
            var selection = before.selection
            _ = try selection.decideSigns(
                zip(part.names, part.values).map { Selection.Coefficient(name: $0, value: $1, rank: $1) })
            return SelectionResult(woe: before.woe, selection: selection)
        }
    }
}

/// One step, at one party.
private struct SelectProtocol: TaskProtocol {
    let decide: @Sendable () throws(Fault) -> SelectionResult

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let result = try decide()
        let columns = result.selection.columns.count
        let kept = result.selection.kept.count
        return [
            .progress(done: 1, total: 1, what: "selecting columns"),
            .log(level: 2, "\(kept) of \(columns) columns are kept"),
            .finish(
                TaskResult(output: result.bytes, figures: ["columns": Double(columns), "columns.kept": Double(kept)])),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}
