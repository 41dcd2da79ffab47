public import Faults
import GRDB
import Resources

/// Co-signing: what goes over the link between two ledgers. The bytes are for the peer's methods of the same part.
extension SiteLedger {
    /// The first message: this side's chain towards the peer, and what it has received.
    ///
    /// - Throws: `LedgerFaults.notOpened`; the store's faults.
    public func propose(job: String, to peer: SiteID, isClosed: Bool = false) async throws -> [UInt8] {
        try await own(job, peer) { try CoSigner.proposal($0, isClosed: isClosed).bytes }
    }

    /// Whether a proposal asks for the closing receipt, and of which job.
    ///
    /// - Throws: `LedgerFaults.malformedStatement`.
    public static func subject(ofProposal bytes: [UInt8]) throws(Fault) -> (job: String, isClosed: Bool) {
        let proposal = try LedgerProposal(bytes)
        return (proposal.job, proposal.isClosed)
    }

    /// The job of a signed statement (the third message).
    ///
    /// - Throws: `LedgerFaults.malformedStatement`.
    public static func subject(ofStatement bytes: [UInt8]) throws(Fault) -> (job: String, isClosed: Bool) {
        let statement = try LedgerStatement(try StatementMessage(bytes, signatures: 2).statement)
        return (statement.job, statement.isClosed)
    }

    /// The second message: checks a peer's proposal against this side's lines, and signs the statement of both. Of a
    /// chain that is closed already, the receipt once more: the peer may have missed its last message.
    ///
    /// - Parameter mayClose: whether this side has ended its channels, so that a receipt may be signed.
    /// - Throws: `LedgerFaults.malformedStatement`, `.disagreement` (which is recorded), `.notOpened`, `.notEnded`,
    ///   `.outdated`, `.chainClosed`.
    public func answer(_ proposal: [UInt8], from peer: SiteID, mayClose: Bool = true) async throws -> [UInt8] {
        let proposal = try LedgerProposal(proposal)
        let statement = try await recordingDisagreement(proposal.job, peer) {
            try await own(proposal.job, peer) { own in
                if proposal.isClosed, own.book.isClosed, let receipt = try own.newestStatement() { return receipt }
                if proposal.isClosed, !mayClose { throw Fault(LedgerFaults.notEnded, at: "job \(proposal.job)") }
                return try CoSigner.statement(for: proposal, own).bytes
            }
        }
        let signature = try signer.sign(LedgerStatement.signedBytes(statement))
        return StatementMessage(statement: statement, signatures: [signature]).bytes
    }

    /// The third message: checks a peer's answer, signs, and records the statement with both signatures.
    ///
    /// - Throws: as `answer`, and `LedgerFaults.badSignature`, `.unknownKey`.
    public func sign(_ answer: [UInt8], from peer: SiteID, job: String, isClosed: Bool = false) async throws -> [UInt8]
    {
        let message = try StatementMessage(answer, signatures: 1)
        let statement = try LedgerStatement(message.statement)
        guard statement.job == job, statement.isClosed == isClosed else {
            throw Fault(LedgerFaults.malformedStatement, "The answer is about something else than was proposed.")
        }
        try StatementSignature.check(
            message.signatures[0], of: message.statement, by: peer, key: signer.rootKey(of: peer))
        try await recordingDisagreement(job, peer) {
            try await own(job, peer) { try CoSigner.check(statement, $0) }
        }
        let ours = try signer.sign(LedgerStatement.signedBytes(message.statement))
        let signatures = site < peer ? [ours, message.signatures[0]] : [message.signatures[0], ours]
        let signed = SignedStatement(
            statement: message.statement, lowerSignature: signatures[0], upperSignature: signatures[1])
        try await record(signed, peer: peer, job: job)
        return StatementMessage(statement: message.statement, signatures: signatures).bytes
    }

    /// Takes the third message: checks everything again, and records. Taking it twice records it once.
    ///
    /// - Throws: as `sign`.
    public func accept(_ bytes: [UInt8], from peer: SiteID) async throws {
        let message = try StatementMessage(bytes, signatures: 2)
        let statement = try LedgerStatement(message.statement)
        let digest = LedgerHash.statement(message.statement)
        let isKnown = try await own(statement.job, peer) { $0.book.signed?.digest == digest }
        if isKnown { return }
        let signed = SignedStatement(
            statement: message.statement, lowerSignature: message.signatures[0], upperSignature: message.signatures[1])
        try StatementSignature.check(signed, statement, keys: signer.rootKey)
        try await recordingDisagreement(statement.job, peer) {
            try await own(statement.job, peer) { try CoSigner.check(statement, $0) }
        }
        try await record(signed, peer: peer, job: statement.job)
    }

    /// Runs a check over one consistent state of the chain towards a peer.
    private func own<Value: Sendable>(
        _ job: String, _ peer: SiteID, _ body: @escaping @Sendable (DiskLines) throws -> Value
    ) async throws -> Value {
        let site = site
        return try await database.read { db in
            let stored =
                try LedgerRows.chain(site: site, peer: peer, job: job, db)
                ?? StoredChain(book: ChainBook(site: site, peer: peer, job: job), channels: [:])
            return try body(DiskLines(stored: stored, db: db))
        }
    }

    /// A disagreement becomes a line of the chain before it is thrown.
    private func recordingDisagreement<Value: Sendable>(
        _ job: String, _ peer: SiteID, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let fault as Fault where fault.is(LedgerFaults.disagreement) {
            try await refuse(
                RefusalRecord(
                    direction: .received, peer: peer, job: job, task: "", step: 0, sequence: 0,
                    messageType: "ledger.statement", number: fault.number.rawValue))
            throw fault
        }
    }
}

/// A chain on the disk, inside one read.
private struct DiskLines: OwnLines {
    let stored: StoredChain
    let db: Database

    var book: ChainBook { stored.book }

    func head(after lines: UInt64) throws -> [UInt8]? {
        try LedgerRows.head(of: stored, after: lines, db)
    }

    /// The statement that both have signed last.
    func newestStatement() throws -> [UInt8]? {
        guard let id = stored.id, let signed = book.signed else { return nil }
        var next = signed.lines
        while next < book.lines, let segment = try LedgerRows.segment(of: id, holding: next, db) {
            for entry in try segment.entries() {
                guard case .signed(let line) = entry.line.body else { continue }
                if LedgerHash.statement(line.statement) == signed.digest { return line.statement }
            }
            next = segment.first + segment.count
        }
        return nil
    }

    func holds(_ channel: ChannelKey, count: UInt64, step: UInt32, agreement: [UInt8]) throws -> Bool {
        guard count > 0, let book = stored.book.channels[channel], let id = stored.channels[channel] else {
            return false
        }
        if book.count == count, book.head == agreement { return book.step == step }
        return try LedgerRows.frames(of: id, channel, sequence: count - 1, db).contains {
            $0.agreement == agreement && $0.step == step
        }
    }
}
