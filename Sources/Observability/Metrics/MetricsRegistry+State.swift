extension MetricsRegistry {
    /// The table behind the lock.
    struct State {
        let seriesLimit: Int
        let familyLimit: Int
        var families: [String: MetricFamily] = [:]
        var descriptions: [String: Description] = [:]
        var refusals = Refusals()
        /// Every name that appears on a sample line, with the family that owns it: a gauge `x_count` beside a
        /// histogram `x` would otherwise print one name twice.
        private var owners: [String: String] = [:]

        init(seriesLimit: Int, familyLimit: Int) {
            self.seriesLimit = seriesLimit
            self.familyLimit = familyLimit
            for name in ProcessFigures.names + [Refusals.name] {
                owners[name] = ""
            }
        }

        /// The series of a label and its dimensions, made when new; `nil` when it is refused (and counted).
        mutating func series(
            _ label: String,
            _ dimensions: [(String, String)],
            as kind: MetricKind,
            timer: Bool = false
        ) -> MetricSeries? {
            let name = MetricName.family(timer ? MetricName.timer(label) : label, kind)
            let labels = LabelSet(dimensions)
            var family: MetricFamily
            if let known = families[name] {
                family = known
            } else {
                guard families.count < familyLimit else { return refuse("other", .families) }
                guard kind.sampleNames(name).allSatisfy({ owners[$0] == nil }) else { return refuse(name, .name) }
                let description = descriptions[label]
                family = MetricFamily(
                    name: name,
                    help: description?.help ?? "\(kind.noun) \(label)",
                    kind: kind,
                    buckets: kind == .histogram ? description?.buckets ?? MetricBuckets.standard(name) : []
                )
                for sample in kind.sampleNames(name) {
                    owners[sample] = name
                }
            }
            guard family.kind == kind else { return refuse(name, .kind) }
            if let series = family.series[labels] { return series }
            guard family.series.count < seriesLimit else { return refuse(name, .labels) }
            let series = MetricSeries(family: name, labels: labels, buckets: family.buckets)
            family.series[labels] = series
            families[name] = family
            return series
        }

        /// Forgets one series; the family keeps its name and kind, so it cannot come back as something else.
        mutating func forget(_ series: MetricSeries) {
            families[series.family]?.series[series.labels] = nil
        }

        private mutating func refuse(_ name: String, _ reason: Refusals.Reason) -> MetricSeries? {
            refusals.count(name, reason)
            return nil
        }
    }
}
