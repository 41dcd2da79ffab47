public import Faults

/// Pearson's correlations of columns. Between sites it comes from sums of products; selection goes by it alone.
public struct CorrelationMatrix: Hashable, Sendable {
    public let columns: [String]
    /// Row by row, symmetric, 1 on the diagonal; 0 beside a constant column.
    public let values: [[Double]]

    /// Correlations of numbers; sums go row by row.
    ///
    /// - Throws: `ModelingFaults.selection` for a column named twice, columns of different lengths, without rows, or values
    ///   that are not finite.
    public init(_ columns: [LogisticRegression.Column]) throws(Fault) {
        try Self.checkNames(columns.map(\.name))
        let rows = columns.first?.values.count ?? 0
        for column in columns {
            guard rows > 0, column.values.count == rows, column.values.allSatisfy({ abs($0) <= 1e100 }) else {
                throw Fault(
                    ModelingFaults.selection, "values that are missing, too large or not one per row", at: column.name)
            }
        }
        let design = RegressionDesign(columns, labels: [Double](repeating: 0, count: rows), weights: nil)
        var values = columns.map { _ in columns.map { _ in 0.0 } }
        for i in columns.indices {
            values[i][i] = 1
            for j in 0..<i {
                let deviations = design.deviations[i] * design.deviations[j]
                guard deviations > 0 else { continue }
                var sum = 0.0
                for row in 0..<rows { sum += design.columns[i][row] * design.columns[j][row] }
                values[i][j] = min(1, max(-1, sum / Double(rows) / deviations))
                values[j][i] = values[i][j]
            }
        }
        self.columns = columns.map(\.name)
        self.values = values
    }

    /// Correlations that were computed elsewhere.
    ///
    /// - Throws: `ModelingFaults.selection` unless the matrix is square, symmetric, within -1 ... 1 and 1 on the diagonal, and
    ///   every column is named once.
    public init(columns: [String], values: [[Double]]) throws(Fault) {
        try Self.checkNames(columns)
        let isFine =
            values.count == columns.count && values.allSatisfy { $0.count == columns.count }
            && columns.indices.allSatisfy { i in
                values[i][i] == 1 && (0..<i).allSatisfy { values[i][$0] == values[$0][i] && -1...1 ~= values[i][$0] }
            }
        guard isFine else { throw Fault(ModelingFaults.selection, "no matrix of correlations") }
        self.columns = columns
        self.values = values
    }

    private static func checkNames(_ names: [String]) throws(Fault) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw Fault(ModelingFaults.selection, "a column is named twice", at: name)
        }
    }

    /// The highest variance inflation that is told; what would be more counts as this.
    public static let mostInflation = 1e10

    /// Variance inflation of some of the columns among each other: the diagonal of the inverse of their correlations,
    /// 1 / (1 − R²) of each on the others; at most `mostInflation`.
    ///
    /// - Parameter places: of the columns.
    public func inflation(of places: [Int]) -> [Double] {
        places.indices.map { last in
            // With the column last, its pivot is what the others leave of it.
            let order = places.indices.filter { $0 != last }.map { places[$0] } + [places[last]]
            let size = order.count
            let matrix = order.flatMap { i in order.map { values[i][$0] } }
            let pivot = Cholesky(matrix, size: size, tolerance: 1 / Self.mostInflation).pivots[size - 1]
            return max(1, 1 / max(pivot, 1 / Self.mostInflation))
        }
    }
}
