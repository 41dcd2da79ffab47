/// A logistic regression that has settled: P(label 1) = 1 / (1 + e^−(intercept + Σ coefficient · value)).
public struct LogisticFit: Hashable, Sendable {
    public struct Coefficient: Hashable, Sendable {
        /// The column; empty for the intercept.
        public let name: String
        public let value: Double
        /// Above 0. With a penalty, of the penalised likelihood: smaller than without.
        public let standardError: Double

        /// Wald's statistic.
        public var z: Double { value / standardError }
        /// That the coefficient is 0, two-sided.
        public var p: Double { Elementary.twoSided(z) }
        /// value ± 1.96 standard errors: Wald's interval of 95 %.
        public var interval: ClosedRange<Double> {
            let reach = 1.959_963_984_540_054 * standardError
            return value - reach...value + reach
        }
    }

    /// What was noticed about columns and did not keep the regression from settling: only with a penalty.
    public enum Remark: Hashable, Sendable {
        case collinear(columns: [String])
        /// A value of the column occurs in one class alone.
        case rare(column: String)
    }

    public let intercept: Coefficient
    /// In the order of the columns.
    public let coefficients: [Coefficient]
    /// Of intercept, then coefficients, row by row.
    public let covariance: [[Double]]
    /// −2 · log likelihood, weighted, without the penalty.
    public let deviance: Double
    /// The same with an intercept alone.
    public let nullDeviance: Double
    public let rows: Int
    /// Newton steps taken.
    public let steps: Int
    public let l2: Double
    public let remarks: [Remark]

    /// Deviance + 2 per coefficient and for the intercept: Akaike's criterion. Without a penalty.
    public var aic: Double { deviance + 2 * Double(coefficients.count + 1) }

    /// The log-odds of the event.
    ///
    /// - Parameter values: of the columns in their order.
    public func logOdds(_ values: [Double]) -> Double {
        zip(coefficients, values).reduce(intercept.value) { $0 + $1.0.value * $1.1 }
    }
}
