import Faults
import Modeling

/// What a host tells of one column before it is divided: `woe.bins`. Big-endian: `u32` columns, and of each the 32 bytes
/// that its fine bins are known by, `u16` ordinary bins, `u16` others, and `u32` rows of each. A column without ordinary bins
/// is withheld.
struct ToldBins: Sendable, Hashable {
    let commitment: ModelDigest
    let ordinary: Int
    /// By fine bin; empty for a column that is withheld.
    let rows: [Int]

    var isWithheld: Bool { rows.isEmpty }

    /// The fullest bin, of equal ones the first: its bads are what the others leave of all.
    var skipped: Int { rows.firstIndex(of: rows.max() ?? 0) ?? 0 }

    /// The fine bins whose sums are sent, in order.
    var summed: [Int] { rows.indices.filter { $0 != skipped && rows[$0] > 0 } }

    /// Whether every fine bin holds enough rows to be told: all of them do, or all rows are in one.
    static func mayBeTold(_ rows: [Int]) -> Bool {
        let filled = rows.filter { $0 > 0 }
        return filled.count == 1 || filled.allSatisfy { $0 >= WoePlan.least.fineRows }
    }

    static func encode(_ columns: [ToldBins]) -> [UInt8] {
        var writer = WireWriter()
        writer.put(UInt32(columns.count))
        for column in columns {
            writer.put(column.commitment.bytes)
            writer.put(UInt16(column.ordinary))
            writer.put(UInt16(column.rows.count - column.ordinary))
            for rows in column.rows { writer.put(UInt32(rows)) }
        }
        return writer.bytes
    }

    /// - Parameters:
    ///   - bytes: filled up with zeros.
    ///   - columns: how many there must be, or at most may be.
    ///   - rows: of the task.
    /// - Throws: `BoostFaults.messageMalformed`, also for fine bins that are too small to be told.
    static func decode(
        _ bytes: [UInt8], columns: ClosedRange<Int>, fineBins: Int, rows: Int
    ) throws(Fault) -> [ToldBins] {
        let malformed = Fault(BoostFaults.messageMalformed)
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        let count = Int(try reader.number(UInt32.self))
        guard columns.contains(count) else { throw malformed }
        var told: [ToldBins] = []
        for _ in 0..<count {
            let commitment = try ModelDigest(bytes: try reader.block(32))
            let ordinary = Int(try reader.number(UInt16.self))
            let bins = ordinary + Int(try reader.number(UInt16.self))
            guard bins <= fineBins, (ordinary > 0) == (bins > 0) else { throw malformed }
            var found: [Int] = []
            for _ in 0..<bins { found.append(Int(try reader.number(UInt32.self))) }
            guard bins == 0 || (found.reduce(0, +) == rows && mayBeTold(found)) else { throw malformed }
            told.append(ToldBins(commitment: commitment, ordinary: ordinary, rows: found))
        }
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw malformed }
        return told
    }
}

/// What the guest answers: `woe.groups`. Big-endian: `u32` columns, and of each a byte 0, or a byte 1, the `u16` bin of every
/// fine bin and the `u32` bads of every bin.
enum ToldGroups {
    struct Column: Sendable, Hashable {
        let groups: BinGroups
        /// By group.
        let bads: [Int]
    }

    static func encode(_ columns: [Column?]) -> [UInt8] {
        var writer = WireWriter()
        writer.put(UInt32(columns.count))
        for column in columns {
            guard let column else {
                writer.put(0 as UInt8)
                continue
            }
            writer.put(1 as UInt8)
            for group in column.groups.assignment { writer.put(UInt16(group)) }
            for bads in column.bads { writer.put(UInt32(bads)) }
        }
        return writer.bytes
    }

    /// - Parameters:
    ///   - bytes: filled up with zeros.
    ///   - told: what this host told of its columns.
    /// - Returns: the bins with their counts; nil for columns without.
    /// - Throws: `BoostFaults.messageMalformed`.
    static func decode(_ bytes: [UInt8], of told: [ToldBins]) throws(Fault) -> [MergedBins?] {
        let malformed = Fault(BoostFaults.messageMalformed)
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        guard try reader.number(UInt32.self) == UInt32(told.count) else { throw malformed }
        var columns: [MergedBins?] = []
        // The bads of all bins of a column are those of all rows, so the same for every column.
        var all: Int?
        for column in told {
            switch try reader.number(UInt8.self) {
            case 0: columns.append(nil)
            case 1 where !column.isWithheld:
                let bins = try merged(&reader, column)
                let total = bins.counts.total.bads
                guard all ?? total == total else { throw malformed }
                all = total
                columns.append(bins)
            default: throw malformed
            }
        }
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw malformed }
        return columns
    }

    private static func merged(_ reader: inout WireReader, _ column: ToldBins) throws(Fault) -> MergedBins {
        var assignment: [Int] = []
        for _ in column.rows { assignment.append(Int(try reader.number(UInt16.self))) }
        let malformed = Fault(BoostFaults.messageMalformed)
        do throws(Fault) {
            let groups = try BinGroups(ordinary: column.ordinary, assignment: assignment)
            guard groups.assignment == assignment else { throw malformed }
            var rows = [Int](repeating: 0, count: groups.count)
            for (bin, group) in assignment.enumerated() { rows[group] += column.rows[bin] }
            var counts: [BinCounts] = []
            for rows in rows {
                let bads = Int(try reader.number(UInt32.self))
                counts.append(BinCounts(goods: rows - bads, bads: bads))
            }
            return try MergedBins(groups, counts: counts)
        } catch {
            throw malformed
        }
    }
}
