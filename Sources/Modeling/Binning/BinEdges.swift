public import Faults

/// Where a column's bins begin: a value belongs to bin k when exactly k edges are at most Float(value), so that the split
/// "Float(value) < edge" separates whole bins.
public struct BinEdges: Hashable, Sendable {
    /// Most bins of a column, missing values not counted.
    public static let mostBins = 255
    /// Finite and strictly ascending, at most 254.
    public let values: [Float]

    /// - Throws: `ModelingFaults.edges` unless the values are finite, strictly ascending and at most 254.
    public init(_ values: [Float]) throws(Fault) {
        let isAscending = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
        guard values.count < Self.mostBins, values.allSatisfy(\.isFinite), isAscending else {
            throw Fault(ModelingFaults.edges, "\(values.count) edges that are not finite and strictly ascending")
        }
        self.values = values
    }

    /// How many bins there are, at least 1.
    public var bins: Int { values.count + 1 }

    /// The code of a missing value: one behind the last bin.
    public var missingCode: UInt8 { UInt8(bins) }

    /// The bin of a value; NaN is missing. Infinities are in the last or the first bin.
    public func code(_ value: Double) -> UInt8 {
        if value.isNaN { return missingCode }
        let value = Float(value)
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if value < values[middle] { high = middle } else { low = middle + 1 }
        }
        return UInt8(low)
    }
}
