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

    /// `COLUMN: 4 9 17; …`.
    static func starts(_ text: String, hosts: Int, fineBins: Int) throws(Fault) -> [WoeColumnName: [Int]] {
        guard !text.isEmpty else { return [:] }
        let refusal = Fault(
            WoeFaults.parameters, at: "starts",
            wanted: "COLUMN: 4 9 17; …, each column once, with rising numbers of fine bins from 1 on")
        var starts: [WoeColumnName: [Int]] = [:]
        for element in ParameterList.elements(of: text, by: ParameterList.parties) {
            // Names may hold colons: the last one ends them.
            guard let colon = element.lastIndex(of: ":"),
                let column = WoeColumnName(String(element[..<colon]), hosts: hosts), starts[column] == nil
            else { throw refusal }
            let numbers = element[element.index(after: colon)...].split(separator: " ").map { Int($0) }
            let bins = numbers.compactMap(\.self)
            guard bins.count == numbers.count, !bins.isEmpty, bins.count < WoePlan.mostBins,
                bins.allSatisfy({ 1..<fineBins ~= $0 }), zip(bins, bins.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw refusal }
            starts[column] = bins
        }
        return starts
    }
}
