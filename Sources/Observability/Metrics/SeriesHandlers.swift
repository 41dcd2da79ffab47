import CoreMetrics

/// What swift-metrics holds on to. Without a series (it was refused) everything is taken and nothing is kept.
protocol SeriesHandler: AnyObject {
    var series: MetricSeries? { get }
}

/// A counter never falls: negative amounts and what is not a number are left out.
final class CounterSeries: SeriesHandler, CounterHandler, FloatingPointCounterHandler {
    let series: MetricSeries?

    init(_ series: MetricSeries?) { self.series = series }

    func increment(by amount: Int64) {
        if amount > 0 { series?.add(whole: amount) }
    }

    func increment(by amount: Double) {
        if amount > 0, amount.isFinite { series?.add(amount) }
    }

    func reset() { series?.reset() }
}

/// A gauge prints the last value it was given.
final class GaugeSeries: SeriesHandler, MeterHandler, RecorderHandler {
    let series: MetricSeries?

    init(_ series: MetricSeries?) { self.series = series }

    func set(_ value: Int64) { series?.set(Double(value)) }
    func set(_ value: Double) { series?.set(value) }
    func increment(by amount: Double) { series?.add(amount) }
    func decrement(by amount: Double) { series?.add(-amount) }
    func record(_ value: Int64) { series?.set(Double(value)) }
    func record(_ value: Double) { series?.set(value) }
}

/// A histogram. What is not finite is left out, since one such value would spoil the sum for good.
final class HistogramSeries: SeriesHandler, RecorderHandler, TimerHandler {
    let series: MetricSeries?

    init(_ series: MetricSeries?) { self.series = series }

    func record(_ value: Int64) { series?.observe(Double(value)) }

    func record(_ value: Double) {
        if value.isFinite { series?.observe(value) }
    }

    /// A clock that went backwards counts as no time at all.
    func recordNanoseconds(_ duration: Int64) { series?.observe(Double(max(0, duration)) / 1e9) }
}
