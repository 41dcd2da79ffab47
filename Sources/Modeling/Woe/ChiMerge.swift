/// Merging of neighbouring bins by the chi-square of their two classes.
struct ChiMerge {
    private let counts: FineCounts
    private let least: DisclosureGuard

    init(_ counts: FineCounts, _ least: DisclosureGuard) {
        self.counts = counts
        self.least = least
    }

    /// Merges the pair with the lowest chi-square (the lower one of equal pairs) while there are too many bins or a pair is
    /// below the threshold, then merges what does not meet the guard.
    func starts(most: Int, threshold: Double) -> [Int] {
        var starts = Array(counts.ordinary.indices.dropFirst())
        var bins = counts.ordinary
        var differences = zip(bins, bins.dropFirst()).map { Self.chiSquare($0, $1) }
        while let place = differences.indices.min(by: { differences[$0] < differences[$1] }),
            bins.count > most || differences[place] < threshold
        {
            bins[place] = bins[place] + bins.remove(at: place + 1)
            starts.remove(at: place)
            differences.remove(at: place)
            if place > 0 { differences[place - 1] = Self.chiSquare(bins[place - 1], bins[place]) }
            if place < differences.count { differences[place] = Self.chiSquare(bins[place], bins[place + 1]) }
        }
        return Self.enough(starts, counts, least)
    }

    /// Going up, the first bin that does not meet the guard joins the neighbour with the lower chi-square (equal: the lower
    /// one), until all do or one is left.
    static func enough(_ starts: [Int], _ counts: FineCounts, _ least: DisclosureGuard) -> [Int] {
        var starts = starts
        var bins = bins(starts, counts.ordinary)
        let rows = counts.total.rows
        while bins.count > 1,
            let small = bins.firstIndex(where: { $0.rows == 0 || !least.allows($0, of: rows) })
        {
            let joinsLower: Bool
            if small == 0 {
                joinsLower = false
            } else if small == bins.count - 1 {
                joinsLower = true
            } else {
                joinsLower =
                    chiSquare(bins[small - 1], bins[small]) <= chiSquare(bins[small], bins[small + 1])
            }
            let lower = joinsLower ? small - 1 : small
            bins[lower] = bins[lower] + bins.remove(at: lower + 1)
            starts.remove(at: lower)
        }
        return starts
    }

    private static func bins(_ starts: [Int], _ fine: [BinCounts]) -> [BinCounts] {
        let borders = [0] + starts + [fine.count]
        return zip(borders, borders.dropFirst()).map { fine[$0..<$1].total }
    }

    /// Pearson's statistic of the table of two bins by two classes; 0 where a margin is empty.
    static func chiSquare(_ one: BinCounts, _ other: BinCounts) -> Double {
        let both = one + other
        guard one.rows > 0, other.rows > 0, both.goods > 0, both.bads > 0 else { return 0 }
        let cross = Double(one.bads) * Double(other.goods) - Double(one.goods) * Double(other.bads)
        let margins = Double(one.rows) * Double(other.rows) * (Double(both.goods) * Double(both.bads))
        return cross * cross * Double(both.rows) / margins
    }
}
