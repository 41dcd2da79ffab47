public import Faults

/// What both sites sign: where the chain of each stands, and what of each channel has reached its receiver.
///
/// The bytes are canonical: one statement has one encoding, so both sign the same.
public struct LedgerStatement: Sendable, Hashable {
    /// One site's chain towards the other: how many lines it has, and the hash of the last.
    public struct End: Sendable, Hashable {
        public var site: SiteID
        public var lines: UInt64
        public var head: [UInt8]
    }

    /// One direction of a task, up to what its receiver has.
    public struct Channel: Sendable, Hashable {
        public var task: String
        /// Whether the site with the smaller id is the sender.
        public var isFromLower: Bool
        /// How many frames, each sequence number once.
        public var count: UInt64
        /// The step of the last of them.
        public var step: UInt32
        public var agreement: [UInt8]
    }

    /// The closing receipt: every channel has ended and every frame of it is at both ends.
    public var isClosed: Bool
    public var job: String
    public var planDigest: [UInt8]
    public var epoch: UInt64
    /// The site with the smaller id.
    public var lower: End
    public var upper: End
    /// Sorted by task, then from lower to upper first; those that have carried nothing are absent.
    public var channels: [Channel]

    static let maximumChannels = 1024
    static let maximumBytes = 256 << 10
    private static let magic = Array("ATLS".utf8)
    private static let version: UInt8 = 1

    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.magic)
        writer.put(Self.version)
        writer.put(UInt8(isClosed ? 1 : 0))
        writer.put(job)
        writer.put(planDigest)
        writer.put(epoch)
        for end in [lower, upper] {
            writer.put(end.site.text)
            writer.put(end.lines)
            writer.put(end.head)
        }
        writer.put(UInt16(channels.count))
        for channel in channels {
            writer.put(channel.task)
            writer.put(UInt8(channel.isFromLower ? 0 : 1))
            writer.put(channel.count)
            writer.put(channel.step)
            writer.put(channel.agreement)
        }
        return writer.bytes
    }

    /// What the root key signs: the statement after a tag, so that the signature is good for nothing else.
    static func signedBytes(_ statement: [UInt8]) -> [UInt8] {
        Array("atoll/ledger/statement/1\0".utf8) + statement
    }

    /// Strict: one encoding only.
    ///
    /// - Throws: `LedgerFaults.malformedStatement`.
    public init(_ bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes, or: LedgerFaults.malformedStatement)
        guard bytes.count <= Self.maximumBytes else { throw reader.refuse("at most \(Self.maximumBytes) bytes") }
        guard try reader.raw(4) == Self.magic, try reader.integer(UInt8.self) == Self.version else {
            throw reader.refuse("a statement of version \(Self.version)")
        }
        isClosed = try reader.flag()
        job = try reader.text(atMost: LedgerLine.longestText)
        planDigest = try reader.raw(LedgerHash.length)
        epoch = try reader.count()
        lower = try End(&reader)
        upper = try End(&reader)
        guard lower.site < upper.site else { throw reader.refuse("the smaller site id first") }
        let count = Int(try reader.integer(UInt16.self))
        guard count <= Self.maximumChannels else { throw reader.refuse("at most \(Self.maximumChannels) channels") }
        channels = []
        for _ in 0..<count {
            let channel = try Channel(&reader)
            if let last = channels.last, !(last < channel) { throw reader.refuse("channels in order") }
            channels.append(channel)
        }
        try reader.end()
    }

    init(
        isClosed: Bool, job: String, planDigest: [UInt8], epoch: UInt64, ends: (End, End), channels: [Channel]
    ) {
        self.isClosed = isClosed
        self.job = job
        self.planDigest = planDigest
        self.epoch = epoch
        (lower, upper) = ends.0.site < ends.1.site ? ends : (ends.1, ends.0)
        self.channels = channels.sorted(by: <)
    }

    func end(of site: SiteID) -> End? {
        site == lower.site ? lower : site == upper.site ? upper : nil
    }
}

/// A statement with both signatures.
public struct SignedStatement: Sendable, Hashable {
    public var statement: [UInt8]
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5), r and s of 32 bytes each, by the site with the smaller id.
    public var lowerSignature: [UInt8]
    public var upperSignature: [UInt8]

    static let signatureBytes = 64
}

extension LedgerStatement.End {
    init(_ reader: inout ByteReader) throws(Fault) {
        site = try reader.site()
        lines = try reader.count()
        head = try reader.raw(LedgerHash.length)
    }
}

extension LedgerStatement.Channel {
    init(_ reader: inout ByteReader) throws(Fault) {
        task = try reader.text(atMost: LedgerLine.longestText)
        isFromLower = try !reader.flag()
        count = try reader.count()
        guard count > 0 else { throw reader.refuse("a channel that has carried something") }
        step = try reader.integer()
        agreement = try reader.raw(LedgerHash.length)
    }

    static func < (left: Self, right: Self) -> Bool {
        left.task.utf8.elementsEqual(right.task.utf8)
            ? left.isFromLower && !right.isFromLower : left.task.utf8.lexicographicallyPrecedes(right.task.utf8)
    }
}

extension ByteReader {
    mutating func flag() throws(Fault) -> Bool {
        switch try integer(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw refuse("0 or 1")
        }
    }
}
