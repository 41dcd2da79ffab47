/// How the bins of a host's column are put together into cells before sums of them are told: a cell is a run of
/// neighbouring bins. Only counts decide, so whoever has the counts finds the same.
public struct CellPartition: Hashable, Sendable {
    /// The first bin of each cell, ascending, beginning with 0.
    public let starts: [Int]
    /// Whether missing values are part of the first cell: they then always go left.
    public let missingJoined: Bool

    public init(starts: [Int], missingJoined: Bool) {
        self.starts = starts
        self.missingJoined = missingJoined
    }

    /// Every bin by itself.
    public static func whole(bins: Int) -> CellPartition {
        CellPartition(starts: Array(0..<bins), missingJoined: false)
    }

    /// The places where a split may be: codes below go left. Ascending.
    public var thresholds: ArraySlice<Int> { starts.dropFirst() }

    /// A coarsening in which every cell of both children of a pair has no rows or at least `least` of them.
    ///
    /// Missing values that are too few for a cell of their own, in either child, join the first cell. Then cells are put
    /// together going up, each until it is large enough; what remains too small at the end joins the cells before it.
    ///
    /// - Parameters:
    ///   - counts: rows per bin of one child, then those without a value.
    ///   - sibling: the same of the other child; nil at a tree's root.
    public func coarsened(counts: [Int], sibling: [Int]?, least: Int) -> CellPartition {
        let bins = counts.count - 1
        func isFine(_ cell: (Int, Int)) -> Bool {
            (cell.0 == 0 || cell.0 >= least) && (cell.1 == 0 || cell.1 >= least)
        }
        let missing = (counts[bins], sibling?[bins] ?? 0)
        let joined = missingJoined || !isFine(missing)
        var made: [(start: Int, rows: (Int, Int))] = []
        var open: (start: Int, rows: (Int, Int))?
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1] : bins
            var cell = open ?? (start, place == 0 && joined ? missing : (0, 0))
            for bin in start..<end {
                cell.rows.0 += counts[bin]
                cell.rows.1 += sibling?[bin] ?? 0
            }
            if isFine(cell.rows) {
                made.append(cell)
                open = nil
            } else {
                open = cell
            }
        }
        // The last cell may still be too small.
        while var rest = open {
            guard let before = made.popLast() else {
                made.append(rest)
                break
            }
            rest = (before.start, (before.rows.0 + rest.rows.0, before.rows.1 + rest.rows.1))
            if isFine(rest.rows) {
                made.append(rest)
                open = nil
            } else {
                open = rest
            }
        }
        return CellPartition(starts: made.map(\.start), missingJoined: joined)
    }
}
