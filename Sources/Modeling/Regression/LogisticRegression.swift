public import Faults

/// Logistic regression by iteratively reweighted least squares (Newton's method on the likelihood), in one place.
///
/// Sums go row by row and use Atoll's own exponential, so results do not depend on machine or threads; rows should come in
/// an order that all runs share (by id). Columns are centred inside. A step that raises the penalised deviance is halved;
/// the end is where a whole step moves hardly anything.
///
/// Sources: McCullagh and Nelder, "Generalized Linear Models" (1989); Albert and Anderson, "On the existence of maximum
/// likelihood estimates in logistic regression models" (1984), for separation.
public struct LogisticRegression: Hashable, Sendable {
    public struct Column: Hashable, Sendable {
        public let name: String
        /// One finite number per row: up to 1e100 in size, the largest either 0 or at least 1e-100.
        public let values: [Double]

        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    public static let mostColumns = 300

    /// The penalty ½ · l2 · Σ coefficient², the intercept not counted; 0 is none. Coefficients are of the columns as given.
    public var l2: Double
    /// Most Newton steps, 1 ... 1000.
    public var mostSteps: Int
    /// Settled when a whole step moves no coefficient times its column's standard deviation by more, or, where that is above
    /// 1, by more than this share of it.
    public var tolerance: Double

    public init(l2: Double = 0, mostSteps: Int = 40, tolerance: Double = 1e-10) {
        self.l2 = l2
        self.mostSteps = mostSteps
        self.tolerance = tolerance
    }

    /// - Parameters:
    ///   - labels: 0 or 1, both of them there.
    ///   - weights: 1e-9 ... 1e9, counting like so many rows; nil is 1 each.
    /// - Throws: `ModelingFaults.regression` for input that does not fit, `.regressionConstant`, `.regressionSeparated`,
    ///   `.regressionUnsettled`; without a penalty also `.regressionCollinear` and `.regressionRare`, which with one are
    ///   remarks. All name the columns.
    public func fit(_ columns: [Column], labels: [Double], weights: [Double]? = nil) throws(Fault) -> LogisticFit {
        try check(columns, labels, weights)
        let design = RegressionDesign(columns, labels: labels, weights: weights)
        let constant = design.constantColumns
        guard constant.isEmpty else {
            throw Fault(ModelingFaults.regressionConstant, "constant: \(constant.joined(separator: ", "))")
        }
        let remarks = try remarks(design)
        var newton = NewtonSteps(design, l2: l2)
        for steps in 1...mostSteps {
            switch newton.advance(tolerance: tolerance) {
            case .settled: return try answer(newton, design, steps, remarks)
            case .moved: continue
            case .stuck: throw unsettled(design)
            }
        }
        throw unsettled(design)
    }

    private func check(_ columns: [Column], _ labels: [Double], _ weights: [Double]?) throws(Fault) {
        guard l2 >= 0, l2 <= 1e9, 1...1000 ~= mostSteps, tolerance > 0, tolerance <= 1e-3 else {
            throw Fault(
                ModelingFaults.regression, "settings out of range",
                wanted: "l2 0 ... 1e9, 1 ... 1000 steps, a tolerance above 0 and up to 0.001")
        }
        guard !columns.isEmpty, columns.count <= Self.mostColumns, Set(columns.map(\.name)).count == columns.count
        else {
            throw Fault(
                ModelingFaults.regression, "no columns, too many, or a name twice", wanted: "1 ... \(Self.mostColumns)")
        }
        for column in columns {
            // Squares of larger values, and of smaller ones, would leave the range of doubles.
            let largest = column.values.reduce(0) { max($0, abs($1)) }
            guard !column.name.isEmpty, column.values.count == labels.count,
                column.values.allSatisfy({ abs($0) <= 1e100 }), largest == 0 || largest >= 1e-100
            else {
                throw Fault(
                    ModelingFaults.regression,
                    "no name, or values that are missing, too large, all too small or not one per row", at: column.name)
            }
        }
        guard labels.allSatisfy({ $0 == 0 || $0 == 1 }), labels.contains(0), labels.contains(1) else {
            throw Fault(ModelingFaults.regression, "labels other than 0 and 1, or of one class alone")
        }
        if let weights {
            guard weights.count == labels.count, weights.allSatisfy({ 1e-9...1e9 ~= $0 }) else {
                throw Fault(
                    ModelingFaults.regression, "weights out of range or not one per row", wanted: "1e-9 ... 1e9")
            }
        }
    }

    private func remarks(_ design: RegressionDesign) throws(Fault) -> [LogisticFit.Remark] {
        var remarks: [LogisticFit.Remark] = []
        for rare in design.rareColumns {
            guard l2 > 0 else { throw Fault(ModelingFaults.regressionRare, at: rare) }
            remarks.append(.rare(column: rare))
        }
        if let collinear = design.collinearColumns {
            guard l2 > 0 else {
                throw Fault(ModelingFaults.regressionCollinear, "together: \(collinear.joined(separator: ", "))")
            }
            remarks.append(.collinear(columns: collinear))
        }
        return remarks
    }

    /// Columns that separate the classes keep the steps from settling; whether they do is found out then and only then, so a
    /// regression that has an end is never refused for looking as if it had none.
    private func unsettled(_ design: RegressionDesign) -> Fault {
        guard l2 == 0, let columns = Separation(design).columns else {
            return Fault(ModelingFaults.regressionUnsettled)
        }
        return Fault(ModelingFaults.regressionSeparated, "separating: \(columns.joined(separator: ", "))")
    }

    private func answer(
        _ newton: NewtonSteps, _ design: RegressionDesign, _ steps: Int, _ remarks: [LogisticFit.Remark]
    ) throws(Fault) -> LogisticFit {
        let covariance = newton.covariance
        let values = newton.uncentred
        guard covariance.indices.allSatisfy({ covariance[$0][$0] > 0 && covariance[$0][$0].isFinite }) else {
            throw unsettled(design)
        }
        let names = [""] + design.names
        let all = names.indices.map {
            LogisticFit.Coefficient(
                name: names[$0], value: values[$0], standardError: covariance[$0][$0].squareRoot())
        }
        return LogisticFit(
            intercept: all[0], coefficients: Array(all.dropFirst()), covariance: covariance, deviance: newton.deviance,
            nullDeviance: design.nullDeviance, rows: design.rows, steps: steps, l2: l2, remarks: remarks)
    }
}
