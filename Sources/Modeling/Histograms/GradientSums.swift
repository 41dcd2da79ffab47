/// Exact sums of gradients over some rows, and how many rows they are.
public struct GradientSums: Hashable, Sendable {
    public var first: Int64
    public var second: Int64
    public var rows: Int64

    public init(first: Int64 = 0, second: Int64 = 0, rows: Int64 = 0) {
        self.first = first
        self.second = second
        self.rows = rows
    }

    public static let zero = GradientSums()

    public static func + (left: GradientSums, right: GradientSums) -> GradientSums {
        GradientSums(
            first: left.first + right.first, second: left.second + right.second, rows: left.rows + right.rows)
    }

    public static func - (left: GradientSums, right: GradientSums) -> GradientSums {
        GradientSums(
            first: left.first - right.first, second: left.second - right.second, rows: left.rows - right.rows)
    }
}

/// The rows of a node in ascending order, with their gradients beside them.
public struct NodeRows: Sendable {
    public let rows: [Int32]
    let first: [Int32]
    let second: [Int32]
    public let sums: GradientSums

    public init(_ rows: [Int32], of gradients: Gradients) {
        self.rows = rows
        first = rows.map { gradients.first[Int($0)] }
        second = rows.map { gradients.second[Int($0)] }
        sums = GradientSums(
            first: first.reduce(0) { $0 + Int64($1) }, second: second.reduce(0) { $0 + Int64($1) },
            rows: Int64(rows.count))
    }

    public var count: Int { rows.count }

    /// The largest and the smallest sum of first derivatives that any of the rows can have together.
    public var firstBounds: ClosedRange<Int64> {
        first.reduce(0) { $0 + Int64(min($1, 0)) }...first.reduce(0) { $0 + Int64(max($1, 0)) }
    }
}
