public import Faults

/// How far the distribution of scores has moved: the population stability index.
public struct ScoreStability: Hashable, Sendable {
    public struct Band: Hashable, Sendable {
        /// Shares of the rows of the reference and of the sample that is looked at.
        public let reference: Double
        public let actual: Double
    }

    public enum Verdict: String, Hashable, Sendable {
        case stable, watch, shifted
    }

    /// By score, lowest first.
    public let bands: [Band]
    /// Sum over the bands of (actual − reference) · ln(actual / reference), where a band without rows counts as half a row.
    public let index: Double

    /// Below 0.10 stable, from 0.25 shifted: the bands in use since Lewis, "An Introduction to Credit Scoring" (1994).
    public var verdict: Verdict { index < 0.10 ? .stable : index < 0.25 ? .watch : .shifted }

    /// - Parameter bands: how many, by quantiles of the reference; 2 ... 255.
    /// - Throws: `ModelingFaults.evaluation` without scores or for scores that are not finite; `.edges` for the bands, `.value`
    ///   for reference scores beyond the range of `Float`.
    public init(reference: [Double], actual: [Double], bands count: Int = 10) throws(Fault) {
        guard !reference.isEmpty, !actual.isEmpty, (reference + actual).allSatisfy(\.isFinite) else {
            throw Fault(ModelingFaults.evaluation)
        }
        let edges = try BinEdges.quantiles(of: reference, bins: count)
        func shares(_ scores: [Double]) -> [Double] {
            var rows = [Int](repeating: 0, count: edges.bins)
            for score in scores { rows[Int(edges.code(score))] += 1 }
            return rows.map { max(Double($0), 0.5) / Double(scores.count) }
        }
        bands = zip(shares(reference), shares(actual)).map { Band(reference: $0, actual: $1) }
        index = bands.reduce(0) { $0 + ($1.actual - $1.reference) * Elementary.log($1.actual / $1.reference) }
    }
}
