/// The sums of one column's bins over the rows of a node; the cell behind the last bin is that of missing values.
///
/// Whole numbers: the order of rows, how they are shared among threads, and whether a histogram is added up or is what its
/// parent has more than its sibling make no difference.
public struct ColumnHistogram: Hashable, Sendable {
    /// Bins, then missing.
    public let cells: [GradientSums]

    public init(cells: [GradientSums]) {
        self.cells = cells
    }

    public init(_ column: BinnedColumn, over node: NodeRows) {
        var cells = [GradientSums](repeating: .zero, count: column.edges.bins + 1)
        // Codes are at most `missingCode` and rows within the column, by the initialisers of column and training data.
        unsafe cells.withUnsafeMutableBufferPointer { cells in
            unsafe column.codes.withUnsafeBufferPointer { codes in
                unsafe node.rows.withUnsafeBufferPointer { rows in
                    unsafe node.first.withUnsafeBufferPointer { first in
                        unsafe node.second.withUnsafeBufferPointer { second in
                            unsafe Self.add(cells, codes, rows, first, second)
                        }
                    }
                }
            }
        }
        self.cells = cells
    }

    /// What the parent has more than this child: the histogram of the other child.
    public func sibling(in parent: ColumnHistogram) -> ColumnHistogram {
        ColumnHistogram(cells: zip(parent.cells, cells).map { $0 - $1 })
    }

    /// Rows per cell.
    public var counts: [Int] { cells.map { Int($0.rows) } }

    /// How many rows have no value.
    public var missing: GradientSums { cells[cells.count - 1] }

    @inline(__always)
    private static func add(
        _ cells: UnsafeMutableBufferPointer<GradientSums>, _ codes: UnsafeBufferPointer<UInt8>,
        _ rows: UnsafeBufferPointer<Int32>, _ first: UnsafeBufferPointer<Int32>,
        _ second: UnsafeBufferPointer<Int32>
    ) {
        for place in 0..<rows.count {
            let cell = unsafe Int(codes[Int(rows[place])])
            unsafe cells[cell].first &+= Int64(first[place])
            unsafe cells[cell].second &+= Int64(second[place])
            unsafe cells[cell].rows &+= 1
        }
    }
}

/// How histograms of several columns are computed: one after the other, or by threads of the caller. Columns do not touch
/// each other, so the results are the same.
public struct ColumnWork: Sendable {
    let map: @Sendable (_ count: Int, _ body: @Sendable (Int) -> ColumnHistogram) -> [ColumnHistogram]

    /// - Parameter map: calls the body once for every place in `0 ..< count`, in any order and on any thread, and answers
    ///   the results by place.
    public init(
        map: @escaping @Sendable (_ count: Int, _ body: @Sendable (Int) -> ColumnHistogram) -> [ColumnHistogram]
    ) {
        self.map = map
    }

    public static let serial = ColumnWork { count, body in (0..<count).map(body) }
}
