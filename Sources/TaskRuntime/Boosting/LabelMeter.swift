/// How well the sets of rows that hosts were told of separate the labels: what a host could learn at most of them from one
/// tree.
enum LabelMeter {
    /// The AUC of the rate of events of the leaf that each row ends in, on the very rows that the tree learnt from: an upper
    /// bound, since a host is told the open nodes of each level and not how the guest or another host splits the last.
    ///
    /// - Parameters:
    ///   - leaves: by row of the training.
    ///   - rows: those that the tree learnt from.
    /// - Returns: 0.5 ... 1; 0.5 where all labels are equal.
    static func separation(of leaves: [Float], rows: [Int32], isEvent: (Int) -> Bool) -> Double {
        var counts: [Float: (events: Int, others: Int)] = [:]
        for row in rows {
            if isEvent(Int(row)) {
                counts[leaves[Int(row)], default: (0, 0)].events += 1
            } else {
                counts[leaves[Int(row)], default: (0, 0)].others += 1
            }
        }
        // By rate, without division.
        let sorted = counts.values.sorted {
            $0.events * ($1.events + $1.others) < $1.events * ($0.events + $0.others)
        }
        var othersBelow = 0
        var twice = 0
        for leaf in sorted {
            twice += leaf.events * (2 * othersBelow + leaf.others)
            othersBelow += leaf.others
        }
        let events = sorted.reduce(0) { $0 + $1.events }
        guard events > 0, othersBelow > 0 else { return 0.5 }
        return Double(twice) / (2 * Double(events) * Double(othersBelow))
    }
}
