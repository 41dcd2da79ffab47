public import Faults

/// The bucket of every row in one column: the host's own, private data in the clear.
public struct BucketColumn: Sendable {
    /// Stands for a row that is in no bucket.
    public static let none = UInt16.max

    /// How many buckets there are; ids are below it.
    public let buckets: Int
    /// One per row.
    public let ids: [UInt16]

    /// - Throws: `bucket-out-of-range` when an id is neither below `buckets` nor `none`, or `buckets` is not in
    ///   1...65,534.
    public init(buckets: Int, ids: [UInt16]) throws(Fault) {
        guard (1..<Int(Self.none)).contains(buckets) else {
            throw Fault(EncryptionFaults.bucketOutOfRange, wanted: "1 to 65,534 buckets")
        }
        guard ids.allSatisfy({ Int($0) < buckets || $0 == Self.none }) else {
            throw Fault(EncryptionFaults.bucketOutOfRange, wanted: "bucket ids from 0 to \(buckets - 1)")
        }
        self.buckets = buckets
        self.ids = ids
    }
}

/// The node of every row: which rows take part, and in which sum.
public struct RowNodes: Sendable {
    /// Stands for a row that takes no part.
    public static let none = UInt16.max

    public let count: Int
    /// One per row.
    public let ids: [UInt16]

    /// - Throws: `bucket-out-of-range`, as for buckets.
    public init(count: Int, ids: [UInt16]) throws(Fault) {
        let column = try BucketColumn(buckets: count, ids: ids)
        self.count = column.buckets
        self.ids = column.ids
    }

    /// All rows in one node.
    public static func all(rows: Int) -> RowNodes {
        RowNodes(unchecked: 1, ids: [UInt16](repeating: 0, count: rows))
    }

    private init(unchecked count: Int, ids: [UInt16]) {
        self.count = count
        self.ids = ids
    }
}
