/// Newton's steps on the penalised likelihood of a logistic regression with centred columns.
struct NewtonSteps {
    private let design: RegressionDesign
    private let l2: Double
    /// The intercept of the centred columns, then the coefficients.
    private var values: [Double]
    private var scores: [Double]
    private(set) var deviance: Double

    /// - Parameter start: the intercept of the centred columns, then the coefficients; nil is all 0.
    init(_ design: RegressionDesign, l2: Double, start: [Double]? = nil) {
        self.design = design
        self.l2 = l2
        values = start ?? [Double](repeating: 0, count: design.columns.count + 1)
        scores = Self.scores(values, design)
        deviance = Self.deviance(scores, design)
    }

    private var size: Int { values.count }

    enum Step {
        /// A whole step moved no coefficient by more than the tolerance.
        case settled
        case moved
        /// There is no step, or none that does not raise the penalised deviance.
        case stuck
    }

    /// Takes one step, halved until it does not raise the penalised deviance. What a halved step moves says nothing about how
    /// near the end is: settled is by whole steps alone.
    ///
    /// - Parameter tolerance: of the move of a coefficient times its column's deviation, or where that product is above 1 of
    ///   the move's share of it.
    mutating func advance(tolerance: Double) -> Step {
        let (gradient, information) = derivatives()
        let factor = Cholesky(information, size: size, tolerance: 1e-14)
        guard factor.dependent.isEmpty else { return .stuck }
        let whole = factor.solve(gradient)
        guard whole.allSatisfy(\.isFinite) else { return .stuck }
        if zip(scaled(whole), scaled(values)).allSatisfy({ $0 <= tolerance * max(1, $1) }) {
            // Here deviances differ by rounding alone, and need not be compared.
            take(zip(values, whole).map { $0 + $1 })
            return .settled
        }
        let before = deviance + penalty(values)
        var share = 1.0
        for _ in 0..<30 {
            let next = zip(values, whole).map { $0 + share * $1 }
            let nextDeviance = Self.deviance(Self.scores(next, design), design)
            if nextDeviance + penalty(next) <= before * (1 + 1e-12) {
                take(next)
                return .moved
            }
            share /= 2
        }
        return .stuck
    }

    private mutating func take(_ next: [Double]) {
        values = next
        scores = Self.scores(next, design)
        deviance = Self.deviance(scores, design)
    }

    /// Intercept and coefficients for the columns as given.
    var uncentred: [Double] {
        var all = values
        for (place, mean) in design.means.enumerated() { all[0] -= values[place + 1] * mean }
        return all
    }

    /// The inverse of the penalised information at the current values, for the columns as given.
    var covariance: [[Double]] {
        let inverse = Cholesky(derivatives().information, size: size, tolerance: 1e-14).inverse
        var covariance = (0..<size).map { i in (0..<size).map { j in inverse[i * size + j] } }
        // The intercept as given is that of the centred columns less Σ mean · coefficient.
        let means = [0] + design.means
        for j in 1..<size {
            var sum = inverse[j]
            for k in 1..<size { sum -= means[k] * inverse[k * size + j] }
            covariance[0][j] = sum
            covariance[j][0] = sum
        }
        var variance = inverse[0]
        for k in 1..<size { variance -= means[k] * (inverse[k] + covariance[0][k]) }
        covariance[0][0] = variance
        return covariance
    }

    private func scaled(_ move: [Double]) -> [Double] {
        zip(move, [1] + design.deviations).map { abs($0 * $1) }
    }

    private func penalty(_ values: [Double]) -> Double { l2 * values.dropFirst().reduce(0) { $0 + $1 * $1 } }

    private func derivatives() -> (gradient: [Double], information: [Double]) {
        var residuals: [Double] = []
        var weights: [Double] = []
        residuals.reserveCapacity(design.rows)
        weights.reserveCapacity(design.rows)
        for (row, score) in scores.enumerated() {
            let p = Elementary.logistic(score)
            residuals.append(design.weight(row) * (design.labels[row] - p))
            weights.append(design.weight(row) * (p * (1 - p)))
        }
        var gradient = [Double](repeating: 0, count: size)
        var information = [Double](repeating: 0, count: size * size)
        gradient[0] = residuals.reduce(0, +)
        information[0] = weights.reduce(0, +)
        for (i, column) in design.columns.enumerated() {
            var slope = 0.0
            var first = 0.0
            var weighted = column
            for row in column.indices {
                slope += residuals[row] * column[row]
                weighted[row] = weights[row] * column[row]
                first += weighted[row]
            }
            gradient[i + 1] = slope - l2 * values[i + 1]
            information[(i + 1) * size] = first
            for j in 0...i {
                let other = design.columns[j]
                var sum = 0.0
                for row in other.indices { sum += weighted[row] * other[row] }
                information[(i + 1) * size + j + 1] = sum + (i == j ? l2 : 0)
            }
        }
        return (gradient, information)
    }

    private static func scores(_ values: [Double], _ design: RegressionDesign) -> [Double] {
        var scores = [Double](repeating: values[0], count: design.rows)
        for (column, value) in zip(design.columns, values.dropFirst()) {
            for row in scores.indices { scores[row] += value * column[row] }
        }
        return scores
    }

    /// −2 · Σ weight · ln P(label).
    private static func deviance(_ scores: [Double], _ design: RegressionDesign) -> Double {
        var sum = 0.0
        for (row, score) in scores.enumerated() {
            let towards = design.labels[row] == 1 ? score : -score
            // ln(1 + e^-s), for s below zero as -s + ln(1 + e^s).
            let tail = Elementary.log(1 + Elementary.exp(-abs(towards)))
            sum += design.weight(row) * (towards < 0 ? tail - towards : tail)
        }
        return 2 * sum
    }
}
