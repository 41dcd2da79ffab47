public import Faults

/// How log-odds become points: score = offset − factor · log-odds of the event, so a higher score is a better account.
///
/// factor = PDO / ln 2, offset = base − factor · ln(odds). Siddiqi, "Credit Risk Scorecards" (2006), chapter 6.
public struct ScorecardScale: Hashable, Sendable {
    /// Points that double the odds; above 0, up to 10,000.
    public let pdo: Double
    /// The score at `odds`; at most 1e6 in size.
    public let base: Double
    /// Goods per bad at `base`; above 0, up to 1e6.
    public let odds: Double
    /// Digits behind the point that points are rounded to, half to even; 0 ... 3.
    public let decimals: Int

    /// 600 points at 20 goods per bad, 20 points more double the odds, whole points.
    public static let usual = ScorecardScale(uncheckedPDO: 20, base: 600, odds: 20, decimals: 0)

    /// - Throws: `ModelingFaults.scorecard` for numbers out of range.
    public init(pdo: Double = 20, base: Double = 600, odds: Double = 20, decimals: Int = 0) throws(Fault) {
        guard pdo > 0, pdo <= 10_000, abs(base) <= 1e6, odds >= 1e-6, odds <= 1e6, 0...3 ~= decimals else {
            throw Fault(
                ModelingFaults.scorecard, "a scale out of range",
                wanted: "PDO above 0 up to 10,000, base up to 1e6, odds 1e-6 ... 1e6, 0 ... 3 decimals")
        }
        self.init(uncheckedPDO: pdo, base: base, odds: odds, decimals: decimals)
    }

    private init(uncheckedPDO pdo: Double, base: Double, odds: Double, decimals: Int) {
        self.pdo = pdo
        self.base = base
        self.odds = odds
        self.decimals = decimals
    }

    public var factor: Double { pdo / Elementary.log(2) }

    public var offset: Double { base - factor * Elementary.log(odds) }

    /// How many units a point has: 1, 10, 100 or 1000. Sums of points are sums of whole units, exact in any order.
    public var unitsPerPoint: Int { [1, 10, 100, 1000][decimals] }

    public func score(logOdds: Double) -> Double { offset - factor * logOdds }

    /// The log-odds of the event that a score stands for.
    public func logOdds(score: Double) -> Double { (offset - score) / factor }

    public func points(_ units: Int) -> Double { Double(units) / Double(unitsPerPoint) }

    /// Nearest whole number of units, half to even.
    func units(_ points: Double) -> Int { Int((points * Double(unitsPerPoint)).rounded(.toNearestOrEven)) }

    /// Points as digits, exactly.
    func text(_ units: Int) -> String {
        guard decimals > 0 else { return "\(units)" }
        let size = units.magnitude
        let rest = String(size % UInt(unitsPerPoint))
        let zeros = String(repeating: "0", count: decimals - rest.count)
        return "\(units < 0 ? "-" : "")\(size / UInt(unitsPerPoint)).\(zeros)\(rest)"
    }
}
