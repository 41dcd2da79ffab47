import Modeling

/// How much values tell of the rows that have them.
enum ValueEntropy {
    /// Shannon's entropy of the values' frequencies, in bits per row: what whoever sees them can tell rows apart by. 0 for none.
    static func bits(_ values: [some Hashable]) -> Double {
        var counts: [AnyHashable: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        let rows = Double(values.count)
        // Sorted, so that the sum is the same each time.
        return counts.values.sorted().reduce(0) { sum, count in
            sum + Double(count) / rows * Elementary.log(rows / Double(count)) / Elementary.log(2)
        }
    }
}
