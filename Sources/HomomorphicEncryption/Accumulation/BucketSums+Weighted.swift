extension BucketSums {
    /// Of each column of a node, the sum over its buckets of a weight times the bucket's sum.
    ///
    /// The bucket that was left out has what all rows together have less the others: its weight is taken off the others' and
    /// given to the sum of all rows.
    ///
    /// Cost: a product by a number of its length for each bucket, and two additions.
    ///
    /// - Parameters:
    ///   - weights: by column and bucket; of the columns that are wanted, the plan's first.
    ///   - all: the column of the plan whose bucket 0 holds every row, and whose bucket 1, which holds none, was left out.
    /// - Returns: one ciphertext a column, in working form.
    public func weighted(_ key: Key, node: Int, weights: [[Int64]], all: Int) -> Key.Ciphertexts {
        var places: [Int32] = []
        var factors: [Int64] = []
        var columnOf: [Int32] = []
        guard let whole = place(node: node, column: all, bucket: 0) else { return key.neutral(weights.count) }
        for (column, own) in weights.enumerated() {
            let skipped = plan.skipped(node: node, column: column)
            for (bucket, weight) in own.enumerated() {
                guard let place = place(node: node, column: column, bucket: bucket), place > 0 else { continue }
                places.append(place)
                factors.append(weight - own[skipped])
                columnOf.append(Int32(column))
            }
            places.append(whole)
            factors.append(own[skipped])
            columnOf.append(Int32(column))
        }
        var products = key.gather(ciphertexts, places)
        key.multiply(&products, by: factors)
        let segments = Segments(
            rows: places.indices.map { Int32($0) }, cellOf: columnOf, cells: weights.count)
        var sums = key.neutral(weights.count + Segments.spillLimit)
        key.accumulate(products, cells: segments, into: &sums)
        return key.gather(sums, weights.indices.map { Int32($0) })
    }
}
