public import CoreMetrics
import Synchronization

extension MetricsRegistry: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        CounterSeries(series(label, dimensions, as: .counter))
    }

    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        CounterSeries(series(label, dimensions, as: .counter))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        GaugeSeries(series(label, dimensions, as: .gauge))
    }

    /// A histogram when values are to be aggregated, otherwise a gauge that keeps the last one.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? HistogramSeries(series(label, dimensions, as: .histogram))
            : GaugeSeries(series(label, dimensions, as: .gauge))
    }

    /// A histogram in seconds; `_seconds` is added to the name where it is missing.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        HistogramSeries(series(label, dimensions, as: .histogram, timer: true))
    }

    public func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func series(
        _ label: String,
        _ dimensions: [(String, String)],
        as kind: MetricKind,
        timer: Bool = false
    ) -> MetricSeries? {
        state.withLock { $0.series(label, dimensions, as: kind, timer: timer) }
    }

    private func forget(_ handler: AnyObject) {
        guard let series = (handler as? any SeriesHandler)?.series else { return }
        state.withLock { $0.forget(series) }
    }
}
