import Resources

/// What was chosen in the wizard: all of it is in the address, so that a step can be gone back to, kept and sent on.
struct TrainingChoice: Sendable {
    enum Step: String, CaseIterable, Sendable {
        case data, match, model, plan

        var words: Words {
            switch self {
            case .data: Words("Data", "数据")
            case .match: Words("Common rows", "共同样本")
            case .model: Words("Model", "模型")
            case .plan: Words("Plan and start", "计划与启动")
            }
        }
    }

    enum Algorithm: String, CaseIterable, Sendable {
        case boosting, scorecard, logistic

        var words: Words {
            switch self {
            case .boosting: Words("Boosted trees", "提升树")
            case .scorecard: Words("Scorecard: bins, selection, regression", "评分卡：分箱、筛选、回归")
            case .logistic: Words("Logistic regression on all columns", "全变量逻辑回归")
            }
        }
    }

    /// Names of the fields, in the order in which they are asked.
    static let fields = [
        "step", "name", "dataset", "label", "key", "peer", "theirs", "theirKey", "match", "algorithm", "baseline",
        "test",
        "trees", "depth", "rate", "bins", "iv", "correlation", "l2", "passes", "keyBits", "profile", "hostColumnLimit",
        "memory",
        "cores",
    ]

    private let values: [String: String]

    init(_ form: Form) {
        self.init { form[$0] }
    }

    /// A form that could not be sent is shown again as it was typed.
    init(_ visit: Visit) {
        self.init { visit.typed.isEmpty ? visit.query($0)?.trimmed : visit.typed[$0] }
    }

    private init(_ value: (String) -> String?) {
        var values: [String: String] = [:]
        for name in Self.fields { values[name] = value(name) }
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    var step: Step {
        let asked = self["step"].flatMap(Step.init(rawValue:)) ?? .data
        if asked == .data || self["dataset"] == nil || self["peer"] == nil || self["theirs"] == nil { return .data }
        if asked != .match, self["match"] == nil { return .match }
        return asked
    }

    var algorithm: Algorithm { self["algorithm"].flatMap(Algorithm.init(rawValue:)) ?? .boosting }
    var name: String { self["name"] ?? "credit-risk" }
    var matchName: String { self["match"] ?? "\(name.prefix(40))-match" }
    /// Asked for unless the box was left empty.
    var hasBaseline: Bool { self["baseline"] == "yes" }

    /// The same choice at a step.
    func address(_ visit: Visit, step: Step, _ changes: [String: String?] = [:]) -> String {
        var all = values
        all["step"] = step.rawValue
        for (name, value) in changes { all[name] = value }
        return visit.link("/training/new", Self.fields.map { ($0, all[$0]) })
    }

    /// Everything but what a step asks itself, for its form.
    func hidden(but asked: Set<String>) -> HTML {
        var result = HTML()
        for name in Self.fields where !asked.contains(name) {
            if let value = self[name] {
                result =
                    result
                    + void("input", Attribute("type", "hidden"), Attribute("name", name), Attribute("value", value))
            }
        }
        return result
    }
}

/// The jobs that a choice stands for.
extension TrainingChoice {
    private func columns(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: ",").map { String($0).trimmed }
    }

    /// One rule for each column of the key: names and numbers are written in many ways.
    private var rules: JSONValue {
        .string(columns("key").map { _ in "trim nfc fold" }.joined(separator: ","))
    }

    private var key: JSONValue { .string(columns("key").joined(separator: ",")) }
    private var theirKey: JSONValue {
        .string((self["theirKey"] == nil ? columns("key") : columns("theirKey")).joined(separator: ","))
    }

    private func document(
        _ name: String, in place: Scope, peers: [JSONValue], _ tasks: [JSONValue]
    ) -> JSONValue {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        if let tenant = place.tenant { metadata["tenant"] = .string(tenant) }
        if let project = place.project { metadata["project"] = .string(project) }
        var spec: [String: JSONValue] = ["role": "guest", "peers": .array(peers), "tasks": .array(tasks)]
        var limits: [String: JSONValue] = [:]
        for name in ["memory", "cores"] { limits[name] = self[name].map(Self.scalar) }
        if !limits.isEmpty { spec["limits"] = .object(limits) }
        return [
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job", "metadata": .object(metadata), "spec": .object(spec),
        ]
    }

