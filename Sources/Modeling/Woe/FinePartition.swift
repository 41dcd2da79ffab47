import Faults

/// The fine bins of a column: ordinary bins by value, then one per special value, then that of missing values. Its owner
/// is to keep it. It is fixed at first use, before any label is looked at, and whatever is shown later are unions of its bins.
///
/// Special and missing values with some rows, but fewer than a fine bin needs, have no bin of their own: special values then
/// count as missing, and missing values then belong to the ordinary bin with the most rows. Where ordinary values are fewer
/// than a fine bin needs, missing values belong to their one bin, or else the special value with the most rows does. Those
/// without rows keep an empty bin, so that a value that first turns up later is told apart.
public struct FinePartition: Hashable, Sendable {
    public let column: String
    /// Edges of the ordinary bins.
    public let edges: BinEdges
    /// Finite and ascending; a value that equals one of them (as a `Double`) is in its bin, whatever the edges say.
    public let specials: [Double]
    /// By special value, the fine bin that it is in.
    public let specialBins: [Int]
    /// The fine bin of missing values.
    public let missingBin: Int
    /// How many fine bins there are: ordinary ones first.
    public let bins: Int

    /// Only for bins that were made before, or for tests: nothing here holds how many rows a bin has.
    ///
    /// - Throws: `ModelingFaults.finePartition` for special values that are not finite, ascending and at most 64, or bins
    ///   that are not numbered as above.
    init(
        column: String, edges: BinEdges, specials: [Double] = [], specialBins: [Int]? = nil, missingBin: Int? = nil
    ) throws(Fault) {
        let specialBins = specialBins ?? specials.indices.map { edges.bins + $0 }
        let own = (specialBins + (missingBin.map { [$0] } ?? [])).filter { $0 >= edges.bins }
        let missing = missingBin ?? edges.bins + Set(own).count
        let behind = Set(own + [missing]).filter { $0 >= edges.bins }.sorted()
        let isAscending = zip(specials, specials.dropFirst()).allSatisfy { $0 < $1 }
        guard specials.allSatisfy(\.isFinite), isAscending, specials.count <= Self.mostSpecials,
            specialBins.count == specials.count, (specialBins + [missing]).allSatisfy({ $0 >= 0 }),
            behind == behind.indices.map({ edges.bins + $0 }), !column.isEmpty
        else { throw Fault(ModelingFaults.finePartition, "special values or bins that cannot be used", at: column) }
        self.column = column
        self.edges = edges
        self.specials = specials
        self.specialBins = specialBins
        self.missingBin = missing
        bins = edges.bins + behind.count
    }

    public static let mostSpecials = 64

    /// Bins that are not ordinary: of special and of missing values.
    public var others: Range<Int> { edges.bins..<bins }

    /// The fine bin of a value; NaN is missing.
    public func bin(of value: Double) -> Int {
        if value.isNaN { return missingBin }
        if let special = specials.firstIndex(of: value) { return specialBins[special] }
        return Int(edges.code(value))
    }

    /// SHA-256 of "atoll fine bins 1\n" and everything above: what tells whether a column still has its first fine bins.
    public var digest: ModelDigest {
        var writer = ByteWriter()
        write(to: &writer)
        return ModelDigest(domain: "atoll fine bins 1\n", writer.bytes)
    }

    func write(to writer: inout ByteWriter) {
        writer.put(column)
        writer.put(UInt32(edges.values.count))
        for edge in edges.values { writer.put(edge) }
        writer.put(UInt32(specials.count))
        for special in specials { writer.put(special == 0 ? 0 : special) }
        for bin in specialBins + [missingBin] { writer.put(UInt32(bin)) }
    }
}
