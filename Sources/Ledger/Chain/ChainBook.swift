import Faults

/// One chain as a value: appends lines, keeps the counts. No disk, no clock; the verifier replays exports through it.
struct ChainBook: Sendable, Hashable {
    let site: SiteID
    let peer: SiteID
    let job: String
    /// How many lines there are; the next has this number.
    private(set) var lines: UInt64 = 0
    /// The hash of the last line.
    private(set) var head: [UInt8]
    /// How many lines there were when the last frame or refusal was in: beyond the co-signed ones, something is new.
    private(set) var news: UInt64 = 0
    /// How many frames were refused.
    private(set) var refusals: UInt64 = 0
    private(set) var opening: Opening?
    /// Both have signed the closing receipt of this epoch.
    private(set) var isClosed = false
    private(set) var signed: Signed?
    private(set) var channels: [ChannelKey: ChannelBook] = [:]

    struct Opening: Sendable, Hashable {
        var planDigest: [UInt8]
        var epoch: UInt64
    }

    /// The newest statement that both have signed.
    struct Signed: Sendable, Hashable {
        /// SHA-256 of the statement.
        var digest: [UInt8]
        /// How many lines of this chain it covers.
        var lines: UInt64
        var peerLines: UInt64
        var peerHead: [UInt8]
        /// Milliseconds since 1970.
        var time: Int64
    }

    /// A line as it joined the chain.
    struct Appended {
        var line: LedgerLine
        var bytes: [UInt8]
        var hash: [UInt8]
    }

    init(site: SiteID, peer: SiteID, job: String) {
        self.site = site
        self.peer = peer
        self.job = job
        head = LedgerHash.start(site: site, peer: peer, job: job)
    }

    init(
        site: SiteID, peer: SiteID, job: String, lines: UInt64, head: [UInt8], news: UInt64, refusals: UInt64,
        opening: Opening?, isClosed: Bool, signed: Signed?, channels: [ChannelKey: ChannelBook]
    ) {
        self.site = site
        self.peer = peer
        self.job = job
        self.lines = lines
        self.head = head
        self.news = news
        self.refusals = refusals
        self.opening = opening
        self.isClosed = isClosed
        self.signed = signed
        self.channels = channels
    }

    /// Appends a line; of a frame, `standing` and `agreement` are found here.
    ///
    /// - Parameter past: the agreement hash of a channel's newest line with that sequence number, which is there.
    /// - Throws: `LedgerFaults.outOfSequence`, `.chainClosed`; what `past` throws. The chain is then as it was.
    mutating func append(
        _ body: LedgerLine.Body, time: Int64, past: (ChannelKey, UInt64) throws -> [UInt8]
    ) throws -> Appended {
        var line = LedgerLine(time: time, body: body)
        switch body {
        case .frame(let frame):
            line.body = .frame(try place(frame, past: past))
            news = lines + 1
        case .refusal:
            refusals += 1
            news = lines + 1
        case .signed(let statement): try note(statement, time: time)
        case .opened(let opening):
            self.opening = Opening(planDigest: opening.planDigest, epoch: opening.epoch)
            isClosed = false
        }
        let bytes = line.bytes
        head = LedgerHash.line(after: head, bytes)
        lines += 1
        return Appended(line: line, bytes: bytes, hash: head)
    }

    /// The agreement hash that the first frame of a channel follows.
    func start(of channel: ChannelKey) -> [UInt8] {
        let isSent = channel.direction == .sent
        return LedgerHash.agreement(
            job: job, task: channel.task, sender: isSent ? site : peer, receiver: isSent ? peer : site)
    }

    private mutating func place(_ frame: FrameLine, past: (ChannelKey, UInt64) throws -> [UInt8]) throws -> FrameLine {
        guard !isClosed else { throw Fault(LedgerFaults.chainClosed, at: "job \(job)") }
        var frame = frame
        let key = ChannelKey(task: frame.task, direction: frame.direction)
        let channel = channels[key]
        let (count, sequence) = (channel?.count ?? 0, frame.sequence)
        guard sequence <= count else {
            throw Fault(
                LedgerFaults.outOfSequence, "Frame \(sequence) would leave a gap.",
                at: "job \(job), task \(frame.task)", wanted: "sequence number \(count) next")
        }
        let before: [UInt8]
        if sequence == 0 {
            before = start(of: key)
        } else if sequence == count, let channel {
            before = channel.head
        } else {
            before = try past(key, sequence - 1)
        }
        frame.agreement = LedgerHash.agreement(after: before, frame)
        frame.standing = sequence >= channel?.reached ?? 0 ? .first : .replaced
        if sequence < count, let channel {
            let current = sequence == count - 1 ? channel.head : try past(key, sequence)
            if current == frame.agreement { frame.standing = .resent }
        }
        // In place: a copy of the book would copy its tallies for every frame.
        Self.enter(frame, in: &channels[key, default: ChannelBook(head: before)])
        return frame
    }

    private static func enter(_ frame: FrameLine, in channel: inout ChannelBook) {
        if frame.standing != .resent {
            channel.count = frame.sequence + 1
            channel.head = frame.agreement
            channel.step = frame.step
            channel.reached = max(channel.reached, channel.count)
        }
        channel.tallies[frame.messageType, default: LedgerTally()].add(frame)
    }

    private mutating func note(_ signed: SignedStatement, time: Int64) throws {
        let statement = try LedgerStatement(signed.statement)
        guard let own = statement.end(of: site), let other = statement.end(of: peer), statement.job == job else {
            throw Fault(LedgerFaults.malformedStatement, "The statement is about another chain.")
        }
        self.signed = Signed(
            digest: LedgerHash.statement(signed.statement), lines: own.lines, peerLines: other.lines,
            peerHead: other.head, time: time)
        if statement.isClosed { isClosed = true }
    }
}
