public import Faults

/// One party's columns of a regression on weights of evidence: the bin of every row, and the weight of every bin as a whole
/// number of 2^−28. Whatever is computed of them is a sum of products of whole numbers, so it is the same in one place and
/// between sites, in any order.
public struct WeightedColumns: Hashable, Sendable {
    /// Bits after the point of a weight.
    public static let weightBits = 28
    /// Bits after the point of a residual.
    public static let residualBits = 28
    /// Bits after the point of a partial score.
    public static let scoreBits = 32
    /// Weights of evidence are below this in magnitude; the guard of bins keeps them there.
    public static let largestWeight = 16.0

    public let names: [String]
    /// By column, of every row.
    public let bins: [[UInt16]]
    /// By column and bin.
    public let weights: [[Int64]]
    public let rows: Int

    /// - Parameters:
    ///   - part: weights of evidence of the columns.
    ///   - names: which of them; each must have bins.
    ///   - values: by name, one per row; NaN is missing.
    /// - Throws: `ModelingFaults.columns` for a column that is not there or has no bins, `.regression` for weights that are too
    ///   large or rows that differ in number.
    public init(_ part: WoePart, names: [String], values: [String: [Double]], rows: Int) throws(Fault) {
        var bins: [[UInt16]] = []
        var weights: [[Int64]] = []
        for name in names {
            guard let column = part[name], let merged = column.bins, let own = values[name] else {
                throw Fault(ModelingFaults.columns, "a column has no weights of evidence", at: name)
            }
            guard own.count == rows, merged.bins.allSatisfy({ abs($0.woe) < Self.largestWeight }) else {
                throw Fault(ModelingFaults.regression, "weights of evidence that cannot be used", at: name)
            }
            let groups = merged.groups.assignment
            bins.append(own.map { UInt16(groups[column.partition.bin(of: $0)]) })
            weights.append(merged.bins.map { Int64(($0.woe * Self.unit).rounded(.toNearestOrEven)) })
        }
        self.init(names: names, bins: bins, weights: weights, rows: rows)
    }

    init(names: [String], bins: [[UInt16]], weights: [[Int64]], rows: Int) {
        self.names = names
        self.bins = bins
        self.weights = weights
        self.rows = rows
    }

    static let unit = Double(1 << 28)
    static let residualUnit = Double(1 << 28)
    static let scoreUnit = Double(1 << 32)

    public var count: Int { names.count }

    /// The weight of a row, as a number.
    func weight(_ column: Int, _ row: Int) -> Double { Double(weights[column][Int(bins[column][row])]) / Self.unit }

    /// Of every column, the sum of residuals times weights: exact. In one place this is what hosts' sums under encryption are.
    ///
    /// - Parameter residuals: one per row.
    public func gradient(_ residuals: [Int64]) -> [Int128] {
        bins.indices.map { column in
            var sums = [Int64](repeating: 0, count: weights[column].count)
            for (row, bin) in bins[column].enumerated() { sums[Int(bin)] += residuals[row] }
            return zip(sums, weights[column]).reduce(0) { $0 + Int128($1.0) * Int128($1.1) }
        }
    }

    /// Sums of products of the columns, centred by their means, row by row of a symmetric matrix.
    var centredGram: [Double] {
        let size = count
        var gram = [Double](repeating: 0, count: size * size)
        let means = bins.indices.map { column in mean(column) }
        for i in 0..<size {
            for j in 0...i {
                // By pairs of bins, so that the order of rows is of no account.
                let width = weights[j].count
                var rowsOf = [Int](repeating: 0, count: weights[i].count * width)
                for (one, other) in zip(bins[i], bins[j]) { rowsOf[Int(one) * width + Int(other)] += 1 }
                var sum = 0.0
                for (cell, rows) in rowsOf.enumerated() where rows > 0 {
                    let first = Double(weights[i][cell / width]) / Self.unit - means[i]
                    let second = Double(weights[j][cell % width]) / Self.unit - means[j]
                    sum += Double(rows) * (first * second)
                }
                gram[i * size + j] = sum
                gram[j * size + i] = sum
            }
        }
        return gram
    }

    private func mean(_ column: Int) -> Double {
        var rowsOf = [Int](repeating: 0, count: weights[column].count)
        for bin in bins[column] { rowsOf[Int(bin)] += 1 }
        let sum = zip(rowsOf, weights[column]).reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
        return rows == 0 ? 0 : Double(sum) / Self.unit / Double(rows)
    }
}
