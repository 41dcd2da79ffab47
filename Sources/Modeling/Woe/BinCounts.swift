/// How many rows of each class a bin holds. Label 1 is the event, a bad account; label 0 is a good one.
public struct BinCounts: Hashable, Sendable {
    /// 0 or more each.
    public var goods: Int
    public var bads: Int

    public init(goods: Int = 0, bads: Int = 0) {
        self.goods = goods
        self.bads = bads
    }

    public var rows: Int { goods + bads }

    /// Share of bad rows; nil without rows.
    public var badRate: Double? { rows > 0 ? Double(bads) / Double(rows) : nil }

    public static func + (left: BinCounts, right: BinCounts) -> BinCounts {
        BinCounts(goods: left.goods + right.goods, bads: left.bads + right.bads)
    }

    /// Whether the bad rate is below the other's, in whole numbers; no rate is below nor above any.
    func isRateBelow(_ other: BinCounts) -> Bool { bads * other.rows < other.bads * rows }
}

extension Sequence<BinCounts> {
    public var total: BinCounts { reduce(BinCounts(), +) }
}
