/// A split that a party found to be its best.
public struct CandidateSplit: Hashable, Sendable {
    public let place: SplitPlace
    /// As `SplitRule.gain` computes it.
    public let gain: Double
    /// Of the rows that go left.
    public let left: GradientSums
}

/// The best split of a node by one party's columns, from that party's histogram alone.
public enum SplitSearch {
    /// Goes through the places that `CellPartition.places` names, in their order; the first of those with the highest gain
    /// wins.
    ///
    /// - Parameters:
    ///   - total: the node's sums.
    ///   - cells: for every used column; nil where every bin is a cell.
    /// - Returns: nil when no candidate is allowed.
    public static func best(
        _ histogram: PartyHistogram, total: GradientSums, rule: SplitRule, cells: [CellPartition]? = nil
    ) -> CandidateSplit? {
        let nodeScore = rule.score(total)
        var best: CandidateSplit?
        for (place, column) in histogram.used.enumerated() {
            let sums = histogram.columns[place]
            let bins = sums.cells.count - 1
            let partition = cells?[place]
            let missing = sums.missing
            var below = GradientSums.zero
            func consider(_ threshold: Int, _ missingLeft: Bool) {
                let left = missingLeft ? below + missing : below
                guard let gain = rule.gain(side: left, total: total, nodeScore: nodeScore),
                    gain > best?.gain ?? 0
                else { return }
                let place = SplitPlace(column: column, threshold: threshold, missingLeft: missingLeft)
                best = CandidateSplit(place: place, gain: gain, left: left)
            }
            var bin = 0
            for threshold in partition?.thresholds ?? Array(0..<bins).dropFirst() {
                while bin < threshold {
                    below = below + sums.cells[bin]
                    bin += 1
                }
                consider(threshold, true)
                if missing.rows > 0, partition?.missingJoined != true { consider(threshold, false) }
            }
        }
        return best
    }
}
