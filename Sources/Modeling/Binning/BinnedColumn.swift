public import Faults

/// A column of one party as codes of its bins.
public struct BinnedColumn: Hashable, Sendable {
    public let name: String
    public let edges: BinEdges
    /// A bin per row, or `edges.missingCode`.
    public let codes: [UInt8]

    /// - Parameter values: NaN is missing.
    public init(name: String, values: [Double], edges: BinEdges) {
        self.name = name
        self.edges = edges
        codes = values.map(edges.code)
    }

    /// - Throws: `ModelingFaults.columns` when a code is beyond that of missing values.
    public init(name: String, codes: [UInt8], edges: BinEdges) throws(Fault) {
        guard codes.allSatisfy({ $0 <= edges.missingCode }) else {
            throw Fault(ModelingFaults.columns, "a code is beyond the bins of its column", at: name)
        }
        self.name = name
        self.edges = edges
        self.codes = codes
    }

    /// Rows per bin, then those without a value: what `CellPartition.coarsened` goes by where sums are encrypted.
    public func counts(of rows: [Int32]) -> [Int] {
        var counts = [Int](repeating: 0, count: edges.bins + 1)
        for row in rows { counts[Int(codes[Int(row)])] += 1 }
        return counts
    }
}

/// The columns of one party: the guest's or one host's.
public struct PartyColumns: Hashable, Sendable {
    public let columns: [BinnedColumn]

    /// - Throws: `ModelingFaults.columns` for names that are empty or repeated, or columns of different lengths.
    public init(_ columns: [BinnedColumn]) throws(Fault) {
        var names: Set<String> = []
        for column in columns {
            guard !column.name.isEmpty, names.insert(column.name).inserted else {
                throw Fault(ModelingFaults.columns, "a column's name is empty or repeated", at: column.name)
            }
            guard column.codes.count == columns[0].codes.count else {
                throw Fault(ModelingFaults.columns, "the columns have different numbers of rows", at: column.name)
            }
        }
        self.columns = columns
    }

    /// Bins every column by its own quantiles.
    ///
    /// - Throws: what `BinEdges.quantiles` and `init(_:)` throw.
    public init(binning columns: [(name: String, values: [Double])], bins: Int = 32, leastRows: Int = 1) throws(Fault) {
        var binned: [BinnedColumn] = []
        for column in columns {
            let edges: BinEdges
            do throws(Fault) {
                edges = try BinEdges.quantiles(of: column.values, bins: bins, leastRows: leastRows)
            } catch {
                throw error.placed(at: column.name)
            }
            binned.append(BinnedColumn(name: column.name, values: column.values, edges: edges))
        }
        try self.init(binned)
    }

    /// How many rows there are; nil without columns.
    public var rows: Int? { columns.first?.codes.count }
}
