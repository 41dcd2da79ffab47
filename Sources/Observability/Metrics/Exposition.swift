/// Writes the text exposition format 0.0.4: `# HELP`, `# TYPE`, one line per sample, line feeds only.
struct Exposition {
    private(set) var text = ""

    mutating func add(_ family: MetricFamily) {
        guard !family.series.isEmpty else { return }
        head(family.name, family.kind, family.help)
        for series in family.series.values.sorted(by: { $0.labels.text < $1.labels.text }) {
            let value = series.now
            switch family.kind {
            case .counter:
                sample(family.name + series.labels.braces(), counter: value)
            case .gauge:
                sample(family.name + series.labels.braces(), Self.number(value.number))
            case .histogram:
                histogram(family.name, series, value)
            }
        }
    }

    /// The count of refused series; always printed, so that an alert on it has something to look at.
    mutating func add(_ refusals: Refusals) {
        head(Refusals.name, .counter, "Label sets of a metric that were asked for and not kept, by metric and reason")
        if refusals.counts.isEmpty {
            sample(Refusals.name + LabelSet([("metric", ""), ("reason", "labels")]).braces(), "0")
        }
        for (labels, count) in refusals.counts.sorted(by: { $0.key.text < $1.key.text }) {
            sample(Refusals.name + labels.braces(), String(count))
        }
    }

    mutating func add(_ figures: [ProcessFigures.Figure]) {
        for figure in figures {
            head(figure.name, figure.kind, figure.help)
            sample(figure.name, Self.number(figure.value))
        }
    }

    /// A number as the format wants it; whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 0x1p53 { return String(Int64(value)) }
        return String(value)
    }

    private mutating func histogram(_ name: String, _ series: MetricSeries, _ value: MetricSeries.Value) {
        var below: Int64 = 0
        for (bound, count) in zip(series.buckets, value.inBucket) {
            below += count
            let labels = series.labels.braces(adding: "le=\"\(Self.number(bound))\"")
            sample(name + "_bucket" + labels, String(below))
        }
        sample(name + "_bucket" + series.labels.braces(adding: "le=\"+Inf\""), String(value.whole))
        sample(name + "_sum" + series.labels.braces(), Self.number(value.number))
        sample(name + "_count" + series.labels.braces(), String(value.whole))
    }

    private mutating func head(_ name: String, _ kind: MetricKind, _ help: String) {
        text += "# HELP \(name) \(Self.escape(help: help))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func sample(_ name: String, counter value: MetricSeries.Value) {
        sample(name, value.number == 0 ? String(value.whole) : Self.number(Double(value.whole) + value.number))
    }

    private mutating func sample(_ name: String, _ value: String) {
        text += "\(name) \(value)\n"
    }

    /// In help texts only backslash and line feed are escaped.
    private static func escape(help: String) -> String {
        var out = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
