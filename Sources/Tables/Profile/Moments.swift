/// Number, mean and sum of squared distances from it, updated and merged without cancellation (Chan, Golub and LeVeque
/// 1979).
struct Moments: Equatable, Sendable {
    private(set) var count = 0
    private(set) var mean = 0.0
    private var squares = 0.0

    /// Adds values of one chunk, in two passes over it.
    mutating func add(_ values: some Collection<Double>) {
        guard !values.isEmpty else { return }
        var part = Moments()
        part.count = values.count
        // Values near the largest double would overflow a plain sum.
        let number = Double(values.count)
        let sum = values.reduce(0, +)
        part.mean = sum.isFinite ? sum / number : values.reduce(0) { $0 + $1 / number }
        for value in values {
            let distance = value - part.mean
            part.squares += distance * distance
        }
        merge(part)
    }

    mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (mine, theirs) = (Double(count), Double(other.count))
        let difference = other.mean - mean
        mean += difference * (theirs / (mine + theirs))
        squares += other.squares + difference * difference * (mine * theirs / (mine + theirs))
        count += other.count
    }

    /// Of the sample: over count - 1; `nil` for fewer than two values or where it is beyond the largest double.
    var standardDeviation: Double? {
        guard count > 1 else { return nil }
        let deviation = (squares / Double(count - 1)).squareRoot()
        return deviation.isFinite ? deviation : nil
    }
}
