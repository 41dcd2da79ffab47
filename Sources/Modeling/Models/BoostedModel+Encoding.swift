public import Faults

extension ModelPart {
    /// The canonical bytes of a part.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt32(party))
        writer.put(UInt32(columns.count))
        for name in columns { writer.put(name) }
        writer.put(UInt32(conditions.count))
        for condition in conditions {
            writer.put(UInt32(condition.tree))
            writer.put(UInt32(condition.node))
            writer.put(UInt32(condition.column))
            writer.put(condition.edge)
            writer.put(condition.missingLeft)
        }
        return writer.bytes
    }

    /// - Throws: `ModelingFaults.encoding` for bytes that `bytes` would never give.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        party = Int(try reader.number(UInt32.self))
        var columns: [String] = []
        for _ in 0..<(try reader.count(each: 4)) { columns.append(try reader.text()) }
        self.columns = columns
        var conditions: [SplitCondition] = []
        for _ in 0..<(try reader.count(each: 17)) {
            let condition = SplitCondition(
                tree: Int(try reader.number(UInt32.self)), node: Int(try reader.number(UInt32.self)),
                column: Int(try reader.number(UInt32.self)), edge: try reader.float(),
                missingLeft: try reader.flag())
            if let last = conditions.last, (last.tree, last.node) >= (condition.tree, condition.node) {
                throw ByteReader.damaged("the splits of a part are out of order")
            }
            guard condition.column < columns.count, condition.edge.isFinite else {
                throw ByteReader.damaged("a split names a column that there is not, or no edge")
            }
            conditions.append(condition)
        }
        self.conditions = conditions
        guard reader.isAtEnd else { throw ByteReader.damaged("there is something behind the end of a part") }
    }
}

/// The bytes of a whole model: a line that names the format and its version, the length of the structure (8 bytes) and the
/// structure, how many parts there are (4 bytes) and each with its length before it.
extension BoostedModel {
    public static let version = 1
    private static let mark = Array("atoll boosted model \(version)\n".utf8)

    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(bytes: Self.mark)
        let structure = structure.bytes
        writer.put(UInt64(structure.count))
        writer.put(bytes: structure)
        writer.put(UInt32(parts.count))
        for part in parts.map(\.bytes) {
            writer.put(UInt64(part.count))
            writer.put(bytes: part)
        }
        return writer.bytes
    }

    /// Reads a model and holds its parts against its structure: every split of a party that is here has one condition.
    ///
    /// - Throws: `ModelingFaults.encoding`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        guard bytes.starts(with: Self.mark) else {
            throw ByteReader.damaged("the bytes do not begin as a model of version \(Self.version) does")
        }
        _ = try reader.take(Self.mark.count)
        let structure = try ModelStructure(bytes: try Self.block(&reader))
        var parts: [ModelPart] = []
        for _ in 0..<(try reader.count(each: 8)) {
            let part = try ModelPart(bytes: try Self.block(&reader))
            guard part.party < structure.parties, parts.last.map({ $0.party < part.party }) ?? true,
                structure.splits(of: part.party) == part.conditions.map({ NodePlace($0) })
            else { throw ByteReader.damaged("a part does not fit the model's structure") }
            parts.append(part)
        }
        guard reader.isAtEnd else { throw ByteReader.damaged("there is something behind the model's end") }
        self.init(structure: structure, parts: parts)
    }

    private static func block(_ reader: inout ByteReader) throws(Fault) -> [UInt8] {
        let count = try reader.number(UInt64.self)
        guard count <= UInt64(reader.remaining) else { throw ByteReader.damaged("the bytes end too early") }
        return Array(try reader.take(Int(count)))
    }
}

private struct NodePlace: Equatable {
    let tree: Int
    let node: Int

    init(tree: Int, node: Int) {
        self.tree = tree
        self.node = node
    }

    init(_ condition: SplitCondition) {
        self.init(tree: condition.tree, node: condition.node)
    }
}

extension ModelStructure {
    fileprivate func splits(of party: Int) -> [NodePlace] {
        trees.enumerated().flatMap { tree, boosted in
            boosted.nodes.indices.compactMap { node in
                guard case .split(let owner, _, _, _) = boosted.nodes[node].content, owner == party else { return nil }
                return NodePlace(tree: tree, node: node)
            }
        }
    }
}
