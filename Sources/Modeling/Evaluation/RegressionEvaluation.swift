public import Faults

/// Predictions of real values beside the true ones. Sums go by label, then prediction, so the order of the rows is of no
/// account.
public struct RegressionEvaluation: Hashable, Sendable {
    public let rows: Int
    /// Square root of the mean squared difference.
    public let rmse: Double
    /// Mean absolute difference.
    public let mae: Double
    /// Mean of prediction − label.
    public let bias: Double
    /// 1 − squared differences over squared distances from the labels' mean; nil when all labels are the same.
    public let r2: Double?

    /// - Throws: `ModelingFaults.evaluation` without rows, for different numbers, or for numbers that are not finite.
    public init(predictions: [Double], labels: [Double]) throws(Fault) {
        guard !labels.isEmpty, predictions.count == labels.count, (predictions + labels).allSatisfy(\.isFinite) else {
            throw Fault(ModelingFaults.evaluation)
        }
        let pairs = zip(labels, predictions).sorted { $0 < $1 }
        let count = Double(pairs.count)
        let mean = pairs.reduce(0) { $0 + $1.0 } / count
        let squares = pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
        let spread = pairs.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) }
        rows = pairs.count
        rmse = (squares / count).squareRoot()
        mae = pairs.reduce(0) { $0 + abs($1.1 - $1.0) } / count
        bias = pairs.reduce(0) { $0 + ($1.1 - $1.0) } / count
        r2 = spread > 0 ? 1 - squares / spread : nil
    }
}
