import Faults
public import Resources

/// A trial as it was checked.
public struct TrialSpec: Sendable, Hashable {
    public struct Site: Sendable, Hashable {
        public let name: String
        public let role: String
        public let data: SiteData?
    }

    /// What a site knows in a trial that learns.
    public struct SiteData: Sendable, Hashable {
        /// A path, or what is generated.
        public let file: String?
        public let generated: SMEGenerator.Party?
        public let ids: [String]
        public let label: String?
    }

    /// The model that is trained.
    public struct Learning: Sendable, Hashable {
        /// How many tenths of the rows are not learnt from.
        public let testTenths: Int64
        /// Of `train.boosting`, by name; datasets, keys, label and the test part are the trial's.
        public let parameters: [String: JSONValue]
        /// Of `woe`, where columns are divided by their risk too.
        public let scorecard: [String: JSONValue]?
        /// Of `select`, where columns are selected.
        public let selection: [String: JSONValue]?
        /// Of `train.logistic`, where the scorecard is fitted between the sites.
        public let regression: [String: JSONValue]?
        public let limits: JSONValue
        let merchants: SMEGenerator
    }

    public let name: String
    public let sites: [Site]
    /// The spec of the job of the phase `measure` at the first site, whose peers are the others by their names.
    public let job: JSONValue
    public let learning: Learning?
    public let expectations: [Expectation]
    /// As it was checked, with everything that it leaves to defaults.
    let document: JSONValue

    /// Where the job lives at the first site.
    let scope = Scope(tenant: "trial", project: "trial")

    /// - Throws: `TrialFaults.expectation`.
    init(_ resource: Resource) throws(Fault) {
        try self.init(name: resource.metadata.name, document: resource.spec)
    }

    /// - Parameter document: a spec that passed the checks.
    /// - Throws: `TrialFaults.expectation`.
    init(name: String, document: JSONValue) throws(Fault) {
        self.name = name
        self.document = document
        sites = (document["sites"]?.array ?? []).map {
            Site(
                name: $0["name"]?.string ?? "", role: $0["role"]?.string ?? "member", data: Self.data($0["data"]))
        }
        learning = document["learn"].map(Self.learning)
        var job = document["job"]?.object ?? Self.usualJob
        job["role"] = .string(sites.first?.role ?? "member")
        job["peers"] = .array(
            sites.dropFirst().map { ["peer": .string($0.name), "role": .string($0.role)] })
        self.job = .object(job)
        var expectations: [Expectation] = []
        for (index, text) in (document["expect"]?.array ?? []).enumerated() {
            expectations.append(try Expectation(text.string ?? "", at: "spec.expect[\(index)]"))
        }
        self.expectations = expectations
    }

    /// What every machine and way is measured for before anything is trained; some seconds.
    private static let usualJob: [String: JSONValue] = [
        "tasks": [
            [
                "name": "verify", "operator": "verify",
                "parameters": ["rounds": 50, "frames": 16, "kernelSeconds": 1.5, "diskMiB": 16],
            ]
        ],
        "limits": ["memory": 1024, "cores": 1, "seconds": 600],
    ]

    private static func data(_ value: JSONValue?) -> SiteData? {
        value.map {
            let generated = $0["generate"]?.string.flatMap(SMEGenerator.Party.init(rawValue:))
            return SiteData(
                file: $0["file"]?.string, generated: generated,
                ids: $0["ids"]?.array?.compactMap(\.string) ?? (generated == nil ? [] : [SMEGenerator.id]),
                label: $0["label"]?.string ?? (generated == .bank ? SMEGenerator.label : nil))
        }
    }

    private static func learning(_ value: JSONValue) -> Learning {
        let merchants = value["merchants"]
        return Learning(
            testTenths: Int64(((value["split"]?["test"]?.number ?? 0.2) * 10).rounded()),
            parameters: value["parameters"]?.object ?? [:], scorecard: value["scorecard"]?.object,
            selection: value["selection"]?.object, regression: value["regression"]?.object,
            limits: value["limits"] ?? [:],
            merchants: SMEGenerator(
                bank: Int(merchants?["bank"]?.integer ?? 20_000),
                partner: Int(merchants?["partner"]?.integer ?? 30_000), overlap: merchants?["overlap"]?.number ?? 0.8,
                seed: UInt64(merchants?["seed"]?.integer ?? 1)))
    }

