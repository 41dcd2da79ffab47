public import Faults
import Modeling
import Tables

/// Writes every party's columns as their weights of evidence. Nothing crosses: each party keeps a table of its own, of the
/// columns that have bins, as `woe_NAME`, beside keys and label. These are other columns than those that they are made of, so
/// whoever reads them needs a grant of this table (decision 0010).
public struct WoeApplyOperator: Operator {
    /// What the names of columns of weights begin with.
    static let prefix = "woe_"

    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "woe.apply", version: 1,
            summary: "Writes each party's columns as weights of evidence of an earlier task; nothing crosses.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: Self.parameters, leakage: [],
            messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 1, bytesOut: 0, memory: 256 << 20) },
            reads: { setting in
                guard let datasets = try? Self.datasets(setting) else { return [] }
                return setting.parties(inRoles: ["guest", "host"]).enumerated().map { place, party in
                    DatasetUse(party: party, dataset: datasets[place])
                }.sorted { $0.party < $1.party }
            },
            inputs: { setting in [setting.text("woe"), setting.text("selection")].filter { !$0.isEmpty } },
            table: { setting, party in
                guard let datasets = try? Self.datasets(setting) else { return nil }
                return setting.parties(inRoles: ["guest", "host"]).firstIndex(of: party).map { datasets[$0] }
            },
            check: { setting throws(Fault) in _ = try Self.datasets(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        guard let place = setting.parties(inRoles: ["guest", "host"]).firstIndex(of: party) else {
            throw Fault(BoostFaults.parameters)
        }
        let part = try WoePart.left(by: setting.text("woe"), place: place, data)
        let selected = try part.selected(by: setting.text("selection"), data).map { Set($0) }
        return WoeApplyProtocol(
            dataset: try Self.datasets(setting)[place], kept: place == 0 ? Self.kept(setting) : [], part: part,
            columns: part.columns.filter { $0.bins != nil && selected?.contains($0.name) ?? true }, data: data)
    }

    private static func kept(_ setting: TaskSetting) -> [String] {
        ParameterList.elements(of: setting.text("label"), by: ParameterList.columns).filter { !$0.isEmpty }
    }

    /// - Throws: `WoeFaults.parameters`.
    private static func datasets(_ setting: TaskSetting) throws(Fault) -> [String] {
        let hosts = setting.parties.count { $0.role == "host" }
        let named =
            hosts == 0 ? [] : ParameterList.elements(of: setting.text("hostDatasets"), by: ParameterList.parties)
        guard named.count == hosts, !named.contains("") else {
            throw Fault(WoeFaults.parameters, at: "hostDatasets", wanted: "\(hosts) datasets, separated by semicolons")
        }
        return [setting.text("guestDataset")] + named
    }

    private static let parameters = [
        OperatorParameter(
            "woe", .text(1...128),
            "The task `woe` whose weights are used: a task of this job, or JOB/TASK of an earlier one."),
        LogisticOperator.selection,
        OperatorParameter("guestDataset", .text(DatasetUse.nameLength), "The guest's dataset."),
        OperatorParameter(
            "hostDatasets", .text(1...4_096),
            "The hosts' datasets, in their order, separated by semicolons."),
        OperatorParameter(
            "label", .text(0...1_024), default: .text(""),
            "Columns of the guest that are written as they are beside its ids, separated by commas: its label."),
    ]
}

private struct WoeApplyProtocol: TaskProtocol {
    let dataset: String
    let kept: [String]
    let part: WoePart
    /// Those that are written.
    let columns: [WoePart.Column]
    let data: TaskData

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let rows = try WoeTableWriter(table: try data.table(dataset), dataset: dataset, kept: kept, columns: columns)
            .write(to: try data.outputDescriptor())
        return [
            .progress(done: 1, total: 1, what: "writing weights of evidence"),
            .finish(
                TaskResult(
                    output: part.digest().bytes, figures: ["columns": Double(columns.count), "rows": Double(rows)])),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}

/// Copies a table's ids and kept columns, and writes others as weights of evidence.
private struct WoeTableWriter {
    let table: ColumnFile
    let dataset: String
    let kept: [String]
    let columns: [WoePart.Column]

    /// - Returns: how many rows were written.
    func write(to descriptor: Int32) throws(Fault) -> Int { try numbered { try copy(to: descriptor) } }

    private func copy(to descriptor: Int32) throws -> Int {
        let copied = table.schema.ids + kept.filter { !table.schema.ids.contains($0) }
        let places = try copied.map { try place(of: $0) }
        let values = try columns.map { try place(of: $0.name) }
        let names = columns.map { WoeApplyOperator.prefix + $0.name }
        // A column that the dataset has would pass for the one that is made, also before its grants.
        if let taken = names.first(where: { table.schema.index(of: $0) != nil }) {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has a column that weights would be named as.", at: taken)
        }
        let schema = try TableSchema(
            columns: places.map { table.schema.columns[$0] } + names.map { try ColumnSchema($0, .float) },
            ids: table.schema.ids, label: table.schema.label.flatMap { copied.contains($0) ? $0 : nil })
        let writer = try ColumnFileWriter(descriptor: descriptor, schema: schema)
        let categories = try places.map { try table.categories(ofColumn: $0) }
        for group in 0..<table.groups {
            let chunks = try places.map { try table.read(column: $0, group: group) }
            let numbers = try values.enumerated().map { index, place -> [Double] in
                guard let doubles = try table.read(column: place, group: group).doubles else {
                    throw Fault(
                        BoostFaults.dataUnusable, "A column does not hold numbers or dates.", at: columns[index].name)
                }
                return doubles
            }
            for row in 0..<(chunks.first?.count ?? numbers.first?.count ?? 0) {
                let cells = chunks.indices.map { chunks[$0].cell(row, categories: categories[$0]) }
                let weights = columns.indices.map { columns[$0].woe(of: numbers[$0][row]) ?? 0 }
                try writer.append(cells + weights.map { .float($0) })
            }
        }
        _ = try writer.finish()
        return table.rows
    }

    private func place(of name: String) throws(Fault) -> Int {
        guard let place = table.schema.index(of: name) else {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has no column of that name.", at: "dataset \(dataset), \(name)")
        }
        return place
    }
}