    private var partner: [JSONValue] { [["peer": .string(self["peer"] ?? ""), "role": "host"]] }

    private static func task(
        _ name: String, _ operatorName: String, after: [String] = [], _ parameters: [String: JSONValue?]
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "operator": .string(operatorName),
            "parameters": .object(parameters.compactMapValues(\.self)),
        ]
        if !after.isEmpty { members["after"] = .array(after.map { .string($0) }) }
        return .object(members)
    }

    /// A number where it is one: the API says what else is wrong with it.
    private static func scalar(_ text: String) -> JSONValue {
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text), number.isFinite { return .number(number) }
        return .string(text)
    }

    private func given(_ name: String) -> JSONValue? { self[name].map(Self.scalar) }
    /// Some choices look like numbers and are texts.
    private func word(_ name: String) -> JSONValue? { self[name].map { .string($0) } }

    /// Finds the rows that both sites have.
    func matching(in place: Scope) -> JSONValue {
        document(
            matchName, in: place, peers: partner,
            [
                Self.task(
                    "match", "align",
                    [
                        "guestDataset": .string(self["dataset"] ?? ""), "hostDataset": .string(self["theirs"] ?? ""),
                        "guestKey": key, "hostKey": theirKey, "rules": rules,
                    ])
            ])
    }

    private var ownRows: JSONValue { .string("\(self["dataset"] ?? "")@\(matchName)/match") }
    private var label: JSONValue { .string(self["label"] ?? "") }
    /// Tenths of the rows that are left out unless somebody says otherwise.
    static let testShare: Int64 = 2
    private var test: JSONValue { given("test") ?? .integer(Self.testShare) }

    /// Which rows of both sites every task of the training reads.
    private var shared: [String: JSONValue?] {
        [
            "guestDataset": ownRows, "hostDatasets": .string("\(self["theirs"] ?? "")@\(matchName)/match"),
            "guestKey": key, "hostKeys": theirKey, "rules": rules, "test": test,
        ]
    }

    private var protection: [String: JSONValue?] {
        [
            "keyBits": word("keyBits"), "profile": word("profile"), "hostColumnLimit": given("hostColumnLimit"),
        ]
    }

    /// Learns from the common rows, and scores those that were left out.
    func training(in place: Scope) -> JSONValue {
        document(name, in: place, peers: partner, algorithm == .boosting ? boosting : regression)
    }

    private var boosting: [JSONValue] {
        let size: [String: JSONValue?] = ["trees": given("trees"), "depth": given("depth")]
        let learning = shared.merging(protection) { $1 }.merging(size) { $1 }
            .merging(["label": label, "rate": given("rate"), "bins": given("bins")]) { $1 }
        let scoring = shared.merging(size) { $1 }.merging(["label": label, "model": "train", "part": "test"]) { $1 }
        return [
            Self.task("train", "train.boosting", learning), Self.task("score", "predict", after: ["train"], scoring),
        ]
    }

    private var regression: [JSONValue] {
        let weighing = shared.merging(protection) { $1 }.merging(["label": label, "bins": given("bins")]) { $1 }
        var fitting = shared.merging(protection) { $1 }.merging([
            "label": label, "woe": "weigh", "l2": given("l2"), "passes": given("passes"),
        ]) {
            $1
        }
        var tasks = [Self.task("weigh", "woe", weighing)]
        if algorithm == .scorecard {
            let choosing = shared.merging(["woe": "weigh", "iv": given("iv"), "correlation": given("correlation")]) {
                $1
            }
            tasks.append(Self.task("choose", "select", after: ["weigh"], choosing))
            fitting["selection"] = "choose"
        }
        tasks.append(Self.task("fit", "train.logistic", after: [algorithm == .scorecard ? "choose" : "weigh"], fitting))
        let scoring = shared.merging(["label": label, "model": "fit", "part": "test"]) { $1 }
        tasks.append(Self.task("score", "predict.logistic", after: ["fit"], scoring))
        return tasks
    }

    /// The own columns alone, on the same rows.
    ///
    /// - Returns: nil where it was not asked for.
    func baseline(in place: Scope) -> JSONValue? {
        hasBaseline ? Baseline.document(of: JobView(json: training(in: place))) : nil
    }
}
