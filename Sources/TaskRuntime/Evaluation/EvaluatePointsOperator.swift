public import Faults
import Modeling
import PrivateSetIntersection
import Tables

/// What the scores of a dataset mean for who is approved: cut-offs, the swap set with an existing score, and how they move by
/// month. Nothing crosses, and the report stays with the guest, who has the labels.
public struct EvaluatePointsOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "evaluate.points", version: 1,
            summary:
                "Tells what scores of the guest mean: cut-offs, swap set with an existing score, stability by month.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: [
                OperatorParameter(
                    "scores", .text(DatasetUse.nameLength),
                    "The guest's dataset with the scores, such as `predict.logistic` leaves; higher is better."),
                OperatorParameter("score", .text(1...128), default: .text(PredictionTable.score), "Their column."),
                OperatorParameter(
                    "dataset", .text(DatasetUse.nameLength), "The guest's dataset with labels, of at least these rows."),
                OperatorParameter(
                    "key", .text(1...1_024), "The columns that tell rows apart in both, separated by commas."),
                OperatorParameter(
                    "label", .text(1...128), "The column of labels: 1 for a bad account, 0 for a good one."),
                OperatorParameter(
                    "existing", .text(0...128), default: .text(""),
                    "The column of the score that is used today; empty for none."),
                OperatorParameter(
                    "existingIsRisk", .boolean, default: .boolean(false), "Whether its higher values are worse."),
                OperatorParameter(
                    "approve", .number(0.01...1), default: .number(0.7),
                    "Share of the rows that both scores approve where they are held against each other."),
                OperatorParameter(
                    "month", .text(0...128), default: .text(""),
                    "A column of dates, or of texts that begin as 2026-03; empty for none."),
                OperatorParameter(
                    "reference", .text(0...7), default: .text(""),
                    "The last month of those that others are compared with, as 2026-03; empty for the first alone."),
                OperatorParameter("steps", .integer(1...100), default: .integer(20), "Cut-offs."),
            ],
            leakage: [], messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 1, bytesOut: 0, memory: 256 << 20) },
            reads: { setting in
                guard let guest = setting.parties.firstIndex(where: { $0.role == "guest" }) else { return [] }
                let keys = ParameterList.elements(of: setting.text("key"), by: ParameterList.columns)
                var scores = DatasetUse(party: guest, dataset: setting.text("scores"))
                scores.columns = keys + [setting.text("score")]
                var own = DatasetUse(party: guest, dataset: setting.text("dataset"))
                own.columns =
                    keys
                    + [setting.text("label"), setting.text("existing"), setting.text("month")].filter { !$0.isEmpty }
                return [scores, own]
            },
            check: { setting throws(Fault) in
                let reference = setting.text("reference")
                guard reference.isEmpty || PointsColumns.isMonth(reference) else {
                    throw Fault(BoostFaults.parameters, at: "reference", wanted: "a month as 2026-03")
                }
            })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        EvaluatePointsProtocol(setting: setting, isGuest: setting.parties[party].role == "guest", data: data)
    }
}

private struct EvaluatePointsProtocol: TaskProtocol {
    let setting: TaskSetting
    let isGuest: Bool
    let data: TaskData

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard isGuest else { return [.finish(TaskResult(output: []))] }
        let columns = try PointsColumns(setting, data).read()
        let reference = setting.text("reference")
        let report = try PointsReport(
            columns, steps: Int(setting.integer("steps")), approve: setting.number("approve"),
            reference: reference.isEmpty ? nil : reference)
        var figures = ["rows": Double(columns.scores.count)]
        if let swap = report.swap {
            figures["swap.in"] = Double(swap.swappedIn.goods + swap.swappedIn.bads)
            figures["swap.out"] = Double(swap.swappedOut.goods + swap.swappedOut.bads)
        }
        if let worst = report.months?.map(\.stability).max() { figures["months.stability"] = worst }
        return [
            .progress(done: 1, total: 1, what: "measuring"),
            .finish(TaskResult(output: report.json, figures: figures)),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}

/// Brings scores together with the columns of another table by their keys.
struct PointsColumns {
    private let setting: TaskSetting
    private let data: TaskData

    init(_ setting: TaskSetting, _ data: TaskData) {
        self.setting = setting
        self.data = data
    }

    /// Whether a text is as `2026-03`.
    static func isMonth(_ text: some StringProtocol) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2 else { return false }
        let isDigits = parts.allSatisfy { $0.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
        return isDigits && 1...12 ~= (Int(String(decoding: parts[1], as: UTF8.self)) ?? 0)
    }

    /// - Throws: `BoostFaults.dataUnusable` for keys that are missing, twice or not in both, and values that are missing;
    ///   `TaskFaults.dataMissing`, `TableFaults`.
    func read() throws(Fault) -> PointsReport.Columns {
        let keys = ParameterList.elements(of: setting.text("key"), by: ParameterList.columns)
        let rules = try KeyRules(parsing: keys.map { _ in "exact" }.joined(separator: ","))
        func reader(_ name: String) throws(Fault) -> BoostTableReader {
            BoostTableReader(table: try data.table(setting.text(name)), dataset: setting.text(name))
        }
        let (scored, own) = try (reader("scores"), reader("dataset"))
        var rows: [[UInt8]: Int] = [:]
        for (row, id) in try own.ids(keys, rules).enumerated() {
            guard rows.updateValue(row, forKey: id) == nil else { throw unusable("Two rows have the same key.", own) }
        }
        var found: [Int] = []
        var seen: Set<Int> = []
        for id in try scored.ids(keys, rules) {
            guard let row = rows[id] else { throw unusable("A scored row is not in the dataset.", own) }
            guard seen.insert(row).inserted else { throw unusable("Two rows have the same key.", scored) }
            found.append(row)
        }
        func numbers(_ name: String, _ reader: BoostTableReader, _ rows: [Int]) throws(Fault) -> [Double] {
            let values = try reader.numbers(name, rows: rows)
            guard values.allSatisfy(\.isFinite) else { throw unusable("A value is missing.", reader, name) }
            return values
        }
        var columns = PointsReport.Columns(
            scores: try numbers(setting.text("score"), scored, Array(0..<scored.table.rows)),
            labels: try numbers(setting.text("label"), own, found))
        if !setting.text("existing").isEmpty {
            let sign = setting.boolean("existingIsRisk") ? -1.0 : 1
            columns.existing = try numbers(setting.text("existing"), own, found).map { sign * $0 }
        }
        if !setting.text("month").isEmpty {
            let name = setting.text("month")
            let texts = try own.texts(name)
            var months: [String] = []
            for row in found {
                let month = String(texts[row].prefix(7))
                guard Self.isMonth(month) else { throw unusable("A value is no month.", own, name) }
                months.append(month)
            }
            columns.months = months
        }
        return columns
    }

    private func unusable(_ what: String, _ reader: BoostTableReader, _ column: String? = nil) -> Fault {
        Fault(
            BoostFaults.dataUnusable, what, at: "dataset \(reader.dataset)" + (column.map { ", \($0)" } ?? ""))
    }
}
