import Faults

/// The candidates of one node or pair of nodes, by their numbers in the tree's secret order.
struct CandidateSet: Sendable, Hashable {
    /// The node's place among the open nodes of its level, or the pair's among the pairs.
    let place: Int
    /// Rising.
    let numbers: [Int32]
}

/// What a host says before its sums, and what the guest answers: sets of candidates. Big-endian: `u32` candidates of the
/// tree where the host speaks, `u32` sets, and for each `u32` place and a bit per candidate, the lowest of a byte first.
enum CandidateSets {
    static func encode(_ sets: [CandidateSet], of most: Int, candidates: Int? = nil) -> [UInt8] {
        var writer = WireWriter()
        if let candidates { writer.put(UInt32(candidates)) }
        writer.put(UInt32(sets.count))
        for set in sets {
            writer.put(UInt32(set.place))
            var bits = RowSet(rows: most)
            for number in set.numbers { bits.insert(UInt32(number)) }
            writer.put(bits.bytes)
        }
        return writer.bytes
    }

    /// - Parameters:
    ///   - most: candidates of a tree, at most.
    ///   - places: how many places there are.
    ///   - known: candidates of the tree; nil where the message says it.
    /// - Throws: `BoostFaults.messageMalformed` for places that do not rise, numbers beyond the candidates, an empty set,
    ///   or anything but zeros at the end.
    static func decode(
        _ bytes: [UInt8], of most: Int, places: Int, known: Int? = nil
    ) throws(Fault) -> (candidates: Int, sets: [CandidateSet]) {
        let malformed = Fault(BoostFaults.messageMalformed)
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        let candidates: Int
        if let known { candidates = known } else { candidates = Int(try reader.number(UInt32.self)) }
        guard candidates <= most else { throw malformed }
        let count = Int(try reader.number(UInt32.self))
        guard count <= places else { throw malformed }
        var sets: [CandidateSet] = []
        for _ in 0..<count {
            let place = Int(try reader.number(UInt32.self))
            guard place < places, sets.last.map({ $0.place < place }) ?? true else { throw malformed }
            let bits = RowSet(rows: most, bytes: try reader.block(BoostSchedule.bitBytes(most)))
            let numbers = (0..<Int32(candidates)).filter { bits.contains(UInt32($0)) }
            guard !numbers.isEmpty, numbers.count == bits.count else { throw malformed }
            sets.append(CandidateSet(place: place, numbers: numbers))
        }
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw malformed }
        return (candidates, sets)
    }
}

/// The open nodes of a level as the guest names them: in pairs of siblings, by row. Big-endian: `u32` pairs, then the number
/// of each row's node, 0 for none, else 1 for the first pair's left child, 2 for its right one, and so on.
enum NodeNumbers {
    /// - Parameter nodes: of each row; −1 for none.
    static func encode(_ nodes: [Int32], pairs: Int, level: Int) -> [UInt8] {
        var writer = WireWriter()
        writer.put(UInt32(pairs))
        if BoostSchedule.numberBytes(level: level) == 1 {
            writer.put(nodes.map { UInt8($0 + 1) })
        } else {
            for node in nodes { writer.put(UInt16(node + 1)) }
        }
        return writer.bytes
    }

    /// - Parameter rows: how many there are.
    /// - Throws: `BoostFaults.messageMalformed`.
    static func decode(_ bytes: [UInt8], rows: Int, level: Int) throws(Fault) -> (nodes: [Int32], pairs: Int) {
        let malformed = Fault(BoostFaults.messageMalformed)
        var reader = WireReader(bytes, or: BoostFaults.messageMalformed)
        let pairs = Int(try reader.number(UInt32.self))
        guard pairs <= 1 << (level - 1) else { throw malformed }
        let width = BoostSchedule.numberBytes(level: level)
        let numbers = try reader.block(rows * width)
        let nodes = (0..<rows).map { row -> Int32 in
            width == 1
                ? Int32(numbers[row]) - 1 : Int32(numbers[2 * row]) << 8 + Int32(numbers[2 * row + 1]) - 1
        }
        guard nodes.allSatisfy({ $0 < 2 * pairs }), reader.rest().allSatisfy({ $0 == 0 }) else { throw malformed }
        return (nodes, pairs)
    }
}
