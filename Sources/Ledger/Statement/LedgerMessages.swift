import Faults

/// The first message of a co-signature: where the proposer's chain stands and what it has received.
struct LedgerProposal: Sendable, Hashable {
    /// What the proposer has received of one task.
    struct Received: Sendable, Hashable {
        var task: String
        var count: UInt64
        var step: UInt32
        var agreement: [UInt8]
    }

    var isClosed: Bool
    var job: String
    var planDigest: [UInt8]
    var epoch: UInt64
    var lines: UInt64
    var head: [UInt8]
    /// Sorted by task.
    var received: [Received]

    private static let magic = Array("ATLP".utf8)
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.magic)
        writer.put(Self.version)
        writer.put(UInt8(isClosed ? 1 : 0))
        writer.put(job)
        writer.put(planDigest)
        writer.put(epoch)
        writer.put(lines)
        writer.put(head)
        writer.put(UInt16(received.count))
        for item in received {
            writer.put(item.task)
            writer.put(item.count)
            writer.put(item.step)
            writer.put(item.agreement)
        }
        return writer.bytes
    }

    /// - Throws: `LedgerFaults.malformedStatement`.
    init(_ bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes, or: LedgerFaults.malformedStatement)
        guard bytes.count <= LedgerStatement.maximumBytes, try reader.raw(4) == Self.magic,
            try reader.integer(UInt8.self) == Self.version
        else { throw reader.refuse("a proposal of version \(Self.version)") }
        isClosed = try reader.flag()
        job = try reader.text(atMost: LedgerLine.longestText)
        planDigest = try reader.raw(LedgerHash.length)
        epoch = try reader.count()
        lines = try reader.count()
        head = try reader.raw(LedgerHash.length)
        let count = Int(try reader.integer(UInt16.self))
        guard count <= LedgerStatement.maximumChannels else { throw reader.refuse("fewer channels") }
        received = []
        for _ in 0..<count {
            let task = try reader.text(atMost: LedgerLine.longestText)
            let frames = try reader.count()
            guard frames > 0 else { throw reader.refuse("a channel that has carried something") }
            let step = try reader.integer(UInt32.self)
            let agreement = try reader.raw(LedgerHash.length)
            if let last = received.last, !last.task.utf8.lexicographicallyPrecedes(task.utf8) {
                throw reader.refuse("channels in order")
            }
            received.append(Received(task: task, count: frames, step: step, agreement: agreement))
        }
        try reader.end()
    }

    init(
        isClosed: Bool, job: String, planDigest: [UInt8], epoch: UInt64, lines: UInt64, head: [UInt8],
        received: [Received]
    ) {
        self.isClosed = isClosed
        self.job = job
        self.planDigest = planDigest
        self.epoch = epoch
        self.lines = lines
        self.head = head
        self.received = received.sorted { $0.task.utf8.lexicographicallyPrecedes($1.task.utf8) }
    }
}

/// The second message: the statement with the answering side's signature; with both, it is the third.
struct StatementMessage: Sendable, Hashable {
    var statement: [UInt8]
    /// One signature in the answer; the smaller site's and then the other's in the third message.
    var signatures: [[UInt8]]

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt32(statement.count))
        writer.put(statement)
        for signature in signatures { writer.put(signature) }
        return writer.bytes
    }

    /// - Throws: `LedgerFaults.malformedStatement`.
    init(_ bytes: [UInt8], signatures count: Int) throws(Fault) {
        var reader = ByteReader(bytes, or: LedgerFaults.malformedStatement)
        let length = Int(try reader.integer(UInt32.self))
        guard length <= LedgerStatement.maximumBytes else { throw reader.refuse("a shorter statement") }
        statement = try reader.raw(length)
        signatures = []
        for _ in 0..<count { signatures.append(try reader.raw(SignedStatement.signatureBytes)) }
        try reader.end()
    }

    init(statement: [UInt8], signatures: [[UInt8]]) {
        self.statement = statement
        self.signatures = signatures
    }
}