    /// Parameters that follow from sites and split, and from earlier tasks of the trial.
    private static let ownParameters: Set = [
        "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "label", "rows", "test", "binning", "woe",
        "selection",
    ]

    /// What a trial that learns must say of its sites.
    var learningFaults: [Fault] {
        guard let learning else { return [] }
        let given = [
            ("parameters", learning.parameters), ("scorecard", learning.scorecard ?? [:]),
            ("selection", learning.selection ?? [:]), ("regression", learning.regression ?? [:]),
        ]
        let taken = given.flatMap { field, parameters in
            parameters.keys.filter(Self.ownParameters.contains).sorted().map { name in
                Fault(
                    TrialFaults.sites, "The trial says '\(name)' itself.", at: "spec.learn.\(field).\(name)",
                    wanted: "parameters that are of the task")
            }
        }
        var alone: [Fault] = []
        for (field, parameters) in [("selection", learning.selection), ("regression", learning.regression)]
        where parameters != nil && learning.scorecard == nil {
            alone.append(
                Fault(
                    TrialFaults.sites, "Without `scorecard` there is nothing to select or fit.",
                    at: "spec.learn.\(field)", wanted: "scorecard: {} beside it"))
        }
        if learning.regression != nil, sites.count != 2 {
            alone.append(
                Fault(
                    TrialFaults.sites, "The regression is one of two sites.", at: "spec.learn.regression",
                    wanted: "two sites of one group"))
        }
        return taken + alone
            + sites.enumerated().compactMap { index, site -> Fault? in
                let place = "spec.sites[\(index)].data"
                guard let data = site.data, (data.file == nil) != (data.generated == nil), !data.ids.isEmpty else {
                    return Fault(
                        TrialFaults.sites, "A trial that learns needs data and their ids at every site.", at: place,
                        wanted: "file and ids, or generate")
                }
                if index == 0, data.label == nil {
                    return Fault(
                        TrialFaults.sites, "The first site has no label to learn.", at: place, wanted: "label: COLUMN")
                }
                if let first = sites[0].data, !first.ids.isEmpty, data.ids.count != first.ids.count {
                    return Fault(TrialFaults.sites, "The sites have ids of different numbers of columns.", at: place)
                }
                return nil
            }
    }

    /// The jobs of what is learnt, each with the field of `learn` that has its parameters, as far as they are known before there
    /// are data: to be checked before anything is started.
    var learnedTasks: [(field: String, document: JSONValue)] {
        guard let learning else { return [] }
        let hosts = sites.count - 1
        func each(_ text: String) -> JSONValue {
            .string([String](repeating: text, count: hosts).joined(separator: ";"))
        }
        let keys = (sites[0].data?.ids ?? []).indices.map { "id\($0)" }.joined(separator: ",")
        let shared: [String: JSONValue] = [
            "guestDataset": "table", "hostDatasets": each("table"), "guestKey": .string(keys), "hostKeys": each(keys),
            "rules": .string((sites[0].data?.ids ?? []).map { _ in "exact" }.joined(separator: ",")),
            "test": .integer(learning.testTenths),
        ]
        let label: [String: JSONValue] = ["label": "label"]
        let earlier: [String: JSONValue] = ["woe": "00000000000000000000000000/weigh"]
        let tasks: [(String, String, [String: JSONValue]?, [String: JSONValue])] = [
            ("parameters", "train.boosting", learning.parameters, label),
            ("scorecard", "woe", learning.scorecard, label),
            ("selection", "select", learning.selection, earlier),
            ("regression", "train.logistic", learning.regression, label.merging(earlier) { $1 }),
        ]
        return tasks.compactMap { field, name, parameters, more in
            guard let parameters else { return nil }
            let all = parameters.merging(shared) { $1 }.merging(more) { $1 }
            return (
                field,
                [
                    "role": "guest",
                    "peers": .array(sites.dropFirst().map { ["peer": .string($0.name), "role": "host"] }),
                    "tasks": [["name": "task", "operator": .string(name), "parameters": .object(all)]],
                    "limits": learning.limits,
                ]
            )
        }
    }

    /// Pairs of sites by index, the lower one invites.
    var pairs: [(low: Int, high: Int)] {
        sites.indices.flatMap { low in sites.indices.filter { $0 > low }.map { (low, $0) } }
    }
}
