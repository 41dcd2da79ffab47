import Faults

/// The pure part of co-signing: three messages, each checked against one's own lines before anything is signed.
///
/// 1. proposal: where the proposer's chain stands and what it has received;
/// 2. answer: the statement made from both ends, signed by the answering side;
/// 3. the statement with both signatures.
///
/// Nothing is kept between messages: the third is checked from the start, so it may come twice or after a restart.
enum CoSigner {
    /// - Throws: `LedgerFaults.notOpened`; `.notEnded` when it shall close and nothing says under which plan.
    static func proposal(_ own: some OwnLines, isClosed: Bool) throws -> LedgerProposal {
        let opening = try opening(of: own.book)
        return LedgerProposal(
            isClosed: isClosed, job: own.book.job, planDigest: opening.planDigest, epoch: opening.epoch,
            lines: own.book.lines, head: own.book.head,
            received: own.book.channels.filter { $0.key.direction == .received && $0.value.count > 0 }.map {
                .init(task: $0.key.task, count: $0.value.count, step: $0.value.step, agreement: $0.value.head)
            })
    }

    /// The statement that follows from a peer's proposal and this side's lines.
    ///
    /// - Throws: `LedgerFaults.disagreement`, `.notOpened`, `.notEnded`, `.outdated`, `.chainClosed`.
    static func statement(for proposal: LedgerProposal, _ own: some OwnLines) throws -> LedgerStatement {
        let book = own.book
        let fromPeerIsLower = book.peer < book.site
        let theirs = proposal.received.map {
            LedgerStatement.Channel(
                task: $0.task, isFromLower: !fromPeerIsLower, count: $0.count, step: $0.step, agreement: $0.agreement)
        }
        let ours = book.channels.filter { $0.key.direction == .received && $0.value.count > 0 }.map {
            LedgerStatement.Channel(
                task: $0.key.task, isFromLower: fromPeerIsLower, count: $0.value.count, step: $0.value.step,
                agreement: $0.value.head)
        }
        let statement = LedgerStatement(
            isClosed: proposal.isClosed, job: proposal.job, planDigest: proposal.planDigest, epoch: proposal.epoch,
            ends: (
                .init(site: book.peer, lines: proposal.lines, head: proposal.head),
                .init(site: book.site, lines: book.lines, head: book.head)
            ),
            channels: theirs + ours)
        guard statement.channels.count <= LedgerStatement.maximumChannels else {
            throw Fault(LedgerFaults.malformedStatement, wanted: "at most \(LedgerStatement.maximumChannels) channels")
        }
        try check(statement, own)
        return statement
    }

    /// Everything that a statement says of this side, against this side's lines.
    ///
    /// - Throws: `LedgerFaults.disagreement`, `.notOpened`, `.notEnded`, `.outdated`, `.chainClosed`.
    static func check(_ statement: LedgerStatement, _ own: some OwnLines) throws {
        let book = own.book
        let place = "job \(book.job), peer \(book.peer)"
        let opening = try opening(of: book)
        guard let mine = statement.end(of: book.site), let other = statement.end(of: book.peer),
            statement.job == book.job
        else { throw Fault(LedgerFaults.disagreement, "The statement is about another chain.", at: place) }
        guard statement.epoch == opening.epoch else {
            throw Fault(
                LedgerFaults.outdated, "The statement is of epoch \(statement.epoch).", at: place,
                wanted: "epoch \(opening.epoch)")
        }
        guard statement.planDigest == opening.planDigest else {
            throw Fault(LedgerFaults.disagreement, "The two sites have opened different plans.", at: place)
        }
        guard !book.isClosed else { throw Fault(LedgerFaults.chainClosed, at: place) }
        guard try own.head(after: mine.lines) == mine.head else {
            throw Fault(
                LedgerFaults.disagreement, "The statement gives this site's chain another head.", at: place,
                wanted: "this site's head after \(mine.lines) lines")
        }
        if let signed = book.signed {
            guard mine.lines >= signed.lines, other.lines >= signed.peerLines else {
                throw Fault(LedgerFaults.outdated, at: place)
            }
            guard other.lines > signed.peerLines || other.head == signed.peerHead else {
                throw Fault(LedgerFaults.disagreement, "The peer has changed lines that were co-signed.", at: place)
            }
        }
        for channel in statement.channels {
            let key = key(of: channel, in: book)
            guard
                try own.holds(key, count: channel.count, step: channel.step, agreement: channel.agreement)
            else {
                throw Fault(
                    LedgerFaults.disagreement,
                    "The frames of task \(channel.task) \(key.direction == .sent ? "to" : "from") the peer differ.",
                    at: "\(place), at or before frame \(channel.count - 1)")
            }
        }
        if statement.isClosed { try checkEnded(statement, book, place) }
    }

    /// For the closing receipt: the statement covers every frame that this side has sent or received.
    private static func checkEnded(_ statement: LedgerStatement, _ book: ChainBook, _ place: String) throws {
        var rest = book.channels.filter { $0.value.count > 0 }
        for channel in statement.channels {
            let key = key(of: channel, in: book)
            guard let own = rest.removeValue(forKey: key), own.count == channel.count, own.head == channel.agreement
            else { throw Fault(LedgerFaults.notEnded, at: "\(place), task \(channel.task)") }
        }
        if let missing = rest.keys.first { throw Fault(LedgerFaults.notEnded, at: "\(place), task \(missing.task)") }
    }

    private static func key(of channel: LedgerStatement.Channel, in book: ChainBook) -> ChannelKey {
        let isSent = channel.isFromLower == (book.site < book.peer)
        return ChannelKey(task: channel.task, direction: isSent ? .sent : .received)
    }

    private static func opening(of book: ChainBook) throws -> ChainBook.Opening {
        guard let opening = book.opening else {
            throw Fault(LedgerFaults.notOpened, at: "job \(book.job), peer \(book.peer)")
        }
        return opening
    }
}
