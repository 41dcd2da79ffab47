public import Faults

/// Sums that the key's owner opens for somebody else without seeing them: each is masked by a number that only the other
/// knows, 2^40 times larger than any sum, and several are packed into one ciphertext.
///
/// A sum lies in (−2^(v−1), 2^(v−1)); a mask in [2^v, 2^v + 2^(v+40)), so that what is opened is above zero, fits v + 42 bits,
/// and its distribution differs from one of no sum at all by less than 2^−40.
public struct MaskedFields: Sendable, Equatable {
    /// v, sign included.
    public let valueBits: Int
    public let slots: Int

    public var fieldBits: Int { valueBits + 42 }

    /// - Parameters:
    ///   - valueBits: 2 or more.
    ///   - plaintextBits: capacity of the scheme.
    /// - Throws: `packing-field-too-wide` beyond 126 bits; `packing-no-slot`.
    public init(valueBits: Int, plaintextBits: Int) throws(Fault) {
        guard 2...84 ~= valueBits else { throw Fault(EncryptionFaults.packingFieldTooWide, at: "masked sum") }
        self.valueBits = valueBits
        slots = plaintextBits / (valueBits + 42)
        guard slots > 0 else { throw Fault(EncryptionFaults.packingNoSlot) }
    }

    /// How many ciphertexts so many sums take.
    public func ciphertexts(_ sums: Int) -> Int { (sums + slots - 1) / slots }

    /// A mask for each sum.
    public func masks(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Int128] {
        (0..<count).map { _ in
            let bits = UInt128(generator.next()) << 64 | UInt128(generator.next())
            return Int128(1) << Int128(valueBits) + Int128(bits & ((UInt128(1) << UInt128(valueBits + 40)) - 1))
        }
    }

    /// Masks sums and packs them, the lowest field first; they are sealed before they leave.
    ///
    /// - Parameters:
    ///   - sums: one per mask, in working form.
    ///   - masks: of `masks`.
    public func pack<Key: AdditivePublicKey>(
        _ key: Key, _ sums: Key.Ciphertexts, masks: [Int128]
    ) throws(Fault) -> Key.Ciphertexts {
        guard slots * fieldBits <= key.plaintextBits, key.count(sums) == masks.count else {
            throw Fault(EncryptionFaults.packingShape)
        }
        var masked = sums
        try key.add(PlaintextBatch(masks), into: &masked)
        let count = ciphertexts(masks.count)
        var packed = key.neutral(count)
        for slot in stride(from: slots - 1, through: 0, by: -1) {
            if slot < slots - 1 { key.shift(&packed, by: fieldBits) }
            let targets = (0..<Int32(count)).filter { Int($0) * slots + slot < masks.count }
            key.add(masked, targets.map { $0 * Int32(slots) + Int32(slot) }, into: &packed, targets)
        }
        return packed
    }

    /// The masked sums out of decrypted plaintexts.
    ///
    /// - Throws: `packing-shape` for another number of plaintexts; `packing-reply-range` for bits above the last field.
    public func open(_ packed: PlaintextBatch, sums: Int) throws(Fault) -> [UInt128] {
        guard packed.count == ciphertexts(sums) else { throw Fault(EncryptionFaults.packingShape) }
        var found: [UInt128] = []
        for index in 0..<packed.count {
            let used = min(slots, sums - index * slots)
            guard !packed.isNegative(index), packed.bitLength(index) <= used * fieldBits else {
                throw Fault(EncryptionFaults.packingReplyRange)
            }
            for slot in 0..<used { found.append(packed.bits(index, from: slot * fieldBits, count: fieldBits)) }
        }
        return found
    }

    /// A sum, of what its key's owner has opened.
    ///
    /// - Throws: `packing-reply-range` for what no sum gives under that mask.
    public func unmask(_ opened: UInt128, _ mask: Int128) throws(Fault) -> Int128 {
        guard opened >> UInt128(fieldBits) == 0 else { throw Fault(EncryptionFaults.packingReplyRange) }
        let sum = Int128(opened) - mask
        guard sum.magnitude >> UInt128(valueBits - 1) == 0 else { throw Fault(EncryptionFaults.packingReplyRange) }
        return sum
    }
}
