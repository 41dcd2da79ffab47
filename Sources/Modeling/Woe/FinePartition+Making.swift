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
    ///   - least: says how many rows a fine bin has at least, missing values that joined it counted.
    /// - Throws: `ModelingFaults.value`, `.edges` and, for special values, manual edges that leave too few rows in a bin and
    ///   columns with too few rows for one bin, `.finePartition`.
    public init(
        column: String, values: [Double], specials: [Double] = [], method: Method = usual,
        guard least: DisclosureGuard = .required
    ) throws(Fault) {
        let leastRows = least.fineRows
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
                guard ordinary.allSatisfy({ Float($0).isFinite }) else { throw Fault(ModelingFaults.value) }
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
        column: String, sketch: CellSketch, bins: Int = 50, guard least: DisclosureGuard = .required
    ) throws(Fault) {
        let leastRows = least.fineRows
        let edges: BinEdges
        do throws(Fault) { edges = try sketch.edges(bins: bins, leastRows: leastRows) } catch {
            throw error.placed(at: column)
        }
        try self.init(
            column: column, edges: edges, rows: sketch.rows(edges), specials: sketch.specials,
            specialRows: sketch.specialRows, missingRows: sketch.missingRows, leastRows: leastRows)
    }

    /// Decides by rows alone which special and missing values have a bin of their own, so that every bin has no rows or at
    /// least so many.
    private init(
        column: String, edges: BinEdges, rows: [Int], specials: [Double], specialRows: [Int], missingRows: Int,
        leastRows: Int
    ) throws(Fault) {
        guard specialRows.reduce(missingRows, +) + rows.reduce(0, +) >= max(leastRows, 1) else {
            throw Fault(
                ModelingFaults.finePartition, "the column has too few rows for a fine bin", at: column,
                wanted: "at least \(leastRows) rows")
        }
        func isSmall(_ rows: Int) -> Bool { rows > 0 && rows < leastRows }
        var isApart = specialRows.map { !isSmall($0) }
        var missingRows = missingRows
        for (special, rows) in specialRows.enumerated() where !isApart[special] { missingRows += rows }
        var isMissingApart = !isSmall(missingRows)
        // What is too small joins the fullest ordinary bin. Where ordinary values are too few themselves there is one bin of
        // them alone, and what has enough rows joins it: missing values, or else the fullest special one.
        let fullest = rows.indices.max { (rows[$0], $1) < (rows[$1], $0) } ?? 0
        var joining: Int?
        if isSmall(rows[fullest] + (isMissingApart ? 0 : missingRows)) {
            if isMissingApart, missingRows > 0 {
                isMissingApart = false
            } else {
                joining = specialRows.indices.filter { isApart[$0] }
                    .max { (specialRows[$0], $1) < (specialRows[$1], $0) }
                if let joining { isApart[joining] = false }
            }
        }
        try self.init(
            column: column, edges: edges, specials: specials, isApart: isApart, isMissingApart: isMissingApart,
            joined: fullest, joining: joining)
    }

    /// - Parameters:
    ///   - isApart: by special value, whether it has a bin of its own; else it is with the missing values.
    ///   - joined: the ordinary bin of missing values that have no bin of their own.
    ///   - joining: a special value that is in that bin itself.
    private init(
        column: String, edges: BinEdges, specials: [Double], isApart: [Bool], isMissingApart: Bool, joined: Int,
        joining: Int?
    ) throws(Fault) {
        var next = edges.bins
        let numbered = isApart.map { isApart -> Int? in
            guard isApart else { return nil }
            next += 1
            return next - 1
        }
        let missingBin = isMissingApart ? next : joined
        var bins = numbered.map { $0 ?? missingBin }
        if let joining { bins[joining] = joined }
        try self.init(column: column, edges: edges, specials: specials, specialBins: bins, missingBin: missingBin)
    }

    private static func rows(_ values: [Double], _ edges: BinEdges) -> [Int] {
        var rows = [Int](repeating: 0, count: edges.bins)
        for value in values { rows[Int(edges.code(value))] += 1 }
        return rows
    }

    /// Says which bin but not how many rows it has: that is what is protected.
    private static func needRows(_ rows: [Int], _ leastRows: Int) throws(Fault) {
        guard rows.count > 1, let bin = rows.firstIndex(where: { $0 < leastRows }) else { return }
        throw Fault(
            ModelingFaults.finePartition, "fine bin \(bin) of \(rows.count) has too few rows",
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
