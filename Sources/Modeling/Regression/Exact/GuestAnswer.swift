public import Faults

/// The guest's side of the exact regression: its best answer to the hosts' scores, by Newton's method on its own columns and the
/// intercept, and what is left of the labels then.
public struct GuestAnswer: Sendable {
    private let columns: WeightedColumns
    private let labels: [Double]
    private let l2: Double
    /// The intercept, then the coefficients.
    public private(set) var values: [Double]
    /// −2 · log likelihood, without the penalty.
    public private(set) var deviance = 0.0

    /// - Parameter labels: 0 or 1, one per row.
    /// - Throws: `ModelingFaults.label` unless both occur; `.rows` for another number.
    public init(_ columns: WeightedColumns, labels: [Double], l2: Double) throws(Fault) {
        guard labels.count == columns.rows else {
            throw Fault(ModelingFaults.rows, "\(labels.count) labels of \(columns.rows) rows")
        }
        guard labels.allSatisfy({ $0 == 0 || $0 == 1 }), Set(labels).count == 2 else {
            throw Fault(ModelingFaults.label)
        }
        self.columns = columns
        self.labels = labels
        self.l2 = l2
        values = [Double](repeating: 0, count: columns.count + 1)
    }

    /// Answers the hosts' scores.
    ///
    /// - Parameter offsets: their sum of every row, in units of 2^−32.
    /// - Returns: label less probability of every row, in units of 2^−28.
    /// - Throws: `ModelingFaults.regressionCollinear`, `.regressionSeparated`, `.regressionUnsettled`.
    public mutating func answer(_ offsets: [Int64]) throws(Fault) -> [Int64] {
        let fixed = offsets.map { Double($0) / WeightedColumns.scoreUnit }
        var scores = scores(values, fixed)
        var before = penalised(values, scores)
        for _ in 0..<40 {
            let step = try step(scores)
            var share = 1.0
            var next = values
            var isBetter = false
            for _ in 0..<30 where !isBetter {
                next = zip(values, step).map { $0 + share * $1 }
                scores = self.scores(next, fixed)
                let after = penalised(next, scores)
                // Near the optimum deviances differ by rounding alone.
                isBetter = after <= before * (1 + 1e-12)
                if isBetter { before = after } else { share /= 2 }
            }
            guard isBetter else { throw Fault(ModelingFaults.regressionUnsettled) }
            values = next
            guard scores.allSatisfy({ abs($0) < 30 }) else {
                throw Fault(ModelingFaults.regressionSeparated, at: columns.names.joined(separator: ", "))
            }
            // Newton's steps square their error: after one of 1e-7 there is nothing left to gain.
            if share == 1, step.allSatisfy({ abs($0) <= 1e-7 }) {
                deviance = before - penalty(values)
                return residuals(scores)
            }
        }
        throw Fault(ModelingFaults.regressionUnsettled)
    }

    private func residuals(_ scores: [Double]) -> [Int64] {
        zip(labels, scores).map { label, score in
            Int64(((label - Elementary.logistic(score)) * WeightedColumns.residualUnit).rounded(.toNearestOrEven))
        }
    }

    private func scores(_ values: [Double], _ fixed: [Double]) -> [Double] {
        let parts = columns.weights.enumerated().map { column, weights in
            weights.map { values[column + 1] * (Double($0) / WeightedColumns.unit) }
        }
        var scores = fixed
        for row in scores.indices {
            var score = values[0]
            for column in parts.indices { score += parts[column][Int(columns.bins[column][row])] }
            scores[row] += score
        }
        return scores
    }

    private func penalty(_ values: [Double]) -> Double { l2 * values.dropFirst().reduce(0) { $0 + $1 * $1 } }

    private func penalised(_ values: [Double], _ scores: [Double]) -> Double {
        var sum = 0.0
        for (label, score) in zip(labels, scores) {
            let towards = label == 1 ? score : -score
            // ln(1 + e^-s), for s below zero as -s + ln(1 + e^s).
            let tail = Elementary.log(1 + Elementary.exp(-abs(towards)))
            sum += towards < 0 ? tail - towards : tail
        }
        return 2 * sum + penalty(values)
    }

    /// Newton's step. Sums are of bins first, then of pairs of bins.
    private func step(_ scores: [Double]) throws(Fault) -> [Double] {
        let size = values.count
        let probabilities = scores.map(Elementary.logistic)
        let weights = probabilities.map { $0 * (1 - $0) }
        var slope = [Double](repeating: 0, count: size)
        var information = [Double](repeating: 0, count: size * size)
        for (label, probability) in zip(labels, probabilities) { slope[0] += label - probability }
        information[0] = weights.reduce(0, +)
        for i in 0..<columns.count {
            let own = columns.weights[i].map { Double($0) / WeightedColumns.unit }
            var first = [Double](repeating: 0, count: own.count)
            var second = first
            for (row, bin) in columns.bins[i].enumerated() {
                first[Int(bin)] += labels[row] - probabilities[row]
                second[Int(bin)] += weights[row]
            }
            slope[i + 1] = zip(first, own).reduce(0) { $0 + $1.0 * $1.1 } - l2 * values[i + 1]
            information[(i + 1) * size] = zip(second, own).reduce(0) { $0 + $1.0 * $1.1 }
            for j in 0...i {
                let other = columns.weights[j].map { Double($0) / WeightedColumns.unit }
                var cells = [Double](repeating: 0, count: own.count * other.count)
                for row in 0..<columns.rows {
                    cells[Int(columns.bins[i][row]) * other.count + Int(columns.bins[j][row])] += weights[row]
                }
                var sum = 0.0
                for (cell, weight) in cells.enumerated() {
                    sum += weight * (own[cell / other.count] * other[cell % other.count])
                }
                information[(i + 1) * size + j + 1] = sum + (i == j ? l2 : 0)
            }
        }
        let factor = Cholesky(information, size: size)
        guard factor.dependent.isEmpty else {
            throw Fault(
                ModelingFaults.regressionCollinear,
                at: factor.dependent.map { $0 == 0 ? "intercept" : columns.names[$0 - 1] }.joined(separator: ", "))
        }
        return factor.solve(slope)
    }

    // MARK: State

    /// Where the next answer begins, as bit patterns, for a checkpoint.
    public var state: [UInt64] { values.map(\.bitPattern) }

    /// - Returns: false for words of another number.
    public mutating func restore(_ state: [UInt64]) -> Bool {
        guard state.count == values.count else { return false }
        values = state.map { Double(bitPattern: $0) }
        return true
    }
}
