public import Faults

extension BinEdges {
    /// Edges that give each bin about equally many of the values, by whole numbers alone.
    ///
    /// Where they lie is the rule of `QuantileCuts`. An edge is the middle between two neighbouring values, rounded to
    /// `Float` and then never at most the lower one, so that a model shows no single row's value where rounding leaves room.
    ///
    /// - Parameters:
    ///   - values: NaN is missing and counts for nothing.
    ///   - bins: 2 ... 255.
    ///   - leastRows: no bin has fewer of the values than this, unless all values together do.
    /// - Throws: `ModelingFaults.edges` for a number of bins outside of the range, `ModelingFaults.value` for a value that
    ///   is infinite as a `Float`.
    public static func quantiles(of values: [Double], bins: Int = 32, leastRows: Int = 1) throws(Fault) -> BinEdges {
        try checkBins(bins, leastRows)
        var present: [Float] = []
        present.reserveCapacity(values.count)
        for value in values where !value.isNaN {
            let single = Float(value)
            guard single.isFinite else { throw Fault(ModelingFaults.value) }
            present.append(single)
        }
        present.sort()
        return try quantiles(of: runs(of: present), bins: bins, leastRows: leastRows, edge: middle)
    }

    /// A value, or a cell of values by its lowest, and how many rows have it.
    struct Run {
        let value: Float
        var rows: Int
    }

    /// - Parameters:
    ///   - runs: ascending by value.
    ///   - edge: where between two neighbouring runs the edge is.
    static func quantiles(
        of runs: [Run], bins: Int, leastRows: Int, edge: (Float, Float) -> Float
    ) throws(Fault) -> BinEdges {
        try checkBins(bins, leastRows)
        return try BinEdges(cuts(runs, bins: bins, leastRows: leastRows, edge: edge))
    }

    private static func checkBins(_ bins: Int, _ leastRows: Int) throws(Fault) {
        guard 2...mostBins ~= bins, leastRows >= 1 else {
            throw Fault(ModelingFaults.edges, "\(bins) bins of at least \(leastRows) rows", wanted: "2 ... 255 bins")
        }
    }

    private static func runs(of sorted: [Float]) -> [Run] {
        var runs: [Run] = []
        for value in sorted {
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].rows += 1
            } else {
                runs.append(Run(value: value, rows: 1))
            }
        }
        return runs
    }

    private static func cuts(
        _ runs: [Run], bins: Int, leastRows: Int, edge: (Float, Float) -> Float
    ) -> [Float] {
        QuantileCuts.ends(of: runs.map(\.rows), bins: bins, leastRows: leastRows)
            .map { edge(runs[$0].value, runs[$0 + 1].value) }
    }

    private static func middle(_ low: Float, _ high: Float) -> Float {
        let middle = Float((Double(low) + Double(high)) / 2)
        return middle > low ? middle : high
    }
}
