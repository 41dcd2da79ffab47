import Faults
import Modeling
import TaskRuntime

/// Measures and curves of one model on the rows that it did not learn from.
struct ModelMeasures {
    private static let points = 200
    private static let bars = 20

    private let predictions: [Double]
    private let labels: [Double]
    private let objective: Objective

    init(_ predictions: [Double], _ labels: [Double], _ objective: Objective) {
        self.predictions = predictions
        self.labels = labels
        self.objective = objective
    }

    /// - Throws: `ModelingFaults.evaluation`.
    func model(_ name: String) throws(Fault) -> TrialDocument.Model {
        guard let found = EvaluationReport(predictions, labels, objective) else {
            throw Fault(ModelingFaults.evaluation, "The rows that were left out cannot measure a model.")
        }
        var measures = found.figures
        if let highest = found.bands.first { measures["lift"] = highest.lift }
        let curves = objective == .binary ? self.curves : ([], [])
        return TrialDocument.Model(
            name: name, measures: measures, roc: curves.0, ks: curves.1,
            bands: found.bands.map { .init(rows: $0.rows, rate: $0.rate, lift: $0.lift, gain: $0.gain) },
            calibration: found.calibration.map {
                .init(rows: $0.rows, predicted: $0.predicted, observed: $0.observed)
            }, histogram: histogram, scatter: scatter)
    }

    /// The receiver's operating characteristic, and how both kinds are spread over the scores.
    private var curves: ([TrialDocument.Point], [TrialDocument.Distribution]) {
        let order = predictions.indices.sorted { predictions[$0] > predictions[$1] }
        let events = Double(labels.count { $0 == 1 })
        let others = Double(labels.count) - events
        guard events > 0, others > 0 else { return ([], []) }
        var roc = [TrialDocument.Point(x: 0, y: 0)]
        var spread: [TrialDocument.Distribution] = []
        var (seenEvents, seenOthers) = (0.0, 0.0)
        for (place, row) in order.enumerated() {
            if labels[row] == 1 { seenEvents += 1 } else { seenOthers += 1 }
            let next = place + 1 < order.count ? predictions[order[place + 1]] : -.infinity
            guard next < predictions[row] else { continue }
            roc.append(.init(x: seenOthers / others, y: seenEvents / events))
            spread.append(
                .init(
                    score: predictions[row], events: 1 - seenEvents / events, others: 1 - seenOthers / others))
        }
        return (Self.thinned(roc), Self.thinned(spread.reversed()))
    }

    private var histogram: [TrialDocument.Bar] {
        guard objective == .binary else { return [] }
        return (0..<Self.bars).map { bar in
            let (low, high) = (Double(bar) / Double(Self.bars), Double(bar + 1) / Double(Self.bars))
            let rows = predictions.indices.filter {
                predictions[$0] >= low && (predictions[$0] < high || bar + 1 == Self.bars)
            }
            let events = rows.count { labels[$0] == 1 }
            return .init(low: low, high: high, events: events, others: rows.count - events)
        }
    }

    private var scatter: [TrialDocument.Point] {
        guard objective == .squared else { return [] }
        let step = max(1, (labels.count + 499) / 500)
        return stride(from: 0, to: labels.count, by: step).map { .init(x: predictions[$0], y: labels[$0]) }
    }

    /// So many of a list at most, the ends among them.
    private static func thinned<Element>(_ list: [Element]) -> [Element] {
        guard list.count > points else { return list }
        return (0..<points).map { list[$0 * (list.count - 1) / (points - 1)] }
    }
}
