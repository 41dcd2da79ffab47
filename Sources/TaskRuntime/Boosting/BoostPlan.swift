import Faults
import HomomorphicEncryption
import Modeling
import PrivateSetIntersection

/// The parameters of `train.boosting`, read once. Parties of the model are the guest, 0, and the hosts in their order.
struct BoostPlan: Sendable {
    let settings: BoostingSettings
    /// Which of the task's parties they are.
    let parties: [Int]
    let sources: [PartySource]
    let label: String
    /// Column of weights at the guest.
    let weight: String?
    let bins: BinSizes
    /// Rows whose key leaves at least this modulo ten are not learnt from.
    let learningTenths: UInt64
    /// Rows of the aligned datasets.
    let rows: Int
    let labelBound: Double
    let schedule: BoostSchedule
    let seed: [UInt8]

    /// - Throws: `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`, `ModelingFaults.settings`, `.width`.
    init(_ setting: TaskSetting, shape: SchemeShape) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        sources = try PartySource.read(setting, hosts: parties.count - 1)
        let model = setting.text("model")
        guard model.isEmpty || ModelLeft.isName(model) else {
            throw Fault(BoostFaults.parameters, at: "model", wanted: "a name of a-z, 0-9 and hyphens within")
        }
        label = setting.text("label")
        weight = setting.text("weight").isEmpty ? nil : setting.text("weight")
        bins = BinSizes(setting)
        settings = try Self.settings(setting)
        learningTenths = 10 - UInt64(setting.integer("test"))
        rows = Int(setting.integer("rows"))
        labelBound = setting.number("labelBound")
        seed = setting.seed
        schedule = try Self.schedule(self.settings, setting, sources, isWeighted: weight != nil, shape)
    }

    var hosts: Int { parties.count - 1 }

    /// Whether a row is learnt from at all.
    func learns(from key: UInt64) -> Bool { key % 10 < learningTenths }

    private static func settings(_ setting: TaskSetting) throws(Fault) -> BoostingSettings {
        var settings = BoostingSettings(objective: Objective(rawValue: setting.text("objective")) ?? .binary)
        settings.trees = Int(setting.integer("trees"))
        settings.depth = Int(setting.integer("depth"))
        settings.rate = setting.number("rate")
        settings.l1 = setting.number("l1")
        settings.l2 = setting.number("l2")
        settings.minimumGain = setting.number("minimumGain")
        settings.minimumChildWeight = setting.number("minimumChildWeight")
        settings.fractionBits = Int(setting.integer("fractionBits"))
        settings.rowShare = setting.number("rowShare")
        settings.columnShare = setting.number("columnShare")
        settings.seed = UInt64(setting.integer("seed"))
        settings.cellGuard = Int(setting.integer("cellGuard"))
        settings.firstTreeByGuestAlone = setting.boolean("firstTreeByGuestAlone")
        settings.validationShare = setting.number("validationShare")
        settings.patience = Int(setting.integer("patience"))
        try settings.validate()
        return settings
    }

    private static func schedule(
        _ settings: BoostingSettings, _ setting: TaskSetting, _ sources: [PartySource], isWeighted: Bool,
        _ shape: SchemeShape
    ) throws(Fault) -> BoostSchedule {
        let most = Int(setting.integer("hostColumnLimit"))
        let bins = Int(setting.integer("bins"))
        let rows = BoostSchedule.bound(
            Int(setting.integer("rows")), share: Double(10 - setting.integer("test")) / 10)
        let share = settings.rowShare * (1 - settings.validationShare)
        let sampled = max(1, BoostSchedule.bound(rows, share: share))
        let layout = try PackingLayout(
            settings.objective == .binary ? .logistic : isWeighted ? .weightedSquared : .squared,
            fractionBits: settings.fractionBits, rows: sampled, plaintextBits: shape.plaintextBits)
        return BoostSchedule(
            trees: (settings.firstTreeByGuestAlone ? 1 : 0)..<max(1, settings.trees), depth: settings.depth, rows: rows,
            sampled: sampled, isSampled: share < 1,
            candidates: sources.dropFirst().map { ($0.features?.count ?? most) * 2 * (bins - 1) },
            leastRows: settings.cellGuard > 0 ? 10 * settings.cellGuard : 1,
            hasCounts: layout.hessianBound == nil, layout: layout, shape: shape)
    }
}

/// How each party cuts its own columns into bins.
struct BinSizes: Sendable, Hashable {
    let bins: Int
    /// A bin has no fewer rows.
    let leastRows: Int

    init(_ setting: TaskSetting) {
        bins = Int(setting.integer("bins"))
        leastRows = Int(setting.integer("binRows"))
    }
}

/// What one party brings: a dataset, its key columns and its features.
struct PartySource: Sendable, Hashable {
    let dataset: String
    let keys: [String]
    /// nil: every column with numbers or dates that is no key, label or weight.
    let features: [String]?
    let rules: KeyRules

    /// The guest's, then the hosts' in their order. Hosts are separated by semicolons, columns by commas.
    ///
    /// - Throws: `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`.
    static func read(_ setting: TaskSetting, hosts: Int) throws(Fault) -> [PartySource] {
        let rules = try KeyRules(parsing: setting.text("rules"))
        func columns(_ text: String) -> [String] { ParameterList.elements(of: text, by: ParameterList.columns) }
        func lists(_ name: String) throws(Fault) -> [String] {
            let text = setting.text(name)
            if hosts == 0 { return [] }
            if text.isEmpty { return [String](repeating: "", count: hosts) }
            let lists = ParameterList.elements(of: text, by: ParameterList.parties)
            guard lists.count == hosts else {
                throw Fault(BoostFaults.parameters, at: name, wanted: "\(hosts) lists, separated by semicolons")
            }
            return lists
        }
        let datasets = [setting.text("guestDataset")] + (try lists("hostDatasets"))
        let keys = [setting.text("guestKey")] + (try lists("hostKeys"))
        let features = [setting.text("guestColumns")] + (try lists("hostColumns"))
        var sources: [PartySource] = []
        for party in 0...hosts {
            let own = columns(keys[party])
            guard own.count == rules.rules.count, Set(own).count == own.count, !own.contains("") else {
                throw Fault(AlignFaults.keyColumns, at: party == 0 ? "guestKey" : "hostKeys")
            }
            let named = columns(features[party])
            let isNamed = !features[party].isEmpty
            guard !datasets[party].isEmpty, !isNamed || (Set(named).count == named.count && !named.contains("")) else {
                throw Fault(BoostFaults.parameters, at: party == 0 ? "guestColumns" : "hostColumns")
            }
            sources.append(
                PartySource(dataset: datasets[party], keys: own, features: isNamed ? named : nil, rules: rules))
        }
        return sources
    }
}
