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
    /// What each band adds to the index, never below 0.
    public var parts: [Double] { bands.map(Self.part) }

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
        func rows(_ scores: [Double]) -> [Int] {
            var rows = [Int](repeating: 0, count: edges.bins)
            for score in scores { rows[Int(edges.code(score))] += 1 }
            return rows
        }
        try self.init(referenceRows: rows(reference), actualRows: rows(actual))
    }

    /// Of rows already counted by band or by bin of a column (then also called CSI). Bands without rows in both samples are
    /// left out.
    ///
    /// - Throws: `ModelingFaults.evaluation` for different numbers of bands, counts below 0 or above 2^31, or a sample
    ///   without rows.
    public init(referenceRows: [Int], actualRows: [Int]) throws(Fault) {
        guard referenceRows.count == actualRows.count, referenceRows.count <= 1000,
            (referenceRows + actualRows).allSatisfy({ 0...(1 << 31) ~= $0 }), referenceRows.contains(where: { $0 > 0 }),
            actualRows.contains(where: { $0 > 0 })
        else { throw Fault(ModelingFaults.evaluation, "two samples need the same bands and some rows each") }
        let reference = referenceRows.reduce(0, +)
        let actual = actualRows.reduce(0, +)
        func share(_ rows: Int, _ all: Int) -> Double { max(Double(rows), 0.5) / Double(all) }
        bands = zip(referenceRows, actualRows).filter { $0 + $1 > 0 }
            .map { Band(reference: share($0, reference), actual: share($1, actual)) }
        index = bands.reduce(0) { $0 + Self.part($1) }
    }

    private static func part(_ band: Band) -> Double {
        (band.actual - band.reference) * Elementary.log(band.actual / band.reference)
    }
}
