public import Faults
import Modeling

/// Cuts every party's own columns into bins, once for several trainings. Nothing crosses: each party keeps its edges.
public struct BinOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "bin", version: 1,
            summary: "Cuts each party's columns into bins by quantiles; edges stay with their party.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: Self.parameters, leakage: [],
            messages: { _ in [] },
            cost: { setting, _, _ in
                let rows = Double(setting.integer("rows"))
                return TaskCost(seconds: 0.5 + rows * 1e-5, bytesOut: 0, memory: (64 << 20) + UInt64(rows) * 512)
            },
            reads: { setting in
                guard let sources = try? Self.sources(setting) else { return [] }
                return setting.parties(inRoles: ["guest", "host"]).enumerated().map { source, party in
                    var use = DatasetUse(party: party, dataset: sources[source].dataset)
                    use.columns = sources[source].features.map { sources[source].keys + $0 }
                    return use
                }.sorted { $0.party < $1.party }
            },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try Self.sources(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let sources = try Self.sources(setting)
        guard let place = setting.parties(inRoles: ["guest", "host"]).firstIndex(of: party) else {
            throw Fault(BoostFaults.parameters)
        }
        return BinProtocol(
            source: sources[place],
            others: place > 0
                ? [] : ["label", "weight"].map { setting.text($0) }.filter { !$0.isEmpty },
            rows: Int(setting.integer("rows")), learningTenths: 10 - UInt64(setting.integer("test")),
            rule: BinSizes(setting), data: data, seed: setting.seed)
    }

    private static func sources(_ setting: TaskSetting) throws(Fault) -> [PartySource] {
        try PartySource.read(setting, hosts: setting.parties.count { $0.role == "host" })
    }

    /// Those of the training that data and bins are about, by the same names.
    private static let parameters: [OperatorParameter] = BoostOperator.parameters.compactMap { parameter in
        let names = [
            "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "label", "weight", "guestColumns",
            "hostColumns", "rows", "test", "bins", "binRows",
        ]
        return names.contains(parameter.name) ? parameter : nil
    }
}

private struct BinProtocol: TaskProtocol {
    let source: PartySource
    let others: [String]
    let rows: Int
    let learningTenths: UInt64
    let rule: BinSizes
    let data: TaskData
    let seed: [UInt8]

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try BoostTable(source, extra: others, rows: rows, seed: seed, data: data) {
            $0 % 10 < learningTenths
        }
        let columns = try PartyColumns(binning: table.features, bins: rule.bins, leastRows: rule.leastRows)
        let binning = Binning(columns: columns.columns.map { ($0.name, $0.edges) })
        return [
            .progress(done: 1, total: 1, what: "cutting columns into bins"),
            .finish(
                TaskResult(output: binning.bytes, figures: ["columns": Double(binning.columns.count)])),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}
