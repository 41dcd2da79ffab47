public import Faults
public import Modeling

/// The bins of one party's columns, as `bin` leaves them: `ATLE`, a version byte 1, `u32` columns, and of each `u32` length
/// and UTF-8 of the name, `u16` edges and the bits of each as a float. Big-endian.
public struct Binning: Sendable {
    public let columns: [(name: String, edges: BinEdges)]

    private static let magic: [UInt8] = Array("ATLE".utf8) + [1]

    public init(columns: [(name: String, edges: BinEdges)]) {
        self.columns = columns
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt32(columns.count))
        for column in columns {
            writer.put(UInt32(column.name.utf8.count))
            writer.put(column.name.utf8)
            writer.put(UInt16(column.edges.values.count))
            for edge in column.edges.values { writer.put(edge.bitPattern) }
        }
        return writer.bytes
    }

    /// - Throws: `BoostFaults.binningUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        let unusable = Fault(BoostFaults.binningUnusable)
        var reader = WireReader(bytes, or: BoostFaults.binningUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unusable }
        var columns: [(name: String, edges: BinEdges)] = []
        for _ in 0..<(try reader.number(UInt32.self)) {
            let length = Int(try reader.number(UInt32.self))
            guard let name = String(validating: try reader.block(length), as: UTF8.self), !name.isEmpty else {
                throw unusable
            }
            var edges: [Float] = []
            for _ in 0..<(try reader.number(UInt16.self)) { edges.append(Float(bitPattern: try reader.number())) }
            do throws(Fault) {
                columns.append((name, try BinEdges(edges)))
            } catch {
                throw unusable
            }
        }
        try reader.finish()
        guard Set(columns.map(\.name)).count == columns.count else { throw unusable }
        self.columns = columns
    }

    /// The columns of a table in these bins.
    ///
    /// - Throws: `BoostFaults.binningUnusable` where the table lacks one of them.
    func apply(to features: [(name: String, values: [Double])]) throws(Fault) -> PartyColumns {
        var binned: [BinnedColumn] = []
        for column in columns {
            guard let values = features.first(where: { $0.name == column.name })?.values else {
                throw Fault(BoostFaults.binningUnusable, "The dataset lacks a column of the bins.", at: column.name)
            }
            binned.append(BinnedColumn(name: column.name, values: values, edges: column.edges))
        }
        return try PartyColumns(binned)
    }
}
