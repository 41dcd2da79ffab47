import Faults
import HomomorphicEncryption
import Modeling

/// Every message of a training and its size, from the plan alone: what the message table is made of, and what both sides
/// send. Sizes do not depend on data: what is shorter is filled up with zeros, which costs no encryption.
struct BoostSchedule: Sendable {
    /// The trees that hosts take part in, in order.
    let trees: Range<Int>
    let depth: Int
    /// Most rows of the training.
    let rows: Int
    /// Most rows that a tree learns from.
    let sampled: Int
    /// Whether a tree may learn from fewer rows than there are.
    let isSampled: Bool
    /// Most candidates of each host in one node.
    let candidates: [Int]
    /// Rows below which hosts have no candidates in a node.
    let leastRows: Int
    /// Whether a candidate comes with its number of rows, for want of second derivatives.
    let hasCounts: Bool
    let layout: PackingLayout
    let shape: SchemeShape

    /// Bytes of a frame, at most.
    static let frameBytes = 1 << 20
    /// Ciphertexts of a frame, at most.
    static let ciphertexts = 1024
    static let digestBytes = 32

    // MARK: Bytes of one message, before it is cut into frames

    /// The key, and a bit for each row where trees do not learn from all.
    var treeBytes: Int { shape.keyBytes + (isSampled ? Self.bitBytes(rows) : 0) }

    /// How many pairs of nodes, and for each row the number of its node.
    func nodeBytes(level: Int) -> Int { 4 + rows * Self.numberBytes(level: level) }

    /// Which candidates the sums stand for.
    func candidateBytes(host: Int, level: Int) -> Int {
        8 + pairs(level: level) * (4 + Self.bitBytes(candidates[host]))
    }

    /// Rows of each candidate's side.
    func countBytes(host: Int, level: Int) -> Int { 4 * pairs(level: level) * candidates[host] }

    /// Which candidates won.
    func winnerBytes(host: Int, level: Int) -> Int {
        4 + nodes(level: level) * (4 + Self.bitBytes(candidates[host]))
    }

    /// A bit for each row.
    var directionBytes: Int { Self.bitBytes(rows) }

    /// Number of trees that are kept.
    static let endBytes = 4

    // MARK: Ciphertexts of one message

    /// Packed ciphertexts of one level, at most.
    func sums(host: Int, level: Int) -> Int { layout.plaintexts(forCells: pairs(level: level) * candidates[host]) }

    // MARK: Nodes

    /// Pairs of siblings of a level whose sums may be sent, at most; the root counts as one.
    func pairs(level: Int) -> Int {
        level == 0 ? 1 : max(1, min(1 << (level - 1), sampled / leastRows))
    }

    /// Nodes of a level that hosts may win, at most.
    func nodes(level: Int) -> Int { max(1, min(1 << level, sampled / leastRows)) }

    /// Bytes of a node's number: 1 ... 2^level, 0 for none.
    static func numberBytes(level: Int) -> Int { level < 8 ? 1 : 2 }

    static func bitBytes(_ bits: Int) -> Int { (bits + 7) / 8 }

    // MARK: Frames

    /// The sizes of the frames of a message.
    static func frames(_ bytes: Int) -> [Int] {
        guard bytes > 0 else { return [] }
        let last = (bytes - 1) % frameBytes + 1
        return [Int](repeating: frameBytes, count: (bytes - 1) / frameBytes) + [last]
    }

    /// How many ciphertexts the frames of a message hold, at most.
    static func blocks(_ count: Int) -> [Int] {
        guard count > 0 else { return [] }
        let last = (count - 1) % ciphertexts + 1
        return [Int](repeating: ciphertexts, count: (count - 1) / ciphertexts) + [last]
    }

    // MARK: Steps

    static let agreement: UInt32 = 1
    /// The step of a tree.
    func step(tree: Int) -> UInt32 { UInt32(tree + 2) }
    var endStep: UInt32 { UInt32(trees.upperBound + 2) }

