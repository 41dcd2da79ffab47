/// Newton's steps on the penalised likelihood of a logistic regression with centred columns.
struct NewtonSteps {
    private let design: RegressionDesign
    private let l2: Double
    /// The intercept of the centred columns, then the coefficients.
    private var values: [Double]
    private var last: [Double]
    /// The values before each step.
    private var earlier: [[Double]]
    private var scores: [Double]
    private(set) var deviance: Double

    init(_ design: RegressionDesign, l2: Double) {
        self.design = design
        self.l2 = l2
        values = [Double](repeating: 0, count: design.columns.count + 1)
        last = values
        earlier = [values]
        scores = [Double](repeating: 0, count: design.rows)
        deviance = Self.deviance(scores, design)
    }

    private var size: Int { values.count }

    /// Beyond a log-odds of 30 a fitted probability is 0 or 1 to 13 digits.
    var isRunningAway: Bool { scores.contains { abs($0) > 30 } }

    /// Takes one step, halved until it does not raise the penalised deviance.
    ///
    /// - Returns: the largest move of a coefficient times its column's deviation; nil when no step could be found.
    mutating func advance() -> Double? {
        let (gradient, information) = derivatives()
        let factor = Cholesky(information, size: size, tolerance: 1e-14)
        guard factor.dependent.isEmpty else { return nil }
        last = factor.solve(gradient)
        let before = deviance + penalty(values)
        var share = 1.0
        for _ in 0..<30 {
            let next = zip(values, last).map { $0 + share * $1 }
            let nextScores = Self.scores(next, design)
            let nextDeviance = Self.deviance(nextScores, design)
            // Near the optimum deviances differ by rounding alone.
            if nextDeviance + penalty(next) <= before * (1 + 1e-12) {
                earlier.append(values)
                values = next
                scores = nextScores
                deviance = nextDeviance
                return share * scaled(last).reduce(0, max)
            }
            share /= 2
        }
        return nil
    }

    /// The columns along which the likelihood rises without end: those of a direction that moves every row's log-odds towards
    /// its own class, or not at all (to a thousandth); nil when none was found. Looked at are the coefficients themselves,
    /// which separate the classes where that is possible, the way since half the steps, in which what has settled is no longer
    /// seen, and the last step.
    var separating: [String]? {
        let half = earlier[earlier.count / 2]
        let candidates = [values, zip(values, half).map { $0 - $1 }, last]
        for direction in candidates {
            let towards = Self.scores(direction, design)
            let largest = towards.reduce(0) { max($0, abs($1)) }
            let isSeparating = towards.enumerated().allSatisfy { row, move in
                (design.labels[row] == 1 ? move : -move) >= -1e-3 * largest
            }
            guard largest > 0, isSeparating else { continue }
            let moves = scaled(direction).dropFirst()
            let most = moves.reduce(0, max)
            return zip(design.names, moves).filter { $0.1 > 0.1 * most }.map(\.0)
        }
        return nil
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
