import CoreMetrics
import Faults
import Synchronization

/// Keeps every metric of the process and prints them in Prometheus' text exposition format, version 0.0.4.
///
/// It is the backend behind swift-metrics: `MetricsSystem.bootstrap(registry)` once in the composition root; every part
/// then makes its counters, gauges, recorders and timers through swift-metrics and knows nothing of this type.
///
/// Names and labels are cleaned (`MetricName`). A label set that cannot be kept gets a handler that records nothing,
/// and every such refusal counts in `atoll_metrics_refused_total{metric,reason}`: a metric never fails its caller.
///
/// Thread-safe: one lock over the table of series, one lock per series, so recording never waits for a scrape of the
/// others.
public final class MetricsRegistry: Sendable {
    /// The media type of `render()`, for the `Content-Type` header.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let state: Mutex<State>

    /// - Parameters:
    ///   - seriesLimit: label sets kept per metric name, at least 1; further ones are refused.
    ///   - familyLimit: metric names kept, at least 1; further ones are refused.
    public init(seriesLimit: Int = 1_000, familyLimit: Int = 2_000) {
        precondition(seriesLimit >= 1 && familyLimit >= 1, "a registry that may keep nothing is a mistake")
        state = Mutex(State(seriesLimit: seriesLimit, familyLimit: familyLimit))
    }

    /// Gives a metric its help text and, for recorders and timers, its own buckets. Call it before the metric is first
    /// made: buckets of a histogram that already exists stay as they are.
    ///
    /// - Parameters:
    ///   - label: the label as given to swift-metrics, `store.write`.
    ///   - buckets: ascending finite upper bounds, each inclusive; in seconds for a timer, else in the recorder's unit.
    /// - Throws: `ObservabilityFaults.badBuckets`.
    public func describe(_ label: String, help: String, buckets: [Double]? = nil) throws {
        if let buckets {
            let ascending = zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
            guard !buckets.isEmpty, ascending, buckets.allSatisfy(\.isFinite) else {
                throw Fault(ObservabilityFaults.badBuckets, at: "metric \(label)")
            }
        }
        state.withLock { $0.descriptions[label] = Description(help: help, buckets: buckets) }
    }

    /// The whole page: families in order of name, label sets in order of text, then the process' own figures.
    public func render() -> String {
        // The series are copied under the lock and printed after it, so a slow scrape holds nobody up.
        let (families, refusals) = state.withLock { state in
            (state.families.values.sorted { $0.name < $1.name }, state.refusals)
        }
        var page = Exposition()
        for family in families {
            page.add(family)
        }
        page.add(refusals)
        page.add(ProcessFigures.now())
        return page.text
    }

    struct Description {
        var help: String
        var buckets: [Double]?
    }
}
