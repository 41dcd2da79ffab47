/// Whether columns separate the classes of a logistic regression, so that its likelihood rises without end.
///
/// They do when a direction of intercept and coefficients moves no row's log-odds away from its class and some row's towards
/// it: completely when it moves all rows, else quasi-completely (Albert and Anderson 1984). Let a be the rows of (1, columns),
/// turned round for label 0. By Stiemke's lemma either there is such a direction or the rows add up to nothing with weights
/// that are all above 0. So the shortest Σ weight · a with weights of at least 1 each is looked for (non-negative least
/// squares; Lawson and Hanson, "Solving Least Squares Problems", 1974): where it is not 0, it is itself such a direction.
/// Weights of rows are of no account, nor are lengths: every row is scaled to length 1, every column to deviation 1.
struct Separation {
    private let design: RegressionDesign

    init(_ design: RegressionDesign) { self.design = design }

    /// A row may be moved away from its class by as much of its length times the direction's: rounding.
    private static let tolerance = 1e-10
    /// A sum of rows shorter than this, per row, is 0 but for rounding.
    private static let least = 1e-13

    /// The names of columns that separate the classes, none of which can be left out as long as there are few; nil when the
    /// columns do not separate them.
    var columns: [String]? {
        guard let direction = direction(Array(design.columns.indices)) else { return nil }
        let order = direction.indices.dropFirst().sorted {
            (abs(direction[$1]), $0) < (abs(direction[$0]), $1)
        }.map { $0 - 1 }
        // More columns separate whatever fewer do, so the fewest of the strongest ones are found by halving.
        var (low, high) = (1, order.count)
        while low < high {
            let middle = (low + high) / 2
            if self.direction(order[..<middle].sorted()) != nil { high = middle } else { low = middle + 1 }
        }
        var needed = order[..<high].sorted()
        if needed.count <= Self.mostTriedAlone {
            for place in order[..<high].reversed() where needed.count > 1 {
                let others = needed.filter { $0 != place }
                if self.direction(others) != nil { needed = others }
            }
        }
        return needed.map { design.names[$0] }
    }

    private static let mostTriedAlone = 30

    /// A separating direction of intercept and some of the columns, for columns of deviation 1.
    private func direction(_ places: [Int]) -> [Double]? {
        let size = places.count + 1
        let rows = unitRows(places)
        let start = mean(rows, size)
        var sum = start
        var passive: [(row: Int, weight: Double)] = []
        for _ in 0..<20 * (size + 10) {
            let length = Self.length(sum)
            guard length > Self.least else { return nil }
            // The row that is moved away most.
            var worst: (row: Int, move: Double)?
            for row in 0..<design.rows {
                let move = Self.product(rows, row, sum, size) / length
                if move < (worst?.move ?? -Self.tolerance) { worst = (row, move) }
            }
            guard let worst else { return sum }
            // A row that has a weight already is off by rounding alone: no better sum will be found.
            guard !passive.contains(where: { $0.row == worst.row }) else { return nil }
            passive.append((worst.row, 0))
            rebalance(&passive, rows, start, size)
            sum = start
            for (row, weight) in passive {
                for place in 0..<size { sum[place] += weight * rows[row * size + place] }
            }
        }
        return nil
    }

    /// The weights with which the passive rows shorten the sum most, where those that would fall below 0 leave.
    private func rebalance(
        _ passive: inout [(row: Int, weight: Double)], _ rows: [Double], _ start: [Double], _ size: Int
    ) {
        while !passive.isEmpty {
            let wanted = shortest(passive.map(\.row), rows, start, size)
            // As far towards them as no weight falls below 0.
            var share = 1.0
            var leaving: Int?
            for (place, weight) in wanted.enumerated() where weight <= 0 {
                let own = passive[place].weight
                let part = own > 0 ? own / (own - weight) : 0
                if part < share || leaving == nil { (share, leaving) = (min(share, part), place) }
            }
            for place in passive.indices {
                passive[place].weight += share * (wanted[place] - passive[place].weight)
            }
            guard let leaving else { return }
            passive.remove(at: leaving)
            passive.removeAll { $0.weight < 0 }
        }
    }

    /// Weights of rows, of any sign, for which start + Σ weight · row is shortest; corrected once for rounding.
    private func shortest(_ chosen: [Int], _ rows: [Double], _ start: [Double], _ size: Int) -> [Double] {
        let count = chosen.count
        var gram = [Double](repeating: 0, count: count * count)
        for (i, row) in chosen.enumerated() {
            let own = Array(rows[row * size..<(row + 1) * size])
            for j in 0...i {
                gram[i * count + j] = Self.product(rows, chosen[j], own, size)
                gram[j * count + i] = gram[i * count + j]
            }
        }
        let factor = Cholesky(gram, size: count, tolerance: 1e-15)
        var weights = [Double](repeating: 0, count: count)
        for _ in 0..<2 {
            var left = start
            for (row, weight) in zip(chosen, weights) {
                for place in 0..<size { left[place] += weight * rows[row * size + place] }
            }
            let more = factor.solve(chosen.map { -Self.product(rows, $0, left, size) })
            for place in weights.indices { weights[place] += more[place] }
        }
        return weights
    }

    /// Row by row (1, columns) of length 1, turned round for label 0.
    private func unitRows(_ places: [Int]) -> [Double] {
        let size = places.count + 1
        var rows = [Double](repeating: 1, count: design.rows * size)
        for (place, column) in places.enumerated() {
            let deviation = design.deviations[column]
            for row in 0..<design.rows { rows[row * size + place + 1] = design.columns[column][row] / deviation }
        }
        for row in 0..<design.rows {
            let length = Self.length(rows[row * size..<(row + 1) * size])
            let scale = design.labels[row] == 1 ? 1 / length : -1 / length
            for place in row * size..<(row + 1) * size { rows[place] *= scale }
        }
        return rows
    }

    private func mean(_ rows: [Double], _ size: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: size)
        for row in 0..<design.rows {
            for place in 0..<size { sum[place] += rows[row * size + place] }
        }
        return sum.map { $0 / Double(design.rows) }
    }

    private static func length(_ numbers: some Sequence<Double>) -> Double {
        numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    private static func product(_ rows: [Double], _ row: Int, _ direction: [Double], _ size: Int) -> Double {
        var sum = 0.0
        for place in 0..<size { sum += rows[row * size + place] * direction[place] }
        return sum
    }
}
