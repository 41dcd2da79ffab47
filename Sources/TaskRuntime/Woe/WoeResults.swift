public import Faults
public import Modeling

/// A column of a host as the guest knows it.
public struct WoeToldColumn: Sendable, Hashable {
    let name: WoeColumnName
    /// What its fine bins are known by.
    public let commitment: ModelDigest
    /// Per fine bin; nil where the host withholds the column.
    public let counts: FineCounts?
    /// nil where no two bins meet the guard.
    public let groups: BinGroups?

    /// `host1.NAME`.
    public var column: String { name.description }
}

/// What `woe` leaves at the guest: its own columns, and what it knows of the hosts'. `ATLW`, a version byte 1; `u32` length and
/// bytes of its part; the counts of its columns; `u16` hosts, and of each 32 bytes of its part's digest, `u32` columns, and of
/// each `u16` length and name, 32 bytes that its fine bins are known by, a flag and the counts, a flag and the `u16` bin of
/// every fine bin. Counts: `u16` ordinary and other fine bins, `u32` goods and bads of each. Big-endian.
public struct WoeGuestResult: Sendable, Hashable {
    public let part: WoePart
    /// Of each column of the part.
    public let counts: [FineCounts]
    public let hosts: [Host]

    public struct Host: Sendable, Hashable {
        /// The digest of its part, which it has told; in a checkpoint that of nothing.
        public let digest: ModelDigest
        public let columns: [WoeToldColumn]
    }

    private static let magic: [UInt8] = Array("ATLW".utf8) + [1]

    init(part: WoePart, counts: [FineCounts], hosts: [Host]) {
        self.part = part
        self.counts = counts
        self.hosts = hosts
    }

    /// The digest of all parties' parts: the same as in one place, with the hosts' salts.
    public var digest: ModelDigest { .woe(parts: [part.digest()] + hosts.map(\.digest)) }

    /// The weights of evidence of all columns that have bins, the guest's first, by the names that parameters give them.
    public var tables: [(column: String, table: WoeTable)] {
        get throws(Fault) {
            var tables: [(column: String, table: WoeTable)] = []
            for (column, counts) in zip(part.columns, counts) {
                guard let bins = column.bins else { continue }
                let name = WoeColumnName(party: 0, name: column.name).description
                tables.append((name, try WoeTable(counts, bins.groups)))
            }
            for column in hosts.flatMap(\.columns) {
                guard let counts = column.counts, let groups = column.groups else { continue }
                tables.append((column.column, try WoeTable(counts, groups)))
            }
            return tables
        }
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        let own = part.bytes
        writer.put(UInt32(own.count))
        writer.put(own)
        for counts in counts { Self.put(counts, &writer) }
        writer.put(UInt16(hosts.count))
        for host in hosts {
            writer.put(host.digest.bytes)
            writer.put(UInt32(host.columns.count))
            for column in host.columns {
                writer.put(UInt16(column.name.name.utf8.count))
                writer.put(column.name.name.utf8)
                writer.put(column.commitment.bytes)
                writer.put(column.counts == nil ? 0 : 1 as UInt8)
                if let counts = column.counts { Self.put(counts, &writer) }
                writer.put(column.groups == nil ? 0 : 1 as UInt8)
                for group in column.groups?.assignment ?? [] { writer.put(UInt16(group)) }
            }
        }
        return writer.bytes
    }

    private static func put(_ counts: FineCounts, _ writer: inout WireWriter) {
        writer.put(UInt16(counts.ordinary.count))
        writer.put(UInt16(counts.others.count))
        for bin in counts.all {
            writer.put(UInt32(bin.goods))
            writer.put(UInt32(bin.bads))
        }
    }

