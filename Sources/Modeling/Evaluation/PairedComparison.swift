/// How much better one set of predictions is than another on the same rows, with an interval that knows that they are the same.
public struct PairedComparison: Hashable, Sendable {
    /// Of AUC, by which it rises, or of RMSE, by which it falls: above zero the second is better in both.
    public let value: Double
    /// Bounds of the 95 % interval.
    public let low: Double
    public let high: Double

    /// AUC: the covariance of both areas after DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More
    /// Correlated Receiver Operating Characteristic Curves" (1988). RMSE: the delta method on the squared errors of each row.
    ///
    /// - Parameters:
    ///   - first, second: predictions of each row.
    ///   - isBinary: labels are 0 and 1, and AUC is compared.
    /// - Returns: nil where there is nothing to compare: fewer than two rows (of each kind), or numbers that are none.
    public init?(_ first: [Double], _ second: [Double], labels: [Double], isBinary: Bool) {
        guard first.count == labels.count, second.count == labels.count,
            (first + second + labels).allSatisfy(\.isFinite)
        else { return nil }
        let found = isBinary ? Self.areas(first, second, labels) : Self.errors(first, second, labels)
        guard let found, found.value.isFinite, found.variance.isFinite else { return nil }
        let reach = 1.959_963_984_540_054 * found.variance.squareRoot()
        (value, low, high) = (found.value, found.value - reach, found.value + reach)
    }

    private static func areas(
        _ first: [Double], _ second: [Double], _ labels: [Double]
    ) -> (value: Double, variance: Double)? {
        let events = labels.indices.filter { labels[$0] == 1 }
        let others = labels.indices.filter { labels[$0] != 1 }
        guard events.count > 1, others.count > 1 else { return nil }
        func differences(_ rows: [Int], against: [Int]) -> [Double] {
            zip(wins(second, rows, against), wins(first, rows, against)).map { $0 - $1 }
        }
        let ofEvents = differences(events, against: others)
        let ofOthers = differences(others, against: events)
        let variance = variance(ofEvents) / Double(events.count) + variance(ofOthers) / Double(others.count)
        return (ofEvents.reduce(0, +) / Double(events.count), variance)
    }

    /// For each row the share of the others that score below it, ties half.
    private static func wins(_ scores: [Double], _ rows: [Int], _ others: [Int]) -> [Double] {
        let sorted = others.map { scores[$0] }.sorted()
        /// How many are below, or at most, a score.
        func count(_ isBefore: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return rows.map { row in
            let score = scores[row]
            return Double(count { $0 < score } + count { $0 <= score }) / Double(2 * sorted.count)
        }
    }

    private static func errors(
        _ first: [Double], _ second: [Double], _ labels: [Double]
    ) -> (value: Double, variance: Double)? {
        guard labels.count > 1 else { return nil }
        let squares = [first, second].map { zip($0, labels).map { ($0 - $1) * ($0 - $1) } }
        let roots = squares.map { ($0.reduce(0, +) / Double(labels.count)).squareRoot() }
        guard roots[0] > 0, roots[1] > 0 else { return nil }
        let parts = zip(squares[0], squares[1]).map { $0 / (2 * roots[0]) - $1 / (2 * roots[1]) }
        return (roots[0] - roots[1], variance(parts) / Double(labels.count))
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
