/// The division of the ordinary fine bins with the highest IV among those whose bins meet the guard, have bad rates that
/// differ from their neighbours' (and go the way asked for), and are at most so many: by dynamic programming over the end
/// of a bin and the bin after it. Equal IV: fewer bins, then lower edges.
struct OptimalBins {
    private let counts: FineCounts
    /// Sums of the fine bins below each border; one more than fine bins.
    private let below: [BinCounts]
    private let least: DisclosureGuard
    private let rows: Int

    init(_ counts: FineCounts, _ least: DisclosureGuard) {
        self.counts = counts
        self.least = least
        rows = counts.total.rows
        below = counts.ordinary.reduce(into: [BinCounts()]) { $0.append($0[$0.count - 1] + $1) }
    }

    /// Where bins begin, without 0; empty when one bin alone is possible or none.
    func starts(most: Int, trend: BinningRule.Trend) -> [Int] {
        switch trend {
        case .monotone:
            let rising = best(most, .rising)
            let falling = best(most, .falling)
            return falling.iv > rising.iv ? falling.starts : rising.starts
        case .free, .rising, .falling: return best(most, trend).starts
        }
    }

    private struct Way {
        var iv: Double
        /// The end of the next bin; -1 when this is the last.
        var next: Int
    }

    private func sum(_ begin: Int, _ end: Int) -> BinCounts {
        BinCounts(goods: below[end].goods - below[begin].goods, bads: below[end].bads - below[begin].bads)
    }

    private func fits(_ one: BinCounts, _ next: BinCounts, _ trend: BinningRule.Trend) -> Bool {
        switch trend {
        case .rising: one.isRateBelow(next)
        case .falling: next.isRateBelow(one)
        case .free, .monotone: one.isRateBelow(next) || next.isRateBelow(one)
        }
    }

    private func best(_ most: Int, _ trend: BinningRule.Trend) -> (starts: [Int], iv: Double) {
        let fine = counts.ordinary.count
        let side = fine + 1
        let evidence = Evidence(counts.total)
        // By begin · side + end: the bin from begin to before end, where it may be shown.
        var sums = [BinCounts?](repeating: nil, count: side * side)
        var ivs = [Double](repeating: 0, count: side * side)
        for begin in 0..<fine {
            for end in begin + 1...fine {
                let bin = sum(begin, end)
                guard bin.rows > 0, least.allows(bin, of: rows) else { continue }
                sums[begin * side + end] = bin
                ivs[begin * side + end] = evidence.bin(bin).iv
            }
        }
        // For each number of bins, the best way to divide from begin on when the first bin ends at end.
        var ways: [[Way?]] = []
        var winner: (iv: Double, bins: Int, end: Int)?
        for bins in 1...most {
            var now = [Way?](repeating: nil, count: side * side)
            for begin in stride(from: fine - 1, through: 0, by: -1) {
                for end in begin + 1...fine {
                    guard let bin = sums[begin * side + end] else { continue }
                    let own = ivs[begin * side + end]
                    if bins == 1 {
                        if end == fine { now[begin * side + end] = Way(iv: own, next: -1) }
                        continue
                    }
                    guard end < fine else { continue }
                    var best: Way?
                    for next in end + 1...fine {
                        guard let way = ways[bins - 2][end * side + next], let after = sums[end * side + next],
                            fits(bin, after, trend)
                        else { continue }
                        let iv = own + way.iv
                        if best.map({ iv > $0.iv }) ?? true { best = Way(iv: iv, next: next) }
                    }
                    now[begin * side + end] = best
                }
            }
            for end in 1...fine {
                guard let way = now[end] else { continue }
                if winner.map({ way.iv > $0.iv }) ?? true { winner = (way.iv, bins, end) }
            }
            ways.append(now)
        }
        guard let winner else { return ([], -1) }
        return (trace(winner, ways, side), winner.iv)
    }

    private func trace(_ winner: (iv: Double, bins: Int, end: Int), _ ways: [[Way?]], _ side: Int) -> [Int] {
        var starts: [Int] = []
        var (begin, end) = (0, winner.end)
        for bins in stride(from: winner.bins, to: 1, by: -1) {
            starts.append(end)
            // Every step of a way was stored when it was found.
            (begin, end) = (end, ways[bins - 1][begin * side + end]!.next)
        }
        return starts
    }
}
