import Crypto
import Faults
import Modeling

/// The fine bins of a party's columns, fixed at their first use, each with the salt of what others know it by: what the site
/// keeps of a dataset as long as it is there. `ATLF`, a version byte 1, `u32` columns, and of each 32 bytes of salt, `u32`
/// length and the bytes of the fine partition. Big-endian.
struct HostColumns: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        let partition: FinePartition
        /// 32 bytes.
        let salt: [UInt8]

        var commitment: ModelDigest { partition.commitment(salt: salt) }
    }

    private(set) var columns: [Column]

    private static let magic: [UInt8] = Array("ATLF".utf8) + [1]

    init(_ columns: [Column] = []) {
        self.columns = columns
    }

    subscript(_ name: String) -> Column? { columns.first { $0.partition.column == name } }

    /// Those that are not known yet are taken in; what is known stays.
    mutating func add(_ more: HostColumns) {
        for column in more.columns where self[column.partition.column] == nil { columns.append(column) }
        columns.sort { $0.partition.column.utf8.lexicographicallyPrecedes($1.partition.column.utf8) }
    }

    /// The fine bins of columns as they stand: those that are known, else new ones of these values.
    ///
    /// - Parameter party: 1 for the first host.
    /// - Throws: as `WoePlan.partition`.
    init(
        _ features: [(name: String, values: [Double])], of party: Int, known: HostColumns, _ plan: WoePlan
    ) throws(Fault) {
        var columns: [Column] = []
        for (name, values) in features {
            let before = known[name]
            let partition = try plan.partition(
                WoeColumnName(party: party, name: name), values, known: before?.partition)
            columns.append(
                Column(
                    partition: partition, salt: before?.salt ?? Self.salt(partition, values, seed: plan.seed)))
        }
        self.columns = columns
    }

    /// Nobody else has the values, so nobody can try out edges until they fit; the same again after an interruption.
    private static func salt(_ partition: FinePartition, _ values: [Double], seed: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("atoll/woe/salt/1".utf8) + [0])
        hash.update(data: seed)
        hash.update(data: partition.bytes)
        var writer = WireWriter()
        for value in values { writer.put(value.bitPattern) }
        hash.update(data: writer.bytes)
        return Array(hash.finalize())
    }

    var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt32(columns.count))
        for column in columns {
            writer.put(column.salt)
            writer.put(UInt32(column.partition.bytes.count))
            writer.put(column.partition.bytes)
        }
        return writer.bytes
    }

    /// - Throws: `WoeFaults.historyUnreadable`.
    init(bytes: [UInt8]) throws(Fault) {
        let unreadable = Fault(WoeFaults.historyUnreadable)
        var reader = WireReader(bytes, or: WoeFaults.historyUnreadable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unreadable }
        columns = []
        for _ in 0..<(try reader.number(UInt32.self)) {
            let salt = try reader.block(32)
            let own = try reader.block(Int(try reader.number(UInt32.self)))
            do throws(Fault) {
                columns.append(Column(partition: try FinePartition(bytes: own), salt: salt))
            } catch {
                throw unreadable
            }
        }
        try reader.finish()
        guard Set(columns.map(\.partition.column)).count == columns.count else { throw unreadable }
    }
}
