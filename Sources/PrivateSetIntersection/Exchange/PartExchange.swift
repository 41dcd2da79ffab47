import Arithmetic
public import Faults

/// One party's side of the exchange of one part: a value that takes and gives frames as `ExchangePlan.steps` says.
///
/// Its scalar is drawn at the beginning and lives in this value's memory alone. Nothing of it can be written down: an
/// exchange that is interrupted begins again with another scalar, and ends with the same result.
public struct PartExchange: Sendable {
    private let plan: ExchangePlan
    private let party: Int
    private let identifiers: PartIdentifiers
    private let kernel: CurveKernel
    private let scalar = CurveScalar()
    /// Which id each own point stands for, in the order in which points are sent.
    private let order: [UInt32]
    /// Tags of the peer's points, in the order of their arrival; until they are needed in another.
    private var peerTags: [UInt128] = []
    /// Tags of the own points as the peer gave them; in the own order, or in none (`size-only`).
    private var ownTags: [UInt128] = []

    /// - Throws: `AlignFaults.tooManyIdentifiers`, `.partUneven`.
    public init(_ identifiers: PartIdentifiers, plan: ExchangePlan, party: Int, kernel: CurveKernel) throws(Fault) {
        self.plan = plan
        self.party = party
        self.identifiers = identifiers
        self.kernel = kernel
        var random = SystemRandomness()
        order = try identifiers.shuffled(
            capacity: plan.capacities[party], hashKey: random.bytes(16), random: &random)
    }

    // MARK: Frames out

    /// Hashed ids times the scalar: points that tell nothing of their ids to who lacks the scalar.
    public func points(frame: Int) -> [UInt8] {
        let begin = frame * plan.frameSize
        var messages = IdentifierTable()
        var random = SystemRandomness()
        for index in order[begin..<begin + plan.count(party, frame: frame)] {
            if index == PartIdentifiers.dummy {
                messages.append(random.bytes(32))
            } else {
                messages.append(Int(index), of: identifiers.ids)
            }
        }
        return kernel.multiply(kernel.hash(messages, tag: identifiers.binding.tag), by: scalar)
    }

    /// Tags of the peer's points, for the peer.
    public mutating func tags(frame: Int) -> [UInt8] {
        if plan.disclosure == .sizeOnly, frame == 0 { peerTags.sort() }
        let begin = frame * plan.frameSize
        let tags = peerTags[begin..<begin + plan.count(1 - party, frame: frame)]
        return tags.flatMap { tag in
            stride(from: 8 * (plan.tagBytes - 1), through: 0, by: -8).map { UInt8(truncatingIfNeeded: tag >> $0) }
        }
    }

    // MARK: Frames in

    /// - Throws: `AlignFaults.messageMalformed`; `.pointUnusable` for points that no honest party sends.
    public mutating func take(points: [UInt8], frame: Int) throws(Fault) {
        try check(points, count: plan.count(1 - party, frame: frame), bytes: CurveKernel.pointBytes)
        let raised = try kernel.raise(points, by: scalar)
        peerTags += ExchangeBinding.tags(of: raised, bytes: plan.tagBytes, identifiers.binding.tagHash)
    }

    /// - Throws: `AlignFaults.messageMalformed`.
    public mutating func take(tags: [UInt8], frame: Int) throws(Fault) {
        try check(tags, count: plan.count(party, frame: frame), bytes: plan.tagBytes)
        for begin in stride(from: 0, to: tags.count, by: plan.tagBytes) {
            ownTags.append(tags[begin..<begin + plan.tagBytes].reduce(0) { $0 << 8 | UInt128($1) })
        }
    }

    private func check(_ payload: [UInt8], count: Int, bytes: Int) throws(Fault) {
        guard payload.count == count * bytes else {
            throw Fault(
                AlignFaults.messageMalformed, "A frame has \(payload.count) bytes.", wanted: "\(count * bytes) bytes")
        }
    }

    // MARK: What came out

    /// How many ids are common, for who learns rows or sizes; and this party's rows of them in the common order, empty
    /// where it learns no rows.
    public func outcome() -> (count: Int, rows: [UInt32]) {
        guard plan.learns(party) else { return (0, []) }
        let common = common
        guard plan.disclosure != .sizeOnly else { return (common.count, []) }
        let indexes = common.map { order[Int($0)] }.filter { $0 != PartIdentifiers.dummy }
        return (common.count, identifiers.commonOrder(indexes))
    }

    /// Places of the own tags that are among the peer's: both sorted, with the place below the tag's 96 bits at most.
    private var common: [UInt32] {
        let own = ownTags.indices.map { ownTags[$0] << 32 | UInt128($0) }.sorted()
        let peer = peerTags.sorted()
        var found: [UInt32] = []
        var at = 0
        for entry in own {
            let tag = entry >> 32
            while at < peer.count, peer[at] < tag { at += 1 }
            if at < peer.count, peer[at] == tag { found.append(UInt32(truncatingIfNeeded: entry)) }
        }
        return found
    }
}

/// The system's random numbers, some at a time.
struct SystemRandomness: RandomNumberGenerator {
    private var words = [UInt64](repeating: 0, count: 512)
    private var used = 512

    mutating func next() -> UInt64 {
        if used == words.count {
            var span = words.mutableSpan
            SecureRandom.fill(&span)
            used = 0
        }
        defer { used += 1 }
        return words[used]
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word = next()
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
        return Array(bytes.prefix(count))
    }
}
