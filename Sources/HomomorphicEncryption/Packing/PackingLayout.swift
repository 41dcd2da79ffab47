public import Faults

/// How per-row numbers and their sums lie in a plaintext.
///
/// A row is the integer g·2^wh + h; a sum over rows is an integer of the same form, G·2^wh + H, and lies in
/// [−2^(w−1), 2^(w−1)) with w = wg + wh. `slots` such sums fit into one plaintext, w bits each. Widths are exact:
/// wg = bitlen(rows·a) + 1 in two's complement, wh = bitlen(rows·b).
public struct PackingLayout: Sendable, Equatable {
    /// The most rows that a sum may have.
    public let rows: Int
    /// a: the largest |gradient| of a row.
    public let gradientBound: UInt64
    /// b: the largest second derivative of a row; nil when none is sent.
    public let hessianBound: UInt64?
    /// wg, sign included.
    public let gradientBits: Int
    /// wh; 0 when no second derivative is sent.
    public let hessianBits: Int
    /// How many sums one plaintext holds, at least 1.
    public let slots: Int

    /// w, the bits of one slot.
    public var slotBits: Int { gradientBits + hessianBits }

    /// Sums of more than 53 bits are not exact in a Double.
    public static let fieldLimit = 53

    /// - Parameters:
    ///   - rows: rows that will be sent, at least 1.
    ///   - gradientBound: a, at least 1.
    ///   - hessianBound: b, at least 1, or nil when none is sent.
    ///   - plaintextBits: capacity of the scheme: `AdditivePublicKey.plaintextBits`.
    /// - Throws: `packing-bounds` for rows or bounds below 1; `packing-field-too-wide` when a field needs more than 53
    ///   bits; `packing-no-slot` when not even one slot fits.
    public init(rows: Int, gradientBound: UInt64, hessianBound: UInt64?, plaintextBits: Int) throws(Fault) {
        guard rows >= 1, gradientBound >= 1, hessianBound != 0 else {
            throw Fault(EncryptionFaults.packingBounds)
        }
        let gradientBits = try Self.bits(rows, gradientBound, field: "gradient") + 1
        let hessianBits = try hessianBound.map { bound throws(Fault) in
            try Self.bits(rows, bound, field: "second derivative")
        }
        guard gradientBits <= Self.fieldLimit else { throw Self.tooWide("gradient") }
        self.rows = rows
        self.gradientBound = gradientBound
        self.hessianBound = hessianBound
        self.gradientBits = gradientBits
        self.hessianBits = hessianBits ?? 0
        let slotBits = self.gradientBits + self.hessianBits
        self.slots = plaintextBits / slotBits
        guard slots >= 1 else {
            throw Fault(EncryptionFaults.packingNoSlot, wanted: "a key with at least \(slotBits) plaintext bits")
        }
    }

    /// The layout of an objective's rows.
    ///
    /// - Parameter fractionBits: f in [2, 40]; 16 by default.
    public init(
        _ objective: Objective, fractionBits: Int = 16, rows: Int, plaintextBits: Int
    ) throws(Fault) {
        guard (2...40).contains(fractionBits) else {
            throw Fault(EncryptionFaults.packingBounds, at: "fractionBits", wanted: "2 to 40 fractional bits")
        }
        try self.init(
            rows: rows,
            gradientBound: objective.gradientBound(fractionBits: fractionBits),
            hessianBound: objective.hessianBound(fractionBits: fractionBits),
            plaintextBits: plaintextBits
        )
    }

    /// How many plaintexts `cells` sums take.
    public func plaintexts(forCells cells: Int) -> Int {
        (cells + slots - 1) / slots
    }

    /// Σ 2^(w−1+wk) over `used` slots, `width` little-endian words: what makes every slot non-negative. It is added
    /// once per packed plaintext.
    func offset(used: Int, width: Int) -> [UInt64] {
        precondition(used <= slots && slotBits * used <= 64 * width)
        var words = [UInt64](repeating: 0, count: width)
        for slot in 0..<used {
            let bit = slotBits - 1 + slotBits * slot
            words[bit / 64] |= 1 << UInt64(bit % 64)
        }
        return words
    }

    /// bitlen(rows·bound), at most 53.
    private static func bits(_ rows: Int, _ bound: UInt64, field: String) throws(Fault) -> Int {
        let (product, overflow) = UInt64(rows).multipliedReportingOverflow(by: bound)
        let bits = 64 - product.leadingZeroBitCount
        guard !overflow, bits <= fieldLimit else { throw tooWide(field) }
        return bits
    }

    private static func tooWide(_ field: String) -> Fault {
        Fault(
            EncryptionFaults.packingFieldTooWide,
            "The sum of the field \(field) over all rows needs more than \(fieldLimit) bits.",
            at: field, wanted: "fewer rows or fewer fractional bits"
        )
    }
}
