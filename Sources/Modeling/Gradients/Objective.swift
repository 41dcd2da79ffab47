/// What a boosting model predicts, and by which loss it learns.
public enum Objective: String, Hashable, Sendable, CaseIterable {
    /// Labels 0 and 1, logistic loss; a score is the logarithm of the odds.
    case binary
    /// Real labels, half the squared difference.
    case squared

    /// Largest size of a label of the squared loss: leaves then stay within `Float`.
    public static let largestLabel = 1e30

    /// What a score means to a person: a probability, or the score itself.
    public func prediction(_ score: Double) -> Double {
        switch self {
        case .binary: Elementary.logistic(score)
        case .squared: score
        }
    }

    func allows(_ label: Double) -> Bool {
        switch self {
        case .binary: label == 0 || label == 1
        case .squared: label.magnitude <= Self.largestLabel
        }
    }

    /// The loss of one row: for binary labels -ln of the label's probability, else the squared difference.
    func loss(score: Double, label: Double) -> Double {
        switch self {
        case .binary:
            // -ln p(label), by the form that loses no digits where p is near 1.
            let margin = min(max(label == 1 ? score : -score, -Elementary.limit), Elementary.limit)
            return margin >= 0
                ? Elementary.log(1 + Elementary.exp(-margin)) : Elementary.log(1 + Elementary.exp(margin)) - margin
        case .squared: return (score - label) * (score - label)
        }
    }
}