    /// - Throws: `WoeFaults.resultUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        do throws(Fault) {
            self = try Self.read(bytes)
        } catch {
            throw Fault(WoeFaults.resultUnusable)
        }
    }

    private static func read(_ bytes: [UInt8]) throws(Fault) -> WoeGuestResult {
        let unusable = Fault(WoeFaults.resultUnusable)
        var reader = WireReader(bytes, or: WoeFaults.resultUnusable)
        guard try reader.block(magic.count) == magic else { throw unusable }
        let part = try WoePart(bytes: try reader.block(Int(try reader.number(UInt32.self))))
        var own: [FineCounts] = []
        for column in part.columns {
            let counts = try counts(&reader, column.name, column.partition.digest)
            if let bins = column.bins {
                guard MergedBins(try WoeTable(counts, bins.groups)) == bins else { throw unusable }
            }
            own.append(counts)
        }
        var hosts: [Host] = []
        for number in 0..<Int(try reader.number(UInt16.self)) {
            let digest = try ModelDigest(bytes: try reader.block(32))
            var columns: [WoeToldColumn] = []
            for _ in 0..<(try reader.number(UInt32.self)) {
                let length = Int(try reader.number(UInt16.self))
                guard let text = String(validating: try reader.block(length), as: UTF8.self) else { throw unusable }
                let name = WoeColumnName(party: number + 1, name: text)
                let commitment = try ModelDigest(bytes: try reader.block(32))
                let counts = try flag(&reader) ? try counts(&reader, name.description, commitment) : nil
                var groups: BinGroups?
                if try flag(&reader) {
                    guard let counts else { throw unusable }
                    var assignment: [Int] = []
                    for _ in 0..<counts.bins { assignment.append(Int(try reader.number(UInt16.self))) }
                    let found = try BinGroups(ordinary: counts.ordinary.count, assignment: assignment)
                    // One form alone, and weights that can be told.
                    _ = try WoeTable(counts, found)
                    guard found.assignment == assignment else { throw unusable }
                    groups = found
                }
                columns.append(WoeToldColumn(name: name, commitment: commitment, counts: counts, groups: groups))
            }
            hosts.append(Host(digest: digest, columns: columns))
        }
        try reader.finish()
        return WoeGuestResult(part: part, counts: own, hosts: hosts)
    }

    private static func flag(_ reader: inout WireReader) throws(Fault) -> Bool {
        switch try reader.number(UInt8.self) {
        case 0: false
        case 1: true
        default: throw Fault(WoeFaults.resultUnusable)
        }
    }

    private static func counts(
        _ reader: inout WireReader, _ column: String, _ partition: ModelDigest
    ) throws(Fault) -> FineCounts {
        let ordinary = Int(try reader.number(UInt16.self))
        let others = Int(try reader.number(UInt16.self))
        var bins: [BinCounts] = []
        for _ in 0..<ordinary + others {
            let goods = Int(try reader.number(UInt32.self))
            bins.append(BinCounts(goods: goods, bads: Int(try reader.number(UInt32.self))))
        }
        return try FineCounts(
            column: column, partition: partition, ordinary: Array(bins[..<ordinary]), others: Array(bins[ordinary...]))
    }
}

/// What `woe` leaves at a host: `ATLV`, a version byte 1, `u32` length and bytes of the fine bins with their salts
/// (`HostColumns`), and its part. Big-endian.
public struct WoeHostResult: Sendable, Hashable {
    public let part: WoePart
    let columns: HostColumns

    private static let magic: [UInt8] = Array("ATLV".utf8) + [1]

    init(part: WoePart, columns: HostColumns) {
        self.part = part
        self.columns = columns
    }

    /// Of the part's digest.
    public var salt: [UInt8] { columns.columns.flatMap(\.salt) }

    public var digest: ModelDigest { part.digest(salt: salt) }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        let own = columns.bytes
        writer.put(UInt32(own.count))
        writer.put(own)
        writer.put(part.bytes)
        return writer.bytes
    }

    /// - Throws: `WoeFaults.resultUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        let unusable = Fault(WoeFaults.resultUnusable)
        var reader = WireReader(bytes, or: WoeFaults.resultUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unusable }
        let own = try reader.block(Int(try reader.number(UInt32.self)))
        do throws(Fault) {
            columns = try HostColumns(bytes: own)
            part = try WoePart(bytes: reader.rest())
        } catch {
            throw unusable
        }
        guard columns.columns.map(\.partition) == part.columns.map(\.partition) else { throw unusable }
    }
}
