import Faults

/// One chain of an export, replayed line by line. Holds about 64 bytes per line, to look back.
struct VerifiedChain {
    private(set) var book: ChainBook
    /// The hash of every line, one after the other.
    private var hashes: [UInt8] = []
    private var past: [ChannelKey: Past] = [:]
    /// Root keys as `opened` lines told them, checked against the site ids when they are used.
    private var keys: [SiteID: [UInt8]] = [:]
    /// Each statement with the number of its line, in order.
    private(set) var statements: [(line: UInt64, statement: LedgerStatement)] = []
    /// Set with the first thing that is wrong; what follows is not looked at.
    private(set) var isBroken = false
    private(set) var head: Head?

    /// What the object at the end of a chain claims.
    struct Head: Sendable, Hashable {
        var lines: UInt64
        var hash: [UInt8]
        var signedLines: UInt64
        var isClosed: Bool
        var refusals: UInt64
    }

    /// The agreement hashes of a channel.
    struct Past {
        /// The newest for each sequence number, one after the other.
        var current: [UInt8] = []
        /// Those that others replaced.
        var replaced: [UInt64: [[UInt8]]] = [:]
    }

    init(site: SiteID, peer: SiteID, job: String) {
        book = ChainBook(site: site, peer: peer, job: job)
    }

    /// - Throws: a fault that says what is wrong with the line; the chain is broken from then on.
    mutating func take(_ line: LedgerLine, number: UInt64, hash: [UInt8], salt: [UInt8]?) throws {
        if isBroken { return }
        isBroken = true
        guard number == book.lines else {
            throw Fault(LedgerFaults.notVerified, "Line \(book.lines) is missing or out of order.")
        }
        guard head == nil else { throw Fault(LedgerFaults.notVerified, "The line comes after the chain's head.") }
        if case .signed(let signed) = line.body { try check(signed, number: number) }
        let appended = try Self.append(line, to: &book, past)
        guard appended.line == line else {
            throw Fault(
                LedgerFaults.notVerified, "The agreement hash or the standing does not follow from the frames before.")
        }
        guard appended.hash == hash else {
            throw Fault(LedgerFaults.notVerified, "The hash does not follow from the line and the one before.")
        }
        if case .frame(let frame) = line.body {
            if let salt, LedgerHash.salt(salt) != frame.saltDigest {
                throw Fault(LedgerFaults.notVerified, "The salt does not have the salt's digest.")
            }
            let key = ChannelKey(task: frame.task, direction: frame.direction)
            past[key, default: Past()].enter(frame.sequence, frame.agreement)
        }
        if case .opened(let opening) = line.body {
            keys[book.site] = opening.siteKey
            keys[book.peer] = opening.peerKey
        }
        hashes += hash
        isBroken = false
    }

    /// - Parameter flows: the counts that the head claims.
    /// - Throws: what does not fit the lines.
    mutating func take(_ head: Head, flows: [LedgerReader.Flow]) throws {
        if isBroken { return }
        isBroken = true
        guard self.head == nil else { throw Fault(LedgerFaults.notVerified, "The chain has a second head.") }
        guard head.lines == book.lines, head.hash == book.head else {
            throw Fault(LedgerFaults.notVerified, "The chain has \(book.lines) lines and ends with another hash.")
        }
        guard head.signedLines == book.signed?.lines ?? 0, head.isClosed == book.isClosed else {
            throw Fault(LedgerFaults.notVerified, "The head tells another state of co-signing than the lines.")
        }
        guard head.refusals == book.refusals, flows == LedgerReader.Chain(book).flows else {
            throw Fault(LedgerFaults.notVerified, "The head's counts are not those of the lines.")
        }
        self.head = head
        isBroken = false
    }

    /// The hash after that many lines.
    func hash(after lines: UInt64) -> [UInt8]? {
        if lines == 0 { return LedgerHash.start(site: book.site, peer: book.peer, job: book.job) }
        guard lines <= UInt64(hashes.count / LedgerHash.length) else { return nil }
        let end = Int(lines) * LedgerHash.length
        return Array(hashes[end - LedgerHash.length..<end])
    }

    /// Whether some frame was recorded as the channel's last of `count` with this agreement hash.
    func holds(_ key: ChannelKey, count: UInt64, agreement: [UInt8]) -> Bool {
        guard count > 0, let channel = past[key] else { return false }
        return channel.agreement(count - 1) == agreement || channel.replaced[count - 1]?.contains(agreement) == true
    }

    /// The newest agreement hash with that sequence number.
    func agreement(_ key: ChannelKey, _ sequence: UInt64) -> [UInt8]? {
        past[key]?.agreement(sequence)
    }

    /// A function of its own, so that the past is not copied.
    private static func append(
        _ line: LedgerLine, to book: inout ChainBook, _ past: [ChannelKey: Past]
    ) throws -> ChainBook.Appended {
        try book.append(line.body, time: line.time) { key, sequence in
            guard let hash = past[key]?.agreement(sequence) else { throw Fault(LedgerFaults.damaged) }
            return hash
        }
    }

    private mutating func check(_ signed: SignedStatement, number: UInt64) throws {
        let statement = try LedgerStatement(signed.statement)
        guard let own = statement.end(of: book.site), statement.end(of: book.peer) != nil, statement.job == book.job
        else { throw Fault(LedgerFaults.notVerified, "The statement is about another chain.") }
        try StatementSignature.check(signed, statement) { keys[$0] }
        guard own.lines <= number, hash(after: own.lines) == own.head else {
            throw Fault(LedgerFaults.notVerified, "The co-signed head is not the hash after \(own.lines) lines.")
        }
        guard let opening = book.opening, statement.planDigest == opening.planDigest, statement.epoch == opening.epoch
        else { throw Fault(LedgerFaults.notVerified, "The statement is of another plan or epoch.") }
        if let last = book.signed, own.lines < last.lines {
            throw Fault(LedgerFaults.notVerified, "The statement covers fewer lines than the one before.")
        }
        for channel in statement.channels {
            let isSent = channel.isFromLower == (book.site < book.peer)
            let key = ChannelKey(task: channel.task, direction: isSent ? .sent : .received)
            guard holds(key, count: channel.count, agreement: channel.agreement) else {
                throw Fault(LedgerFaults.notVerified, "The co-signed frames of task \(channel.task) are others.")
            }
        }
        statements.append((number, statement))
    }
}

extension VerifiedChain.Past {
    func agreement(_ sequence: UInt64) -> [UInt8]? {
        guard sequence < UInt64(current.count / LedgerHash.length) else { return nil }
        let start = Int(sequence) * LedgerHash.length
        return Array(current[start..<start + LedgerHash.length])
    }

    /// - Precondition: no gap before `sequence`, which the chain has made sure of.
    mutating func enter(_ sequence: UInt64, _ agreement: [UInt8]) {
        let start = Int(sequence) * LedgerHash.length
        if start == current.count {
            current += agreement
        } else if let old = self.agreement(sequence), old != agreement {
            replaced[sequence, default: []].append(old)
            current.replaceSubrange(start..<start + LedgerHash.length, with: agreement)
        }
    }
}
