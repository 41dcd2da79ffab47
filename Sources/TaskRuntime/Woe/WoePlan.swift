import Faults
import HomomorphicEncryption
import Modeling

/// The parameters of `woe`, read once. Parties are the guest, 0, and the hosts in their order.
struct WoePlan: Sendable {
    /// Which of the task's parties they are.
    let parties: [Int]
    let sources: [PartySource]
    let label: String
    /// Rows whose key leaves at least this modulo ten are not learnt from.
    let learningTenths: UInt64
    /// Rows of the aligned datasets.
    let rows: Int
    let method: FinePartition.Method
    let specials: [Double]
    let rule: BinningRule
    /// By party and column: fine bins with which bins begin, in place of the rule's.
    let starts: [WoeColumnName: [Int]]
    /// By party and column: the edges of its fine bins at their first use, in place of those by `method`.
    let edges: [WoeColumnName: [Float]]
    let schedule: WoeSchedule
    let seed: [UInt8]

    /// What every bin must hold.
    static let least = DisclosureGuard.required
    /// Most bins of a column that are not bins of special or missing values.
    static let mostBins = 20

    /// - Throws: `WoeFaults.parameters`, `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`.
    init(_ setting: TaskSetting, shape: SchemeShape) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        sources = try PartySource.read(setting, hosts: parties.count - 1)
        label = setting.text("label")
        learningTenths = 10 - UInt64(setting.integer("test"))
        rows = Int(setting.integer("rows"))
        seed = setting.seed
        let fineBins = Int(setting.integer("fineBins"))
        method = setting.text("fineMethod") == "equalWidth" ? .equalWidth(bins: fineBins) : .quantiles(bins: fineBins)
        specials = try Self.specials(setting.text("specials"))
        rule = Self.rule(setting)
        starts = try WoeColumnName.starts(setting.text("starts"), hosts: parties.count - 1, fineBins: fineBins)
        edges = try WoeColumnName.edges(setting.text("edges"), of: sources, fineBins: fineBins)
        let most = Int(setting.integer("hostColumnLimit"))
        let learnt = max(
            1, BoostSchedule.bound(rows, share: Double(10 - setting.integer("test")) / 10))
        schedule = WoeSchedule(
            rows: learnt, columns: sources.dropFirst().map { $0.features?.count ?? most },
            fineBins: fineBins + specials.count + 1,
            layout: try PackingLayout(
                rows: learnt, gradientBound: 1, hessianBound: nil, plaintextBits: shape.plaintextBits), shape: shape)
    }

    var hosts: Int { parties.count - 1 }

    /// Whether a row is learnt from at all.
    func learns(from key: UInt64) -> Bool { key % 10 < learningTenths }

    /// The rule of one column.
    func rule(of column: WoeColumnName) -> BinningRule { starts[column].map { .starts($0) } ?? rule }

    /// The fine bins of a column as they stand: those that are known, else new ones of these values.
    ///
    /// - Throws: `ModelingFaults.value`, `.edges`, `.finePartition`; `.finePartitionChanged` where known ones have other edges
    ///   than the plan asks for.
    func partition(
        _ column: WoeColumnName, _ values: [Double], known: FinePartition? = nil
    ) throws(Fault) -> FinePartition {
        let asked = edges[column]
        if let known {
            guard asked.map({ $0 == known.edges.values }) ?? true else {
                throw Fault(ModelingFaults.finePartitionChanged, at: column.description)
            }
            return known
        }
        return try FinePartition(
            column: column.name, values: values, specials: specials, method: asked.map { .manual($0) } ?? method,
            guard: Self.least)
    }

    private static func specials(_ text: String) throws(Fault) -> [Double] {
        guard !text.isEmpty else { return [] }
        let values = ParameterList.elements(of: text, by: ParameterList.columns).map { Double($0) }
        let numbers = values.compactMap(\.self)
        guard numbers.count == values.count, numbers.count <= FinePartition.mostSpecials,
            numbers.allSatisfy(\.isFinite), zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw Fault(
                WoeFaults.parameters, at: "specials",
                wanted: "at most \(FinePartition.mostSpecials) rising numbers, separated by commas")
        }
        return numbers
    }

    private static func rule(_ setting: TaskSetting) -> BinningRule {
        let most = Int(setting.integer("bins"))
        return switch setting.text("rule") {
        case "chiMerge": .chiMerge(most: most, threshold: setting.number("chiSquare"))
        case "quantiles": .quantiles(bins: most)
        default: .optimal(most: most, trend: .init(rawValue: setting.text("trend")) ?? .monotone)
        }
    }
}

