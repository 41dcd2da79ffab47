/// The rows of a regression with centred columns, and what can be told about the columns before it starts.
struct RegressionDesign {
    let names: [String]
    let rows: Int
    let labels: [Double]
    let weights: [Double]?
    /// Weighted means and standard deviations by column.
    let means: [Double]
    let deviations: [Double]
    /// By column, centred.
    let columns: [[Double]]

    init(_ columns: [LogisticRegression.Column], labels: [Double], weights: [Double]?) {
        names = columns.map(\.name)
        rows = labels.count
        self.labels = labels
        self.weights = weights
        let whole = weights.map { $0.reduce(0, +) } ?? Double(labels.count)
        var means: [Double] = []
        var deviations: [Double] = []
        var centred: [[Double]] = []
        for column in columns {
            var sum = 0.0
            for (row, value) in column.values.enumerated() { sum += (weights?[row] ?? 1) * value }
            let mean = sum / whole
            let own = column.values.map { $0 - mean }
            var squares = 0.0
            for (row, value) in own.enumerated() { squares += (weights?[row] ?? 1) * (value * value) }
            let isConstant = column.values.allSatisfy { $0 == column.values[0] }
            means.append(mean)
            deviations.append(isConstant ? 0 : (squares / whole).squareRoot())
            centred.append(own)
        }
        self.means = means
        self.deviations = deviations
        self.columns = centred
    }

    func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

    /// A deviation below 10^-12 of the mean is rounding.
    var constantColumns: [String] {
        names.indices.filter { deviations[$0] <= 1e-12 * abs(means[$0]) || deviations[$0] == 0 }.map { names[$0] }
    }

    /// Columns of two values, one of which is in rows of one class alone.
    var rareColumns: [String] {
        names.indices.filter { place in
            let first = columns[place][0]
            var second: Double?
            var seen: Set<Int> = []
            for (row, value) in columns[place].enumerated() {
                if value != first {
                    guard second == nil || value == second else { return false }
                    second = value
                }
                seen.insert((value == first ? 0 : 2) + Int(labels[row]))
            }
            return seen.count < 4
        }.map { names[$0] }
    }

    /// The first column that depends on those before it, and those that it depends on; nil when none does.
    var collinearColumns: [String]? {
        let size = columns.count
        var gram = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0...i {
                var sum = 0.0
                for row in 0..<rows { sum += weight(row) * (columns[i][row] * columns[j][row]) }
                gram[i * size + j] = sum / (deviations[i] * deviations[j])
                gram[j * size + i] = gram[i * size + j]
            }
        }
        let factor = Cholesky(gram, size: size)
        guard let dependent = factor.dependent.first else { return nil }
        // The factor of those before it says how it is made of them.
        var before = [Double](repeating: 0, count: dependent * dependent)
        for i in 0..<dependent {
            for j in 0..<dependent { before[i * dependent + j] = gram[i * size + j] }
        }
        let parts = Cholesky(before, size: dependent).solve((0..<dependent).map { gram[dependent * size + $0] })
        return parts.indices.filter { abs(parts[$0]) > 1e-4 }.map { names[$0] } + [names[dependent]]
    }

    /// −2 · log likelihood of the weighted share of events.
    var nullDeviance: Double {
        var events = 0.0
        var others = 0.0
        for row in 0..<rows {
            if labels[row] == 1 { events += weight(row) } else { others += weight(row) }
        }
        let whole = events + others
        return -2 * (events * Elementary.log(events / whole) + others * Elementary.log(others / whole))
    }
}
