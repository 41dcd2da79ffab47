public import Faults

/// A host's side of the exact regression: its coefficients, which climb by the gradient that its own columns have at the
/// guest's best answer to them.
///
/// One step is that of a fixed Hessian (Böhning and Lindsay, "Monotonicity of quadratic-approximation algorithms", 1988): the
/// logistic likelihood's is at most a quarter of the centred Gram matrix when the intercept, and whatever else the guest has,
/// answers at its best. Anderson's acceleration (1965; Walker and Ni, 2011) over the last five steps saves most of
/// them; where the gradient has grown much instead, it begins anew.
public struct HostSteps: Hashable, Sendable {
    public static let memory = 5

    private let columns: WeightedColumns
    private let l2: Double
    private let tolerance: Double
    private let factor: Cholesky
    private let bound: [Double]
    /// Standard deviations.
    private let deviations: [Double]
    public private(set) var coefficients: [Double]
    /// The last coefficients and their steps, newest last.
    private var earlier: [(coefficients: [Double], step: [Double])] = []
    private var lastSize: Double?

    /// - Parameter tolerance: settled when no step times its column's deviation is longer.
    /// - Throws: `ModelingFaults.regressionConstant`, `.regressionCollinear` with names.
    public init(_ columns: WeightedColumns, l2: Double, tolerance: Double) throws(Fault) {
        let size = columns.count
        let gram = columns.centredGram
        let constant = (0..<size).filter { gram[$0 * size + $0] <= 1e-12 * Double(columns.rows) }
        guard constant.isEmpty else {
            throw Fault(
                ModelingFaults.regressionConstant, at: constant.map { columns.names[$0] }.joined(separator: ", "))
        }
        var bound = gram.map { $0 / 4 }
        for place in 0..<size { bound[place * size + place] += l2 }
        let factor = Cholesky(bound, size: size)
        guard factor.dependent.isEmpty else {
            throw Fault(
                ModelingFaults.regressionCollinear,
                at: factor.dependent.map { columns.names[$0] }.joined(separator: ", "))
        }
        self.columns = columns
        self.l2 = l2
        self.tolerance = tolerance
        self.factor = factor
        self.bound = bound
        deviations = (0..<size).map { (gram[$0 * size + $0] / Double(columns.rows)).squareRoot() }
        coefficients = [Double](repeating: 0, count: size)
    }

    /// The score of every row by these columns, in units of 2^−32.
    ///
    /// - Throws: `ModelingFaults.regressionSeparated` beyond a log-odds of a thousand.
    public func scores() throws(Fault) -> [Int64] {
        let all = coefficients.enumerated().map { column, coefficient in
            columns.weights[column].map { coefficient * (Double($0) / WeightedColumns.unit) }
        }
        guard all.allSatisfy({ $0.allSatisfy { abs($0) < 1_000 } }) else {
            throw Fault(ModelingFaults.regressionSeparated)
        }
        return (0..<columns.rows).map { row in
            var score = 0.0
            for column in all.indices { score += all[column][Int(columns.bins[column][row])] }
            return Int64((score * WeightedColumns.scoreUnit).rounded(.toNearestOrEven))
        }
    }

    /// Takes a step by the gradient at the present coefficients.
    ///
    /// - Parameter gradient: sums of residuals times weights, in units of 2^−56.
    /// - Returns: whether it has settled; the coefficients are then those of before.
    public mutating func advance(_ gradient: [Int128]) -> Bool {
        let unit = WeightedColumns.unit * WeightedColumns.residualUnit
        let slope = zip(gradient, coefficients).map { Double($0) / unit - l2 * $1 }
        let step = factor.solve(slope)
        if zip(step, deviations).allSatisfy({ abs($0 * $1) <= tolerance }) { return true }
        let size = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
        // Accelerated steps need not shrink one by one.
        if let lastSize, size > 4 * lastSize { earlier = [] }
        lastSize = size
        let mixed = mix(step)
        earlier.append((coefficients, step))
        if earlier.count > Self.memory { earlier.removeFirst() }
        coefficients = zip(coefficients, mixed).map { $0 + $1 }
        return false
    }

    /// The step less what earlier steps say of it: least squares in the metric of the bound.
    private func mix(_ step: [Double]) -> [Double] {
        guard !earlier.isEmpty else { return step }
        let points = earlier + [(coefficients, step)]
        let changes = zip(points, points.dropFirst()).map { before, after in
            (
                moved: zip(after.coefficients, before.coefficients).map { $0 - $1 },
                turned: zip(after.step, before.step).map { $0 - $1 }
            )
        }
        let count = changes.count
        let weighed = changes.map { times($0.turned) }
        var normal = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0...i {
                normal[i * count + j] = dot(changes[i].turned, weighed[j])
                normal[j * count + i] = normal[i * count + j]
            }
        }
        // What depends on the others to ten digits is left out: its part of the solution is 0.
        let parts = Cholesky(normal, size: count).solve(weighed.map { dot($0, step) })
        var mixed = step
        for (part, change) in zip(parts, changes) {
            for place in mixed.indices { mixed[place] -= part * (change.moved[place] + change.turned[place]) }
        }
        return mixed
    }

    private func times(_ vector: [Double]) -> [Double] {
        let size = vector.count
        return (0..<size).map { row in
            var sum = 0.0
            for column in 0..<size { sum += bound[row * size + column] * vector[column] }
            return sum
        }
    }

    private func dot(_ one: [Double], _ other: [Double]) -> Double { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }

    public static func == (left: HostSteps, right: HostSteps) -> Bool { left.state == right.state }

    public func hash(into hasher: inout Hasher) { hasher.combine(state) }

    // MARK: State

    /// Everything that changes, as bit patterns, for a checkpoint.
    public var state: [UInt64] {
        var words = coefficients.map(\.bitPattern)
        words.append(lastSize == nil ? 0 : 1)
        words.append((lastSize ?? 0).bitPattern)
        for (coefficients, step) in earlier { words += (coefficients + step).map(\.bitPattern) }
        return words
    }

    /// - Returns: false for words of another number.
    public mutating func restore(_ state: [UInt64]) -> Bool {
        let size = coefficients.count
        guard state.count >= size + 2, size > 0, (state.count - size - 2).isMultiple(of: 2 * size),
            (state.count - size - 2) / (2 * size) <= Self.memory
        else { return false }
        let numbers = state.map { Double(bitPattern: $0) }
        coefficients = Array(numbers[..<size])
        lastSize = state[size] == 0 ? nil : numbers[size + 1]
        earlier = stride(from: size + 2, to: state.count, by: 2 * size).map { place in
            (Array(numbers[place..<place + size]), Array(numbers[place + size..<place + 2 * size]))
        }
        return true
    }
}
