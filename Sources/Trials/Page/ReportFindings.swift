import Charts

/// What follows from a document and is not written in it.
struct ReportFindings {
    enum Verdict { case better, worse, unclear }

    struct Uplift {
        let isAUC: Bool
        /// Above zero is better.
        let value: Double
        let interval: ClosedRange<Double>?
        /// The interval takes no account of that both were measured on the same rows.
        let isWide: Bool
        let guest: Double
        let federated: Double

        var verdict: Verdict {
            guard let interval else { return value == 0 ? .unclear : value > 0 ? .better : .worse }
            return interval.lowerBound > 0 ? .better : interval.upperBound < 0 ? .worse : .unclear
        }
    }

    let uplift: Uplift?
    /// The model that charts of one model show.
    let main: TrialDocument.Model?

    init(_ document: TrialDocument) {
        let models = document.learning?.models ?? []
        main = models.first { $0.name == "federated" } ?? models.last
        uplift = Self.uplift(document.learning)
    }

    private static func uplift(_ learning: TrialDocument.Learning?) -> Uplift? {
        guard let learning, let guest = learning.models.first(where: { $0.name == "guest" })?.measures,
            let federated = learning.models.first(where: { $0.name == "federated" })?.measures
        else { return nil }
        let isAUC = learning.objective == "binary"
        let key = isAUC ? "auc" : "rmse"
        guard let own = guest[key], let joint = federated[key], own.isFinite, joint.isFinite else { return nil }
        if let known = learning.uplift, known.value.isFinite, known.low <= known.high {
            return Uplift(
                isAUC: isAUC, value: known.value, interval: known.low...known.high, isWide: false, guest: own,
                federated: joint)
        }
        let value = isAUC ? joint - own : own - joint
        var interval: ClosedRange<Double>?
        if isAUC, let one = guest["auc.standard_error"], let other = federated["auc.standard_error"] {
            let margin = 1.959964 * (one * one + other * other).squareRoot()
            if margin.isFinite { interval = (value - margin)...(value + margin) }
        }
        return Uplift(
            isAUC: isAUC, value: value, interval: interval, isWide: true, guest: own, federated: joint)
    }
}
