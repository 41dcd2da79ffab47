/// A symmetric matrix of doubles as L · Lᵀ, in one fixed order of operations.
///
/// A pivot that is at most `tolerance` times its diagonal element means that its column is, to that accuracy, a linear
/// combination of those before it; it is set aside and the rest is factored without it.
struct Cholesky {
    let size: Int
    /// Row by row, the lower triangle; rows and columns set aside are 0.
    private var lower: [Double]
    /// Columns that depend on those before them, ascending.
    let dependent: [Int]
    /// By column, pivot over diagonal element: 1 − R² of the column on those before it; 0 where the diagonal is not above 0.
    let pivots: [Double]

    /// - Parameter matrix: `size` · `size` numbers, of which the lower triangle is used.
    init(_ matrix: [Double], size: Int, tolerance: Double = 1e-10) {
        var lower = [Double](repeating: 0, count: size * size)
        var dependent: [Int] = []
        var pivots: [Double] = []
        for j in 0..<size {
            var pivot = matrix[j * size + j]
            for k in 0..<j { pivot -= lower[j * size + k] * lower[j * size + k] }
            let whole = matrix[j * size + j]
            pivots.append(whole > 0 ? max(0, pivot / whole) : 0)
            guard whole > 0, pivot > tolerance * whole else {
                dependent.append(j)
                for k in 0..<j { lower[j * size + k] = 0 }
                continue
            }
            let root = pivot.squareRoot()
            lower[j * size + j] = root
            for i in j + 1..<max(size, j + 1) {
                var sum = matrix[i * size + j]
                for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
                lower[i * size + j] = sum / root
            }
        }
        self.size = size
        self.lower = lower
        self.dependent = dependent
        self.pivots = pivots
    }

    /// The solution x of matrix · x = right side, 0 for columns set aside.
    func solve(_ right: [Double]) -> [Double] {
        var x = right
        for i in 0..<size {
            let pivot = lower[i * size + i]
            guard pivot > 0 else {
                x[i] = 0
                continue
            }
            for k in 0..<i { x[i] -= lower[i * size + k] * x[k] }
            x[i] = x[i] / pivot
        }
        for i in stride(from: size - 1, through: 0, by: -1) {
            let pivot = lower[i * size + i]
            guard pivot > 0 else { continue }
            for k in i + 1..<max(size, i + 1) { x[i] -= lower[k * size + i] * x[k] }
            x[i] = x[i] / pivot
        }
        return x
    }

    /// The inverse, row by row and symmetric to the bit; rows and columns set aside are 0.
    var inverse: [Double] {
        var inverse = [Double](repeating: 0, count: size * size)
        for j in 0..<size where !dependent.contains(j) {
            var unit = [Double](repeating: 0, count: size)
            unit[j] = 1
            let column = solve(unit)
            for i in j..<size {
                inverse[i * size + j] = column[i]
                inverse[j * size + i] = column[i]
            }
        }
        return inverse
    }
}
