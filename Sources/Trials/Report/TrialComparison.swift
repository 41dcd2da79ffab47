/// Two reports side by side: the figures that both or either of them have.
public struct TrialComparison: Sendable {
    public struct Row: Sendable, Hashable {
        public let name: String
        public let first: Double?
        public let second: Double?

        /// nil where one of them lacks it.
        public var change: Double? { first.flatMap { first in second.map { $0 - first } } }
    }

    /// Phases in their order, then what the job took, then the measures of the models.
    public let rows: [Row]
    /// Whether both have trained the same model, or none.
    public let hasOneModel: Bool

    private static let measures = ["auc", "ks", "lift", "log_loss", "brier", "rmse", "mae", "r2"]

    public init(_ first: TrialDocument, _ second: TrialDocument) {
        var rows: [Row] = []
        func add(_ name: String, _ value: (TrialDocument) -> Double?) {
            let (one, two) = (value(first), value(second))
            if one != nil || two != nil { rows.append(Row(name: name, first: one, second: two)) }
        }
        for phase in TrialPhase.allCases.map(\.rawValue) {
            func of(_ member: @escaping (TrialDocument.Phase) -> Double?) -> (TrialDocument) -> Double? {
                { document in document.phases.first { $0.name == phase }.flatMap(member) }
            }
            add("seconds.\(phase)", of { $0.seconds })
            add("cpu.\(phase)", of(\.cpuSeconds))
            add("memory.\(phase)", of(\.memory))
            add("bytes.\(phase)", of(\.bytes))
        }
        for name in ["seconds", "train.seconds", "perf.predicted_over_actual", "rows.joined", "rows.test", "trees"] {
            add(name) { $0.figures[name] }
        }
        for model in ["guest", "federated", "centralised"] {
            for measure in Self.measures {
                add("\(model).\(measure)") { $0.figures["\(model).\(measure)"] }
            }
        }
        self.rows = rows
        hasOneModel = first.learning?.digests.federated == second.learning?.digests.federated
    }

    /// At most six digits.
    public static func text(_ value: Double) -> String { Expectation.text(value) }
}
