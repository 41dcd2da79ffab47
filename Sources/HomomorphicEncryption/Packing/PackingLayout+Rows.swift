public import Faults

extension PackingLayout {
    /// The plaintexts of rows, g·2^wh + h each, after the range check.
    ///
    /// - Parameters:
    ///   - gradients: one per row, in units of 2^−f.
    ///   - hessians: one per row, or nil when the layout has none.
    /// - Returns: two words per row, and the sums against which replies are checked.
    /// - Throws: `packing-shape`, `packing-range`; `packing-bounds` for more rows than the layout is made for.
    public func plaintexts(
        gradients: [Int64], hessians: [Int64]?
    ) throws(Fault) -> (rows: PlaintextBatch, sums: FieldSums) {
        guard gradients.count <= rows else {
            throw Fault(EncryptionFaults.packingBounds, at: "rows", wanted: "at most \(rows) rows")
        }
        let sums = try FieldSums(gradients: gradients, hessians: hessians)
        try sums.check(self)
        var values = gradients.map { Int128($0) << Int128(hessianBits) }
        if let hessians {
            for index in values.indices { values[index] += Int128(hessians[index]) }
        }
        return (PlaintextBatch(values), sums)
    }

    /// The sums of cells out of decrypted packed plaintexts, each checked against what its rows allow.
    ///
    /// - Parameters:
    ///   - packed: `plaintexts(forCells: cells)` values, the offset still in them.
    ///   - cells: how many sums are packed; the last plaintext may hold fewer than `slots`.
    ///   - sums: the range check's sums over the rows that may be in any cell (a tree's or a node's).
    /// - Returns: G and H per cell, H empty when the layout has none.
    /// - Throws: `packing-shape` for another number of plaintexts; `packing-reply-range` for a sum outside what any
    ///   subset of the rows can give, or bits above the last slot.
    public func unpack(
        _ packed: PlaintextBatch, cells: Int, within sums: FieldSums
    ) throws(Fault) -> (gradients: [Int64], hessians: [Int64]) {
        guard packed.count == plaintexts(forCells: cells) else { throw Fault(EncryptionFaults.packingShape) }
        var gradients: [Int64] = []
        var hessians: [Int64] = []
        gradients.reserveCapacity(cells)
        if hessianBound != nil { hessians.reserveCapacity(cells) }
        for index in 0..<packed.count {
            let used = min(slots, cells - index * slots)
            guard !packed.isNegative(index), packed.bitLength(index) <= used * slotBits else {
                throw Fault(EncryptionFaults.packingReplyRange)
            }
            for slot in 0..<used {
                let sum =
                    Int128(packed.bits(index, from: slot * slotBits, count: slotBits))
                    - (Int128(1) << Int128(slotBits - 1))
                let gradient = Int64(sum >> Int128(hessianBits))
                let hessian = Int64(sum & ((Int128(1) << Int128(hessianBits)) - 1))
                guard gradient <= Int64(sums.positive), gradient >= -Int64(sums.negative),
                    hessian <= Int64(sums.hessian)
                else { throw Fault(EncryptionFaults.packingReplyRange) }
                gradients.append(gradient)
                if hessianBound != nil { hessians.append(hessian) }
            }
        }
        return (gradients, hessians)
    }
}
