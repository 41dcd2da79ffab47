/// All series of one metric name.
struct MetricFamily {
    let name: String
    let help: String
    let kind: MetricKind
    /// Upper bounds of a histogram, ascending and without `+Inf`; empty for the other kinds.
    let buckets: [Double]
    var series: [LabelSet: MetricSeries] = [:]
}

/// What a metric is to Prometheus.
enum MetricKind: String {
    case counter, gauge, histogram

    /// The start of the help text of a metric that nobody described.
    var noun: String {
        switch self {
        case .counter: "Count of"
        case .gauge: "Present value of"
        case .histogram: "Distribution of"
        }
    }

    /// The names this kind puts on sample lines.
    func sampleNames(_ name: String) -> [String] {
        self == .histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name]
    }
}