/// A column of a party as parameters and results name it: `guest.NAME`, `host1.NAME`, or `host1.3` for the third column of
/// the host whose columns are not named.
struct WoeColumnName: Hashable, Sendable, CustomStringConvertible {
    /// 0 for the guest.
    let party: Int
    let name: String

    var description: String { (party == 0 ? "guest" : "host\(party)") + "." + name }

    init(party: Int, name: String) {
        self.party = party
        self.name = name
    }

    /// - Returns: nil for anything else.
    init?(_ text: String, hosts: Int) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        let party: Int? = parts[0] == "guest" ? 0 : parts[0].hasPrefix("host") ? Int(parts[0].dropFirst(4)) : nil
        guard let party, 0...hosts ~= party, parts[0] == "guest" || party > 0 else { return nil }
        self.init(party: party, name: String(parts[1]))
    }

    /// `COLUMN: 4 9 17; …`: the fine bins at which bins begin.
    static func starts(_ text: String, hosts: Int, fineBins: Int) throws(Fault) -> [WoeColumnName: [Int]] {
        let refusal = Fault(
            WoeFaults.parameters, at: "starts",
            wanted: "COLUMN: 4 9 17; …, each column once, with rising numbers of fine bins from 1 on")
        return try numbers(text, hosts: hosts, refusal) { (bins: [Int]) in
            bins.count < WoePlan.mostBins && bins.allSatisfy { 1..<fineBins ~= $0 }
        }
    }

    /// `COLUMN: 25 35.5 60; …`: the edges of fine bins, of columns that the plan names.
    static func edges(
        _ text: String, of sources: [PartySource], fineBins: Int
    ) throws(Fault) -> [WoeColumnName: [Float]] {
        let refusal = Fault(
            WoeFaults.parameters, at: "edges",
            wanted:
                "COLUMN: 25 35.5 60; …, each column once and named by the plan, with fewer rising numbers than fineBins"
        )
        let found = try numbers(text, hosts: sources.count - 1, refusal) { (edges: [Float]) in
            edges.count < fineBins && edges.allSatisfy(\.isFinite)
        }
        guard found.keys.allSatisfy({ sources[$0.party].features?.contains($0.name) == true }) else { throw refusal }
        return found
    }

    /// `COLUMN: NUMBER NUMBER; …` with rising numbers, each column once.
    private static func numbers<Number: LosslessStringConvertible & Comparable>(
        _ text: String, hosts: Int, _ refusal: Fault, where isFine: ([Number]) -> Bool
    ) throws(Fault) -> [WoeColumnName: [Number]] {
        guard !text.isEmpty else { return [:] }
        var all: [WoeColumnName: [Number]] = [:]
        for element in ParameterList.elements(of: text, by: ParameterList.parties) {
            // Names may hold colons: the last one ends them.
            guard let colon = element.lastIndex(of: ":"),
                let column = WoeColumnName(String(element[..<colon]), hosts: hosts), all[column] == nil
            else { throw refusal }
            let words = element[element.index(after: colon)...].split(separator: " ")
            let numbers = words.compactMap { Number(String($0)) }
            guard numbers.count == words.count, !numbers.isEmpty, isFine(numbers),
                zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw refusal }
            all[column] = numbers
        }
        return all
    }
}
