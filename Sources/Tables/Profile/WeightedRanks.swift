/// Values in order, each standing for a number of them, and what follows from their ranks.
struct WeightedRanks {
    private let values: [UInt64]
    /// Up to and including the value of the same place.
    private let totals: [Int]

    /// `weighted` ascends. The extremes are known exactly, whatever is kept of the rest.
    init(_ weighted: [(UInt64, Int)], least: UInt64?, greatest: UInt64?) {
        var total = 0
        values = weighted.map { min(max($0.0, least ?? $0.0), greatest ?? $0.0) }
        totals = weighted.map { entry in
            total += entry.1
            return total
        }
        self.least = least
        self.greatest = greatest
    }

    private let least: UInt64?
    private let greatest: UInt64?

    /// The least value whose rank is at least `share` of all, `share` in 0...1.
    func quantile(_ share: Double) -> UInt64? {
        guard let total = totals.last else { return nil }
        let rank = max(1, Int((share * Double(total)).rounded(.up)))
        var (low, high) = (0, totals.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if totals[middle] >= rank { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }

    /// Bins of equal width from the least to the greatest value; one where they are equal, none where there are none.
    func histogram(bins: Int, _ number: (UInt64) -> Double) -> [ColumnProfile.Bin] {
        guard let least, let greatest, let total = totals.last else { return [] }
        let (from, to) = (number(least), number(greatest))
        guard from < to else { return [ColumnProfile.Bin(from: from, to: to, count: total)] }
        // Halves first: the difference of two doubles may be beyond the largest.
        let edges = (0...bins).map { place in
            place == bins ? to : from * (Double(bins - place) / Double(bins)) + to * (Double(place) / Double(bins))
        }
        let below = edges.enumerated().map { place, edge in
            place == 0 ? 0 : place == bins ? total : countBelow(edge, number)
        }
        return (0..<bins).map { place in
            ColumnProfile.Bin(from: edges[place], to: edges[place + 1], count: below[place + 1] - below[place])
        }
    }

    private func countBelow(_ edge: Double, _ number: (UInt64) -> Double) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if number(values[middle]) < edge { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : totals[low - 1]
    }
}
