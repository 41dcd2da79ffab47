public import Faults

/// What every bin must hold before its bad rate, weight of evidence or count is shown to anybody: a share of the rows and
/// rows of both classes. Bins without any rows show nothing and are not held to it. Smoothing is no substitute.
public struct DisclosureGuard: Hashable, Sendable {
    /// Rows of a bin, at least this many of a hundred rows of the column.
    public let percent: Int
    public let bads: Int
    public let goods: Int
    /// Fewest rows of a fine bin.
    public let fineRows: Int
    /// Most divisions of one column over all jobs.
    public let partitions: Int

    /// 5 % of the rows, 20 bads, 20 goods; fine bins of 200 rows; 10 divisions.
    public static let required = DisclosureGuard(
        unchecked: 5, bads: 20, goods: 20, fineRows: 200, partitions: 10)

    /// - Throws: `ModelingFaults.binGuard` for anything weaker than `required`, or a share above 50 %.
    public init(percent: Int = 5, bads: Int = 20, goods: Int = 20, fineRows: Int = 200, partitions: Int = 10)
        throws(Fault)
    {
        let least = Self.required
        guard least.percent...50 ~= percent, bads >= least.bads, goods >= least.goods, fineRows >= least.fineRows,
            0...least.partitions ~= partitions
        else {
            throw Fault(
                ModelingFaults.binGuard, "a guard below the least one",
                wanted:
                    "5 ... 50 % of the rows, 20 or more bads and goods, fine bins of 200 or more rows, 10 or fewer divisions"
            )
        }
        self.init(unchecked: percent, bads: bads, goods: goods, fineRows: fineRows, partitions: partitions)
    }

    /// Any guard, for tests.
    init(unchecked percent: Int, bads: Int, goods: Int, fineRows: Int = 1, partitions: Int = 10) {
        self.percent = percent
        self.bads = bads
        self.goods = goods
        self.fineRows = fineRows
        self.partitions = partitions
    }

    /// Whether a bin may be shown, of a column with so many rows.
    public func allows(_ bin: BinCounts, of rows: Int) -> Bool {
        bin.rows == 0 || (bin.rows * 100 >= percent * rows && bin.bads >= bads && bin.goods >= goods)
    }

    /// - Parameter counts: per bin.
    /// - Throws: `ModelingFaults.binGuard` that names the first bin with too little. It says what is short but not by how
    ///   much: the counts of small bins are what is protected.
    public func check(_ counts: [BinCounts], column: String) throws(Fault) {
        let rows = counts.total.rows
        guard let bin = counts.firstIndex(where: { !allows($0, of: rows) }) else { return }
        throw refusal("bin \(bin) of \(counts.count) has \(shortage(counts[bin], of: rows))", column: column)
    }

    /// Whether every fine bin has no rows or enough of them.
    ///
    /// - Throws: `ModelingFaults.finePartition` that names the first bin with too few, and not how many.
    func checkFine(_ counts: FineCounts) throws(Fault) {
        guard let bin = counts.all.firstIndex(where: { $0.rows > 0 && $0.rows < fineRows }) else { return }
        throw Fault(
            ModelingFaults.finePartition, "fine bin \(bin) of \(counts.bins) has too few rows", at: counts.column,
            wanted: "at least \(fineRows) rows in every fine bin")
    }

    /// A fault with what every bin must hold.
    public func refusal(
        _ what: String, _ entry: FaultEntry = ModelingFaults.binGuard, column: String
    ) -> Fault {
        Fault(
            entry, what, at: column,
            wanted: "at least \(percent) % of the rows, \(bads) bads and \(goods) goods in every bin")
    }

    private func shortage(_ bin: BinCounts, of rows: Int) -> String {
        var short: [String] = []
        if bin.rows * 100 < percent * rows { short.append("rows") }
        if bin.bads < bads { short.append("bads") }
        if bin.goods < goods { short.append("goods") }
        return "too few \(short.joined(separator: " and "))"
    }
}
