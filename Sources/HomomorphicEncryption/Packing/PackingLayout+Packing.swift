public import Faults

extension PackingLayout {
    /// Packs sums under encryption, `slots` to a ciphertext, lowest slot first: Σ_k (S_k + 2^(w−1))·2^(wk), by Horner's
    /// rule and with the offset added once.
    ///
    /// Cost per sum: w doublings and one addition.
    ///
    /// - Parameters:
    ///   - sums: sums of rows of this layout, in working form.
    ///   - order: which of them, in the order in which they are to be unpacked. The caller permutes.
    /// - Returns: `plaintexts(forCells: order.count)` ciphertexts in working form; they are sealed before they leave.
    /// - Throws: `packing-no-slot` when the key holds less than the layout needs.
    public func pack<Key: AdditivePublicKey>(
        _ key: Key, _ sums: Key.Ciphertexts, order: [Int32]
    ) throws(Fault) -> Key.Ciphertexts {
        guard slots * slotBits <= key.plaintextBits else { throw Fault(EncryptionFaults.packingNoSlot) }
        let count = plaintexts(forCells: order.count)
        guard count > 0 else { return key.neutral(0) }
        let last = order.count - (count - 1) * slots
        let parts = key.workers.mapRanges(count, most: count, multipleOf: Key.lanes) { range in
            self.horner(key, sums, order, range, last: range.upperBound == count ? last : slots)
        }
        var packed = key.neutral(count)
        var next: Int32 = 0
        for part in parts {
            let places = (0..<Int32(key.count(part))).map { $0 }
            key.copy(part, places, into: &packed, places.map { $0 + next })
            next += Int32(places.count)
        }
        var offsets = PlaintextBatch(count: count, width: key.plaintextBits / 64 + 1)
        for index in 0..<count {
            let words = offset(used: index == count - 1 ? last : slots, width: offsets.width)
            offsets.words.replaceSubrange((index * offsets.width)..<((index + 1) * offsets.width), with: words)
        }
        try key.add(offsets, into: &packed)
        return packed
    }

    /// Packed ciphertexts `range`, without the offset, from the highest slot down. The last of them has `last` slots
    /// filled and starts later, at its own highest.
    private func horner<Key: AdditivePublicKey>(
        _ key: Key, _ sums: Key.Ciphertexts, _ order: [Int32], _ range: Range<Int>, last: Int
    ) -> Key.Ciphertexts {
        let targets = (0..<Int32(range.count)).map { $0 }
        var packed = key.neutral(range.count)
        for slot in stride(from: slots - 1, through: 0, by: -1) {
            if slot < slots - 1 { key.shift(&packed, by: slotBits) }
            let present = slot < last ? targets : Array(targets.dropLast())
            key.add(sums, present.map { order[(range.lowerBound + Int($0)) * slots + slot] }, into: &packed, present)
        }
        return packed
    }
}
