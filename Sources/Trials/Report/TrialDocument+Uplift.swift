import Modeling

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
    /// Compares two models on the same rows: `PairedComparison`.
    ///
    /// - Parameters:
    ///   - isBinary: labels are 0 and 1, and AUC is compared.
    /// - Returns: nil where there is nothing to compare.
    init?(guest: [Double], federated: [Double], labels: [Double], isBinary: Bool) {
        guard let found = PairedComparison(guest, federated, labels: labels, isBinary: isBinary) else { return nil }
        self.init(value: found.value, low: found.low, high: found.high)
    }
}
