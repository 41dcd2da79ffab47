/// Who learns what of the common ids.
public enum Disclosure: String, Sendable, CaseIterable {
    /// Both parties learn which of their rows the other has.
    case both
    /// Only the guest does.
    case guestOnly = "guest-only"
    /// Both learn how many ids are common in each part, and no more.
    case sizeOnly = "size-only"
}

/// How much is held in memory at once, and sent at once.
public struct ExchangeSizes: Sendable, Hashable {
    /// Ids of a part, about.
    public let part: Int
    /// Points of a frame.
    public let frame: Int

    /// About a million ids, and 512 KiB.
    public static let usual = ExchangeSizes(part: 1 << 20, frame: 1 << 14)

    /// Smaller ones are for tests.
    public init(part: Int, frame: Int) {
        self.part = part
        self.frame = frame
    }
}

/// The sizes of an exchange, all of them functions of what the plan declares: so a message tells nothing by its size.
public struct ExchangePlan: Sendable, Hashable {
    /// The most rows of one party: what fits a checkpoint as one bit each.
    public static let mostRows = 33_000_000

    /// Declared rows of guest and host: the most distinct ids that each may have.
    public let rows: [Int]
    public let disclosure: Disclosure
    /// Points of a frame; the last of a part may have fewer.
    public let frameSize: Int
    /// Ids are dealt out to so many parts by a hash that both know; each is an exchange with keys of its own.
    public let parts: Int
    /// Points that guest and host send in each part: ids and, up to this number, points of random strings.
    public let capacities: [Int]
    /// Bytes of a tag: ⌈(40 + log2(rows · rows)) / 8⌉: a wrong match anywhere has a chance below 2^-40.
    public let tagBytes: Int

    public init(guestRows: Int, hostRows: Int, disclosure: Disclosure, sizes: ExchangeSizes = .usual) {
        precondition((0...Self.mostRows).contains(guestRows) && (0...Self.mostRows).contains(hostRows), "rows in range")
        rows = [guestRows, hostRows]
        self.disclosure = disclosure
        frameSize = sizes.frame
        let parts = max(1, (max(guestRows, hostRows) + sizes.part - 1) / sizes.part)
        self.parts = parts
        capacities = rows.map { Self.capacity($0, parts) }
        let pairs = UInt64(max(1, guestRows)) * UInt64(max(1, hostRows))
        // ⌈log2⌉ of the pairs, which is ⌈log2⌉ of what the formula wants up to the whole byte.
        let bits = pairs == 1 ? 0 : 64 - (pairs - 1).leadingZeroBitCount
        tagBytes = (40 + bits + 7) / 8
    }

    /// Frames of points that a party sends in each part; as many frames of tags answer them.
    public func frames(_ party: Int) -> Int { (capacities[party] + frameSize - 1) / frameSize }

    /// Points or tags of one frame.
    public func count(_ party: Int, frame: Int) -> Int {
        min(frameSize, capacities[party] - frame * frameSize)
    }

    /// Whether a party gets tags of its points: only who does can tell which of them are common, or how many.
    public func learns(_ party: Int) -> Bool { party == 0 || disclosure != .guestOnly }

    /// All rows where there is one part. Else the mean, eight standard deviations and a few: of that many balls in so
    /// many bins, a bin gets more once in 10^15 times.
    private static func capacity(_ rows: Int, _ parts: Int) -> Int {
        guard parts > 1 else { return max(1, rows) }
        let mean = (rows + parts - 1) / parts
        return min(max(1, rows), mean + Int((8 * Double(mean).squareRoot()).rounded(.up)) + 32)
    }
}

/// What a party does in one part, in order; the same list read from the other side fits.
public enum ExchangeStep: Sendable, Hashable {
    case sendPoints(Int)
    case takePoints(Int)
    case sendTags(Int)
    case takeTags(Int)

    public var isSending: Bool {
        switch self {
        case .sendPoints, .sendTags: true
        case .takePoints, .takeTags: false
        }
    }
}

extension ExchangePlan {
    /// The steps of one part. A party never sends more than a frame of points and one of tags without taking one.
    ///
    /// Tags of a frame follow at once and in its order, except in `size-only`: there they come after all points, sorted,
    /// so that none can be told from another.
    public func steps(_ party: Int) -> [ExchangeStep] {
        let own = frames(party)
        let peers = frames(1 - party)
        let rounds = max(own, peers)
        var steps: [ExchangeStep] = []
        func add(_ step: ExchangeStep, _ happens: Bool) { if happens { steps.append(step) } }
        if disclosure == .sizeOnly {
            for round in 0..<rounds {
                add(.sendPoints(round), round < own)
                add(.takePoints(round), round < peers)
            }
            for round in 0..<rounds {
                add(.sendTags(round), round < peers)
                add(.takeTags(round), round < own)
            }
            return steps
        }
        add(.sendPoints(0), own > 0)
        for round in 0..<rounds {
            add(.takePoints(round), round < peers)
            add(.sendTags(round), round < peers && learns(1 - party))
            add(.sendPoints(round + 1), round + 1 < own)
            add(.takeTags(round), round < own && learns(party))
        }
        return steps
    }
}
