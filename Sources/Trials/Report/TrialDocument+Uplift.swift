extension TrialDocument.Learning {
    /// `uplift.NAME` for every measure: the federated model's less the guest's. Bounds and spreads are not subtracted; those
    /// of AUC and RMSE are of the paired comparison.
    var upliftFigures: [String: Double] {
        guard let guest = models.first, let federated = models.dropFirst().first else { return [:] }
        var figures: [String: Double] = [:]
        let others = [".low", ".high", ".standard_error", ".location", ".reliability", ".resolution", ".uncertainty"]
        for (name, value) in federated.measures where !["rows", "events"].contains(name) {
            guard !others.contains(where: name.hasSuffix), let alone = guest.measures[name] else { continue }
            figures["uplift.\(name)"] = value - alone
        }
        guard let uplift else { return figures }
        if figures["uplift.auc"] != nil {
            (figures["uplift.auc.low"], figures["uplift.auc.high"]) = (uplift.low, uplift.high)
        } else if figures["uplift.rmse"] != nil {
            // It counts what was saved.
            (figures["uplift.rmse.low"], figures["uplift.rmse.high"]) = (-uplift.high, -uplift.low)
        }
        return figures
    }
}

extension TrialDocument.Uplift {
    /// Compares two models on the same rows.
    ///
    /// AUC: the covariance of both areas after DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More
    /// Correlated Receiver Operating Characteristic Curves" (1988). RMSE: the delta method on the squared errors of each row.
    ///
    /// - Parameters:
    ///   - isBinary: labels are 0 and 1, and AUC is compared.
    /// - Returns: nil where there is nothing to compare: fewer than two rows (of each kind), or numbers that are none.
    init?(guest: [Double], federated: [Double], labels: [Double], isBinary: Bool) {
        guard guest.count == labels.count, federated.count == labels.count,
            (guest + federated + labels).allSatisfy(\.isFinite)
        else { return nil }
        let found = isBinary ? Self.areas(guest, federated, labels) : Self.errors(guest, federated, labels)
        guard let found, found.value.isFinite, found.variance.isFinite else { return nil }
        let reach = 1.959_963_984_540_054 * found.variance.squareRoot()
        self.init(value: found.value, low: found.value - reach, high: found.value + reach)
    }

    private static func areas(
        _ guest: [Double], _ federated: [Double], _ labels: [Double]
    ) -> (value: Double, variance: Double)? {
        let events = labels.indices.filter { labels[$0] == 1 }
        let others = labels.indices.filter { labels[$0] != 1 }
        guard events.count > 1, others.count > 1 else { return nil }
        func differences(_ rows: [Int], against: [Int]) -> [Double] {
            zip(wins(federated, rows, against), wins(guest, rows, against)).map { $0 - $1 }
        }
        let ofEvents = differences(events, against: others)
        let ofOthers = differences(others, against: events)
        let variance = variance(ofEvents) / Double(events.count) + variance(ofOthers) / Double(others.count)
        return (ofEvents.reduce(0, +) / Double(events.count), variance)
    }

    /// For each row the share of the others that score below it, ties half.
    private static func wins(_ scores: [Double], _ rows: [Int], _ others: [Int]) -> [Double] {
        let sorted = others.map { scores[$0] }.sorted()
        /// How many are below, or at most, a score.
        func count(_ isBefore: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return rows.map { row in
            let score = scores[row]
            return Double(count { $0 < score } + count { $0 <= score }) / Double(2 * sorted.count)
        }
    }

    private static func errors(
        _ guest: [Double], _ federated: [Double], _ labels: [Double]
    ) -> (value: Double, variance: Double)? {
        guard labels.count > 1 else { return nil }
        let squares = [guest, federated].map { zip($0, labels).map { ($0 - $1) * ($0 - $1) } }
        let roots = squares.map { ($0.reduce(0, +) / Double(labels.count)).squareRoot() }
        guard roots[0] > 0, roots[1] > 0 else { return nil }
        let parts = zip(squares[0], squares[1]).map { $0 / (2 * roots[0]) - $1 / (2 * roots[1]) }
        return (roots[0] - roots[1], variance(parts) / Double(labels.count))
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
