public import Faults

extension FinePartition {
    /// How the ordinary fine bins of a column are found; labels play no part in it.
    public enum Method: Hashable, Sendable {
        /// About equally many rows each: `BinEdges.quantiles`.
        case quantiles(bins: Int)
        /// Equally wide bins between the lowest and the highest value; those with too few rows join a neighbour.
        case equalWidth(bins: Int)
        /// These and no others.
        case manual([Float])
    }

    /// Unless said otherwise: 50 bins by quantiles, so that a bin holds about 2 % of the rows.
    public static let usual = Method.quantiles(bins: 50)

    /// The fine bins of a column.
    ///
    /// - Parameters:
    ///   - values: one per row; NaN is missing. Infinite values, or such as `Float` cannot hold, are refused.
    ///   - leastRows: fewest rows of a fine bin, unless the column has fewer values together.
    /// - Throws: `ModelingFaults.value`, `.edges` and, for special values and manual edges that leave too few rows in a
    ///   bin, `.finePartition`.
    public init(
        column: String, values: [Double], specials: [Double] = [], method: Method = usual,
        leastRows: Int = DisclosureGuard.required.fineRows
    ) throws(Fault) {
        let ordinary = values.filter { !$0.isNaN && !specials.contains($0) }
        let edges: BinEdges
        do throws(Fault) {
            switch method {
            case .quantiles(let bins):
                edges = try BinEdges.quantiles(of: ordinary, bins: bins, leastRows: leastRows)
            case .equalWidth(let bins):
                edges = try Self.equalWidth(ordinary, bins: bins, leastRows: leastRows)
            case .manual(let given):
                edges = try BinEdges(given)
                try Self.needRows(Self.rows(ordinary, edges), leastRows)
            }
        } catch {
            throw error.placed(at: column)
        }
        let special = specials.map { special in values.count { $0 == special } }
        try self.init(
            column: column, edges: edges, rows: Self.rows(ordinary, edges), specials: specials, specialRows: special,
            missingRows: values.count { $0.isNaN }, leastRows: leastRows)
    }

    /// Fine bins by the quantiles of a sketch, which several parts of a table can have been added to.
    ///
    /// - Throws: as above.
    public init(
        column: String, sketch: QuantileSketch, bins: Int = 50, leastRows: Int = DisclosureGuard.required.fineRows
    ) throws(Fault) {
        let edges: BinEdges
        do throws(Fault) { edges = try sketch.edges(bins: bins, leastRows: leastRows) } catch {
            throw error.placed(at: column)
        }
        try self.init(
            column: column, edges: edges, rows: sketch.rows(edges), specials: sketch.specials,
            specialRows: sketch.specialRows, missingRows: sketch.missingRows, leastRows: leastRows)
    }

    /// Decides by rows alone which special and missing values have a bin of their own.
    private init(
        column: String, edges: BinEdges, rows: [Int], specials: [Double], specialRows: [Int], missingRows: Int,
        leastRows: Int
    ) throws(Fault) {
        var missingRows = missingRows
        var next = edges.bins
        var own: [Int?] = []
        for rows in specialRows {
            if 1..<max(leastRows, 1) ~= rows {
                missingRows += rows
                own.append(nil)
            } else {
                own.append(next)
                next += 1
            }
        }
        let fullest = rows.indices.max { (rows[$0], $1) < (rows[$1], $0) } ?? 0
        let isSmall = 1..<max(leastRows, 1) ~= missingRows && rows.contains { $0 > 0 }
        let missingBin = isSmall ? fullest : next
        try self.init(
            column: column, edges: edges, specials: specials, specialBins: own.map { $0 ?? missingBin },
            missingBin: missingBin)
    }

    private static func rows(_ values: [Double], _ edges: BinEdges) -> [Int] {
        var rows = [Int](repeating: 0, count: edges.bins)
        for value in values { rows[Int(edges.code(value))] += 1 }
        return rows
    }

    private static func needRows(_ rows: [Int], _ leastRows: Int) throws(Fault) {
        guard rows.count > 1, let bin = rows.firstIndex(where: { $0 < leastRows }) else { return }
        throw Fault(
            ModelingFaults.finePartition, "fine bin \(bin) of \(rows.count) has \(rows[bin]) rows",
            wanted: "at least \(leastRows) rows in every fine bin")
    }

    /// Going up, an edge that would leave fewer than `leastRows` below or above it is left out.
    private static func equalWidth(_ values: [Double], bins: Int, leastRows: Int) throws(Fault) -> BinEdges {
        guard 2...BinEdges.mostBins ~= bins, leastRows >= 1 else {
            throw Fault(ModelingFaults.edges, "\(bins) bins of at least \(leastRows) rows", wanted: "2 ... 255 bins")
        }
        guard values.allSatisfy({ Float($0).isFinite }) else { throw Fault(ModelingFaults.value) }
        guard let low = values.min(), let high = values.max(), low < high else { return try BinEdges([]) }
        var edges: [Float] = []
        for step in 1..<bins {
            // The two parts are added apart from each other, so that the difference cannot overflow `Float`.
            let share = Double(step) / Double(bins)
            let edge = Float(low * (1 - share) + high * share)
            if edge > edges.last ?? Float(low) { edges.append(edge) }
        }
        let rows = rows(values, try BinEdges(edges))
        var kept: [Float] = []
        var left = values.count
        var inBin = 0
        for (edge, below) in zip(edges, rows) {
            inBin += below
            guard inBin >= leastRows, left - inBin >= leastRows else { continue }
            kept.append(edge)
            left -= inBin
            inBin = 0
        }
        return try BinEdges(kept)
    }
}
