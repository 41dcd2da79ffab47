/// How often a series was asked for and refused, by metric and reason. Each request counts, also a repeated one.
struct Refusals {
    static let name = "atoll_metrics_refused_total"

    enum Reason: String {
        /// The metric already has as many label sets as it may.
        case labels
        /// There are already as many metric names as there may be; counted under `other`, to stay bounded itself.
        case families
        /// The name is already a metric of another kind.
        case kind
        /// The name, or a name it would print, belongs to another metric.
        case name
    }

    private(set) var counts: [LabelSet: Int64] = [:]
    /// Names that are refused are not bounded by the families kept, so they are here.
    private static let limit = 1_000

    mutating func count(_ metric: String, _ reason: Reason) {
        var labels = LabelSet([("metric", metric), ("reason", reason.rawValue)])
        if counts[labels] == nil, counts.count >= Self.limit {
            labels = LabelSet([("metric", "other"), ("reason", reason.rawValue)])
        }
        counts[labels, default: 0] += 1
    }
}
