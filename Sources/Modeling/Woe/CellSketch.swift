public import Faults

/// Counts of a column's values by cells of equal relative width, from which quantiles follow. Sketches of parts of a table
/// add up to exactly the sketch of the whole, in any order.
///
/// A value is rounded to `Float` and its significand cut to `bits` bits: cell borders are `Float` values themselves, ranks
/// at borders are exact, and a border is off from the wanted quantile by at most 2^-bits of its size. The idea of relative
/// cells is that of Masson, Rim and Lee, "DDSketch" (2019). With 23 bits the quantiles are exact. There are at most as many
/// cells as distinct values.
public struct CellSketch: Hashable, Sendable {
    /// Bits of the significand that are kept, 4 ... 23.
    public let bits: Int
    /// Ascending; counted apart from the others.
    public let specials: [Double]
    public private(set) var specialRows: [Int]
    public private(set) var missingRows = 0
    /// Rows by cell; a cell's number ascends with its values.
    private(set) var cells: [Int32: Int] = [:]

    /// - Throws: `ModelingFaults.finePartition` for bits out of range.
    public init(bits: Int = 12, specials: [Double] = []) throws(Fault) {
        guard 4...23 ~= bits else {
            throw Fault(ModelingFaults.finePartition, "\(bits) bits of a sketch", wanted: "4 ... 23")
        }
        self.bits = bits
        self.specials = specials
        specialRows = specials.map { _ in 0 }
    }

    /// - Parameter value: NaN is missing.
    /// - Throws: `ModelingFaults.value` when it is infinite as a `Float`.
    public mutating func add(_ value: Double) throws(Fault) {
        if value.isNaN {
            missingRows += 1
        } else if let special = specials.firstIndex(of: value) {
            specialRows[special] += 1
        } else {
            guard Float(value).isFinite else { throw Fault(ModelingFaults.value) }
            cells[cell(Float(value)), default: 0] += 1
        }
    }

    /// - Throws: `ModelingFaults.finePartition` when the other has other bits or special values.
    public mutating func merge(_ other: CellSketch) throws(Fault) {
        guard other.bits == bits, other.specials == specials else {
            throw Fault(ModelingFaults.finePartition, "sketches of different kinds do not add up")
        }
        missingRows += other.missingRows
        for place in specials.indices { specialRows[place] += other.specialRows[place] }
        cells.merge(other.cells, uniquingKeysWith: +)
    }

    /// Rows with an ordinary value.
    public var rows: Int { cells.values.reduce(0, +) }

    /// Edges by quantiles, on cells' borders.
    ///
    /// - Throws: `ModelingFaults.edges` as `BinEdges.quantiles`.
    public func edges(bins: Int, leastRows: Int = 1) throws(Fault) -> BinEdges {
        let runs = cells.sorted { $0.key < $1.key }.map { BinEdges.Run(value: lowest($0.key), rows: $0.value) }
        return try BinEdges.quantiles(of: runs, bins: bins, leastRows: leastRows) { _, next in next }
    }

    /// Rows by bin of edges that this sketch gave.
    func rows(_ edges: BinEdges) -> [Int] {
        var rows = [Int](repeating: 0, count: edges.bins)
        for (cell, count) in cells { rows[Int(edges.code(Double(lowest(cell))))] += count }
        return rows
    }

    /// The bit pattern without its last bits, turned so that it ascends with the value: non-negative values as they are,
    /// negative ones counted down, cut towards minus infinity.
    private func cell(_ value: Float) -> Int32 {
        let pattern = Int32(bitPattern: (value == 0 ? 0 : value).bitPattern)
        let ascending = pattern >= 0 ? pattern : (pattern & .max) == 0 ? 0 : -(pattern & .max)
        return ascending >> Int32(23 - bits)
    }

    private func lowest(_ cell: Int32) -> Float {
        let ascending = cell << Int32(23 - bits)
        // Only the lowest cell can begin below the most negative finite number.
        let finite = max(ascending, -Int32(bitPattern: Float.greatestFiniteMagnitude.bitPattern))
        let pattern = finite >= 0 ? finite : (-finite | .min)
        return Float(bitPattern: UInt32(bitPattern: pattern))
    }
}
