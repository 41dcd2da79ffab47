public import Faults

/// The canonical bytes of a structure; docs/modeling.md states them field by field. Equal structures have equal bytes.
extension ModelStructure {
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        settings.write(to: &writer)
        writer.put(baseScore)
        writer.put(UInt32(parties))
        writer.put(UInt32(trees.count))
        for tree in trees { tree.write(to: &writer) }
        return writer.bytes
    }

    /// - Throws: `ModelingFaults.encoding` for bytes that `bytes` would never give.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        settings = try BoostingSettings(from: &reader)
        baseScore = try reader.double()
        parties = Int(try reader.number(UInt32.self))
        let count = try reader.count(each: BoostedTree.leastBytes)
        var trees: [BoostedTree] = []
        for _ in 0..<count { trees.append(try BoostedTree(from: &reader, parties: parties, depth: settings.depth)) }
        self.trees = trees
        guard reader.isAtEnd, baseScore.isFinite, parties >= 1, self.bytes == bytes else {
            throw ByteReader.damaged("the model's structure has a field out of range")
        }
    }
}

extension BoostedTree {
    /// Units, count, one leaf.
    static let leastBytes = 20 + 29

    func write(to writer: inout ByteWriter) {
        writer.put(units.first)
        writer.put(units.second)
        writer.put(UInt32(nodes.count))
        for node in nodes {
            switch node.content {
            case .leaf(let value):
                writer.put(0 as UInt8)
                writer.put(value)
            case .split(let owner, let gain, let left, let right):
                writer.put(1 as UInt8)
                writer.put(UInt32(owner))
                writer.put(gain)
                writer.put(UInt32(left))
                writer.put(UInt32(right))
            }
            writer.put(node.sums.first)
            writer.put(node.sums.second)
            writer.put(node.sums.rows)
        }
    }

    init(from reader: inout ByteReader, parties: Int, depth: Int) throws(Fault) {
        units = Gradients.Units(first: try reader.double(), second: try reader.double())
        let count = try reader.count(each: 29)
        guard count >= 1, units.first.isFinite, units.second.isFinite else {
            throw ByteReader.damaged("a tree has no nodes or no units")
        }
        var nodes: [Node] = []
        // Children stand in order behind their parents: the next pair's place is known.
        var nextChild = 1
        var depths = [0]
        for place in 0..<count {
            let content: Content
            switch try reader.number(UInt8.self) {
            case 0:
                content = .leaf(try reader.float())
            case 1:
                let owner = Int(try reader.number(UInt32.self))
                let gain = try reader.double()
                let left = Int(try reader.number(UInt32.self))
                let right = Int(try reader.number(UInt32.self))
                guard owner < parties, gain.isFinite, left == nextChild, right == left + 1, right < count,
                    depths[place] < depth
                else {
                    throw ByteReader.damaged("a split names a party or children that there are not")
                }
                nextChild += 2
                depths += [depths[place] + 1, depths[place] + 1]
                content = .split(owner: owner, gain: gain, left: left, right: right)
            default: throw ByteReader.damaged("node \(place) is of no kind")
            }
            if case .leaf(let value) = content, !value.isFinite { throw ByteReader.damaged("a leaf is not finite") }
            let sums = GradientSums(
                first: try reader.number(), second: try reader.number(), rows: try reader.number())
            nodes.append(Node(content: content, sums: sums))
        }
        guard nextChild == count else { throw ByteReader.damaged("a node of a tree has no parent") }
        self.nodes = nodes
    }
}

extension BoostingSettings {
    func write(to writer: inout ByteWriter) {
        writer.put(objective.rawValue)
        writer.put(UInt32(trees))
        writer.put(UInt32(depth))
        for number in [rate, l1, l2, minimumGain, minimumChildWeight] { writer.put(number) }
        writer.put(UInt32(fractionBits))
        writer.put(rowShare)
        writer.put(columnShare)
        writer.put(seed)
        writer.put(baseScore != nil)
        writer.put(baseScore ?? 0)
        writer.put(UInt64(cellGuard))
        writer.put(firstTreeByGuestAlone)
        writer.put(validationShare)
        writer.put(UInt64(patience))
    }

    init(from reader: inout ByteReader) throws(Fault) {
        guard let objective = Objective(rawValue: try reader.text()) else {
            throw ByteReader.damaged("the objective is not known here")
        }
        self.init(objective: objective)
        trees = Int(try reader.number(UInt32.self))
        depth = Int(try reader.number(UInt32.self))
        rate = try reader.double()
        l1 = try reader.double()
        l2 = try reader.double()
        minimumGain = try reader.double()
        minimumChildWeight = try reader.double()
        fractionBits = Int(try reader.number(UInt32.self))
        rowShare = try reader.double()
        columnShare = try reader.double()
        seed = try reader.number()
        let hasBase = try reader.flag()
        let base = try reader.double()
        baseScore = hasBase ? base : nil
        cellGuard = Int(truncatingIfNeeded: try reader.number(UInt64.self))
        firstTreeByGuestAlone = try reader.flag()
        validationShare = try reader.double()
        patience = Int(truncatingIfNeeded: try reader.number(UInt64.self))
        do throws(Fault) { try validate() } catch { throw ByteReader.damaged("the settings are out of range") }
    }
}
