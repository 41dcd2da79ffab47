public import Faults

/// How many bits the sums of gradients of a tree may take, in two's complement for the first derivative and without sign
/// for the second: what a packed ciphertext reserves for them.
public struct FieldWidths: Hashable, Sendable {
    public let first: Int
    public let second: Int

    /// Widest sum that is exact in a `Double`.
    public static let limit = 53

    /// - Parameters:
    ///   - rows: how many rows the tree uses.
    ///   - isWeighted: whether the rows have weights.
    /// - Throws: `ModelingFaults.width` when a sum might take more than 53 bits.
    public init(objective: Objective, rows: Int, bits: Int, isWeighted: Bool) throws(Fault) {
        let largestFirst = UInt64(1) << UInt64(bits)
        let largestSecond: UInt64 =
            switch (objective, isWeighted) {
            case (.binary, _): largestFirst / 4
            case (.squared, true): largestFirst
            case (.squared, false): 1
            }
        first = Self.length(UInt64(rows), largestFirst) + 1
        second = Self.length(UInt64(rows), largestSecond)
        guard first <= Self.limit, second <= Self.limit else {
            throw Fault(
                ModelingFaults.width, "\(rows) rows with \(bits) fraction bits",
                wanted: "sums of at most \(Self.limit) bits")
        }
    }

    /// Checks that no subset of the rows has a sum outside of the widths; true by construction, so a failure is a mistake in
    /// the gradients and must stop the training before anything is encrypted.
    ///
    /// - Throws: `ModelingFaults.width`.
    public func check(_ gradients: Gradients, rows: [Int32]) throws(Fault) {
        var above: Int64 = 0
        var below: Int64 = 0
        var seconds: Int64 = 0
        for row in rows {
            let g = Int64(gradients.first[Int(row)])
            if g > 0 { above += g } else { below -= g }
            seconds += Int64(gradients.second[Int(row)])
        }
        let bound = Int64(1) << Int64(first - 1)
        guard above < bound, below <= bound, seconds < Int64(1) << Int64(second) else {
            throw Fault(ModelingFaults.width)
        }
    }

    private static func length(_ rows: UInt64, _ largest: UInt64) -> Int {
        let (product, overflow) = rows.multipliedReportingOverflow(by: largest)
        return overflow ? 64 : 64 - product.leadingZeroBitCount
    }
}