    /// With so many rows chosen each with a probability, no more are chosen but for one run in 10^15: eight standard
    /// deviations.
    static func bound(_ rows: Int, share: Double) -> Int {
        guard share < 1 else { return rows }
        let mean = Double(rows) * share
        return min(rows, Int((mean + 8 * (mean * (1 - share)).squareRoot()).rounded(.up)) + 16)
    }
}

/// The types of messages of `train.boosting`.
enum BoostMessage: String, Sendable, CaseIterable {
    /// Both ways: a digest of the ids.
    case rows = "boost.rows"
    /// Guest to host.
    case tree = "boost.tree"
    case gradients = "boost.gradients"
    case nodes = "boost.nodes"
    case winners = "boost.winners"
    case end = "boost.end"
    /// Host to guest.
    case candidates = "boost.candidates"
    case sums = "boost.sums"
    case counts = "boost.counts"
    case directions = "boost.directions"
    case part = "boost.part"
}

extension BoostSchedule {
    /// The message table between the guest and one host.
    ///
    /// - Parameters:
    ///   - number: which host, from 0.
    ///   - mayStop: whether training may end before the last tree.
    func rows(guest: Int, host: Int, number: Int) -> [MessageRow] {
        let all = UInt64(trees.count)
        let first = step(tree: trees.lowerBound)
        let last = max(first, endStep - 1)
        func row(
            _ type: BoostMessage, isDown: Bool, _ steps: ClosedRange<UInt32>, _ schema: String, _ sizes: [Int],
            times: UInt64, bits: Int = 8
        ) -> [MessageRow] {
            guard let largest = sizes.max(), times > 0 else { return [] }
            return [
                MessageRow(
                    type: type.rawValue, from: isDown ? host : guest, to: isDown ? guest : host, steps: steps,
                    count: times * UInt64(sizes.count), schema: schema, elementBits: UInt32(bits),
                    maximumBytes: largest, expectedBytes: times * UInt64(sizes.reduce(0, +)))
            ]
        }
        func levels(_ range: Range<Int>, _ sizes: (Int) -> [Int]) -> [Int] { range.flatMap(sizes) }
        let bits = 8 * shape.ciphertextBytes
        let agreement = Self.agreement...Self.agreement
        let end = endStep...endStep
        let steps = first...last
        return [
            row(.rows, isDown: false, agreement, "digest of the ids in their order", [Self.digestBytes], times: 1),
            row(.rows, isDown: true, agreement, "digest of the ids in their order", [Self.digestBytes], times: 1),
            row(
                .tree, isDown: false, steps, "public key of the scheme, and the rows that the tree learns from",
                Self.frames(treeBytes), times: all),
            row(
                .gradients, isDown: false, steps, "encrypted pairs of first and second derivatives, one for each row",
                Self.blocks(sampled).map(shape.blockBytes), times: all, bits: bits),
            row(
                .nodes, isDown: false, steps, "node of each row",
                levels(1..<max(1, depth)) { Self.frames(nodeBytes(level: $0)) }, times: all),
            row(
                .candidates, isDown: true, steps, "numbers of the candidates whose sums follow, in secret order",
                levels(0..<depth) { Self.frames(candidateBytes(host: number, level: $0)) }, times: all),
            row(
                .sums, isDown: true, steps, "encrypted sums of one side of each candidate, packed",
                levels(0..<depth) { Self.blocks(sums(host: number, level: $0)).map(shape.blockBytes) }, times: all,
                bits: bits),
            hasCounts
                ? row(
                    .counts, isDown: true, steps, "rows of one side of each candidate",
                    levels(0..<depth) { Self.frames(countBytes(host: number, level: $0)) }, times: all) : [],
            row(
                .winners, isDown: false, steps, "numbers of the candidates with the highest gain, by node",
                levels(0..<depth) { Self.frames(winnerBytes(host: number, level: $0)) }, times: all),
            row(
                .directions, isDown: true, steps, "side of each row of the nodes that this host splits",
                levels(0..<depth) { _ in Self.frames(directionBytes) }, times: all),
            row(.end, isDown: false, end, "number of trees that are kept", [Self.endBytes], times: 1),
            row(.part, isDown: true, end, "digest of the host's part of the model", [Self.digestBytes], times: 1),
        ].flatMap { $0 }
    }
}
