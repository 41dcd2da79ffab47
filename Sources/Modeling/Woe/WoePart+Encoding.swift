public import Faults

/// Little-endian, as models are (`docs/modeling.md`): number of columns; each: the fine partition's bytes with their length, a
/// flag whether there are bins, and then the group of every fine bin (2 bytes), and goods and bads of every group (4 bytes each).
extension WoePart {
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt32(columns.count))
        for column in columns {
            let partition = column.partition.bytes
            writer.put(UInt32(partition.count))
            writer.put(bytes: partition)
            writer.put(column.bins != nil)
            guard let bins = column.bins else { continue }
            for group in bins.groups.assignment { writer.put(UInt16(group)) }
            for counts in bins.counts {
                writer.put(UInt32(counts.goods))
                writer.put(UInt32(counts.bads))
            }
        }
        return writer.bytes
    }

    /// - Throws: `ModelingFaults.encoding`, and what the parts throw that do not fit together.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        var columns: [Column] = []
        for _ in 0..<(try reader.count(each: 5)) {
            let length = try reader.count(each: 1)
            let partition = try FinePartition(bytes: Array(try reader.take(length)))
            guard try reader.flag() else {
                columns.append(try Column(partition, nil))
                continue
            }
            var assignment: [Int] = []
            for _ in 0..<partition.bins { assignment.append(Int(try reader.number(UInt16.self))) }
            let groups = try BinGroups(ordinary: partition.edges.bins, assignment: assignment)
            guard groups.assignment == assignment else {
                throw ByteReader.damaged("bins are not numbered in their order")
            }
            var counts: [BinCounts] = []
            for _ in 0..<groups.count {
                let goods = Int(try reader.number(UInt32.self))
                counts.append(BinCounts(goods: goods, bads: Int(try reader.number(UInt32.self))))
            }
            columns.append(try Column(partition, try MergedBins(groups, counts: counts)))
        }
        guard reader.isAtEnd else { throw ByteReader.damaged("there is something behind the last column") }
        try self.init(columns)
    }

    /// SHA-256 of "atoll woe part 1\n", the length of the salt (4 bytes), the salt and the bytes.
    ///
    /// - Parameter salt: what keeps others from trying out edges until the digest fits.
    public func digest(salt: [UInt8] = []) -> ModelDigest {
        var writer = ByteWriter()
        writer.put(UInt32(salt.count))
        writer.put(bytes: salt)
        writer.put(bytes: bytes)
        return ModelDigest(domain: "atoll woe part 1\n", writer.bytes)
    }
}

extension ModelDigest {
    /// Of the weights of evidence of several parties: SHA-256 of "atoll woe joint 1\n" and the digests of the parts in the
    /// order of the parties.
    public static func woe(parts: [ModelDigest]) -> ModelDigest {
        ModelDigest(domain: "atoll woe joint 1\n", parts.flatMap(\.bytes))
    }
}

extension FinePartition {
    /// What its digest is of.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// - Throws: `ModelingFaults.encoding`, `.edges`, `.finePartition`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        let column = try reader.text()
        var edges: [Float] = []
        for _ in 0..<(try reader.count(each: 4)) { edges.append(try reader.float()) }
        var specials: [Double] = []
        let count = try reader.count(each: 12)
        for _ in 0..<count { specials.append(try reader.double()) }
        var bins: [Int] = []
        for _ in 0...count { bins.append(Int(try reader.number(UInt32.self))) }
        guard reader.isAtEnd else { throw ByteReader.damaged("there is something behind the fine bins") }
        try self.init(
            column: column, edges: BinEdges(edges), specials: specials, specialBins: Array(bins.dropLast()),
            missingBin: bins[count])
    }

    /// What shows others whether a column still has its fine bins, and nothing about them.
    ///
    /// - Parameter salt: 32 bytes that nobody else knows, the same for ever.
    public func commitment(salt: [UInt8]) -> ModelDigest {
        ModelDigest(domain: "atoll fine bins told 1\n", salt + digest.bytes)
    }
}
