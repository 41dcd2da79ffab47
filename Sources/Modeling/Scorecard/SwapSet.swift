public import Faults

/// What changes when one score takes another's place: which rows only one of them approves.
///
/// Its cells are counts of rows by cut-offs that can be set at will, and are mostly small, so it stays with whoever holds the
/// labels. Before it is shown to anybody else it has to pass `check`.
public struct SwapSet: Hashable, Sendable {
    public let approvedByBoth: BinCounts
    /// Approved by the new score alone.
    public let swappedIn: BinCounts
    /// Approved by the old score alone.
    public let swappedOut: BinCounts
    public let rejectedByBoth: BinCounts

    /// - Parameters:
    ///   - scores, existing: higher is better; one per row.
    ///   - cutoff, existingCutoff: the lowest scores that are approved.
    /// - Throws: `ModelingFaults.scorecardReport` for different numbers of rows, none, or numbers that are not finite;
    ///   `.label` for labels other than 0 and 1.
    public init(
        scores: [Double], cutoff: Double, existing: [Double], existingCutoff: Double, labels: [Double]
    ) throws(Fault) {
        guard !labels.isEmpty, scores.count == labels.count, existing.count == labels.count,
            (scores + existing + [cutoff, existingCutoff]).allSatisfy(\.isFinite)
        else { throw Fault(ModelingFaults.scorecardReport) }
        guard labels.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw Fault(ModelingFaults.label) }
        var cells = [BinCounts](repeating: BinCounts(), count: 4)
        for row in labels.indices {
            let cell = (scores[row] >= cutoff ? 0 : 2) + (existing[row] >= existingCutoff ? 0 : 1)
            cells[cell] = cells[cell] + BinCounts(goods: labels[row] == 0 ? 1 : 0, bads: labels[row] == 1 ? 1 : 0)
        }
        (approvedByBoth, swappedIn, swappedOut, rejectedByBoth) = (cells[0], cells[1], cells[2], cells[3])
    }

    /// Whether every cell holds what a bin must hold before it is shown; a cell without rows is none.
    ///
    /// - Throws: `ModelingFaults.binGuard` that names no counts.
    public func check(guard least: DisclosureGuard = .required) throws(Fault) {
        let cells = [approvedByBoth, swappedIn, swappedOut, rejectedByBoth]
        let rows = cells.total.rows
        guard cells.allSatisfy({ least.allows($0, of: rows) }) else {
            throw least.refusal("a part of the swap set has too few rows", column: "swap set")
        }
    }

    /// The existing score's cut-off that approves at least as many rows as the new score's does, and as few more as it can:
    /// what makes the two comparable.
    ///
    /// - Throws: `ModelingFaults.scorecardReport`.
    public static func equalCutoff(scores: [Double], cutoff: Double, existing: [Double]) throws(Fault) -> Double {
        guard !scores.isEmpty, scores.count == existing.count,
            (scores + existing + [cutoff]).allSatisfy(\.isFinite)
        else {
            throw Fault(ModelingFaults.scorecardReport)
        }
        let approved = scores.count { $0 >= cutoff }
        let descending = existing.sorted(by: >)
        return approved == 0 ? descending[0].nextUp : descending[approved - 1]
    }
}
