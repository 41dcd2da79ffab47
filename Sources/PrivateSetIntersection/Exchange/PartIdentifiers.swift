import Faults

/// The ids of one party that fall into one part, and the rows they come from.
public struct PartIdentifiers: Sendable {
    let part: Int
    let parts: Int
    let binding: ExchangeBinding
    private(set) var ids = IdentifierTable()
    /// Row of each id, rising.
    private(set) var rows: [UInt32] = []
    /// The hash of each id that both parties know; its place in the common order.
    private(set) var orders: [UInt64] = []

    public init(part: Int, of plan: ExchangePlan, binding: ExchangeBinding) {
        self.part = part
        self.parts = plan.parts
        self.binding = binding
    }

    /// Takes those of a block of ids that belong to the part. Rows rise from call to call.
    public mutating func add(_ block: IdentifierTable, rows: [UInt32]) {
        let hashes = block.hashes(key: binding.orderKey)
        for (place, hash) in hashes.enumerated() {
            // The high word of hash · parts: parts of equal width, in the order of the hash.
            guard parts == 1 || Int(hash.multipliedFullWidth(by: UInt64(parts)).high) == part else { continue }
            ids.append(place, of: block)
            self.rows.append(rows[place])
            orders.append(hash)
        }
    }

    /// Indexes of the different ids, each at its first row, and of `capacity − n` others (`Self.dummy`), in a random
    /// order that only this party knows.
    ///
    /// - Throws: `AlignFaults.tooManyIdentifiers`; `.partUneven` where there are several parts.
    func shuffled(capacity: Int, hashKey: [UInt8], random: inout some RandomNumberGenerator) throws(Fault) -> [UInt32] {
        let hashes = ids.hashes(key: hashKey)
        // By secret hash, then row: equal ids lie together, the first row first.
        var entries = hashes.indices.map { UInt128(hashes[$0]) << 32 | UInt128($0) }
        entries.sort()
        var kept: [UInt128] = []
        kept.reserveCapacity(max(capacity, 0))
        var run = 0
        for entry in entries {
            if kept.isEmpty || kept[kept.count - 1] >> 32 != entry >> 32 { run = kept.count }
            let id = ids[Int(UInt32(truncatingIfNeeded: entry))]
            let isKnown = kept[run...].contains { ids[Int(UInt32(truncatingIfNeeded: $0))] == id }
            if !isKnown { kept.append(entry) }
        }
        guard kept.count <= capacity else {
            throw Fault(parts == 1 ? AlignFaults.tooManyIdentifiers : AlignFaults.partUneven)
        }
        if kept.count < capacity {
            for _ in kept.count..<capacity { kept.append(UInt128(random.next()) << 32 | UInt128(Self.dummy)) }
            kept.sort()
        }
        return kept.map { UInt32(truncatingIfNeeded: $0) }
    }

    static let dummy = UInt32.max

    /// Rows of ids by index, in the order that is common to both parties: by hash, then by the id's bytes.
    func commonOrder(_ indexes: [UInt32]) -> [UInt32] {
        let entries = indexes.sorted { left, right in
            let (left, right) = (Int(left), Int(right))
            guard orders[left] == orders[right] else { return orders[left] < orders[right] }
            return ids[left].lexicographicallyPrecedes(ids[right])
        }
        return entries.map { rows[Int($0)] }
    }

    /// Rows in the common order, of those that `isCommon` says yes to: for what an interrupted run found already.
    public func commonRows(where isCommon: (UInt32) -> Bool) -> [UInt32] {
        commonOrder(rows.indices.filter { isCommon(rows[$0]) }.map { UInt32($0) })
    }
}
