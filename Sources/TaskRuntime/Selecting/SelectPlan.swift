import Faults
import Modeling

/// The parameters of `select`, read once. Parties are the guest, 0, and the hosts in their order.
struct SelectPlan: Sendable {
    /// Which of the task's parties they are.
    let parties: [Int]
    let sources: [PartySource]
    /// By party, the dataset of its second sample; nil for the rows that are not learnt from.
    let samples: [String?]
    /// The task `woe` whose bins are looked at.
    let woe: String
    let learningTenths: UInt64
    let rows: Int
    let rules: SelectionRules
    /// By party.
    let manual: [[ManualChoice]]
    let seed: [UInt8]

    /// - Throws: `WoeFaults.parameters`, `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`.
    init(_ setting: TaskSetting) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        let hosts = parties.count - 1
        sources = try PartySource.read(setting, hosts: hosts)
        woe = setting.text("woe")
        learningTenths = 10 - UInt64(setting.integer("test"))
        rows = Int(setting.integer("rows"))
        seed = setting.seed
        let ofHosts = setting.text("hostSamples")
        let named =
            ofHosts.isEmpty
            ? [String](repeating: "", count: hosts) : ParameterList.elements(of: ofHosts, by: ParameterList.parties)
        guard named.count == hosts else {
            throw Fault(WoeFaults.parameters, at: "hostSamples", wanted: "\(hosts) datasets, separated by semicolons")
        }
        samples = ([setting.text("guestSample")] + named).map { $0.isEmpty ? nil : $0 }
        var rules = SelectionRules()
        rules.missing = setting.number("missing")
        rules.concentration = setting.number("concentration")
        rules.iv = setting.number("iv")
        rules.stability = setting.number("stability")
        rules.correlation = setting.number("correlation")
        rules.vif = setting.number("vif")
        self.rules = rules
        var manual = [[ManualChoice]](repeating: [], count: parties.count)
        var seen: Set<WoeColumnName> = []
        for (name, isKept) in [("keep", true), ("drop", false)] where !setting.text(name).isEmpty {
            for element in ParameterList.elements(of: setting.text(name), by: ParameterList.parties) {
                let parts = element.split(separator: ":", maxSplits: 1).map { ParameterList.trimmed($0) }
                guard parts.count == 2, !parts[1].isEmpty, let column = WoeColumnName(parts[0], hosts: hosts),
                    seen.insert(column).inserted
                else {
                    throw Fault(
                        WoeFaults.parameters, at: name,
                        wanted: "COLUMN: REASON; …, each column once, as guest.NAME or host1.NAME")
                }
                manual[column.party].append(ManualChoice(column: column.name, isKept: isKept, reason: parts[1]))
            }
        }
        self.manual = manual
    }

    /// Whether a row is learnt from at all.
    func learns(from key: UInt64) -> Bool { key % 10 < learningTenths }

    func reads() -> [DatasetUse] {
        sources.indices.flatMap { place in
            let names = sources[place].features
            var use = DatasetUse(party: parties[place], dataset: sources[place].dataset)
            use.columns = names.map { sources[place].keys + $0 }
            guard let sample = samples[place] else { return [use] }
            var second = DatasetUse(party: parties[place], dataset: sample)
            second.columns = names
            return [use, second]
        }.sorted { $0.party < $1.party }
    }

    /// The columns of a party that are decided about: those named, else all that the weights of evidence have.
    ///
    /// - Throws: `ModelingFaults.columns` for one that they have not.
    func columns(_ part: WoePart, place: Int) throws(Fault) -> [WoePart.Column] {
        guard let names = sources[place].features else { return part.columns }
        var columns: [WoePart.Column] = []
        for name in names {
            guard let column = part[name] else {
                throw Fault(ModelingFaults.columns, "a column has no weights of evidence", at: name)
            }
            columns.append(column)
        }
        return columns
    }

    /// Decides about the columns of one party.
    ///
    /// - Throws: `ModelingFaults.selection` for choices about columns that are not there; `.value` for values out of range.
    func select(_ columns: [WoePart.Column], _ rows: SelectRows, place: Int) throws(Fault) -> Selection {
        var figures: [ColumnFigures] = []
        for (column, values) in zip(columns, rows.learnt) {
            var counts = [Int](repeating: 0, count: column.partition.bins)
            for value in values { counts[column.partition.bin(of: value)] += 1 }
            let all = Double(max(1, values.count))
            var stability: Double?
            if let bins = column.bins, let second = rows.second?[figures.count], !second.isEmpty {
                var actual = [Int](repeating: 0, count: bins.groups.count)
                for value in second { actual[bins.groups.assignment[column.partition.bin(of: value)]] += 1 }
                var reference = [Int](repeating: 0, count: bins.groups.count)
                for (bin, rows) in counts.enumerated() { reference[bins.groups.assignment[bin]] += rows }
                stability = try ScoreStability(referenceRows: reference, actualRows: actual).index
            }
            figures.append(
                try ColumnFigures(
                    column: column.name, missingRate: Double(values.count { $0.isNaN }) / all,
                    concentration: Double(counts.max() ?? 0) / all, iv: column.bins?.iv, stability: stability))
        }
        var selection = try Selection(figures, rules: rules, manual: manual[place])
        var kept: [LogisticRegression.Column] = []
        for (column, values) in zip(columns, rows.learnt) where selection.kept.contains(column.name) {
            kept.append(.init(name: column.name, values: values.map { column.woe(of: $0) ?? 0 }))
        }
        try selection.decide(try CorrelationMatrix(kept))
        return selection
    }
}

/// Values of one party's columns that are decided about, in their order; NaN is missing.
struct SelectRows: Sendable {
    let learnt: [[Double]]
    /// Of a second sample; nil for none.
    let second: [[Double]]?
}
