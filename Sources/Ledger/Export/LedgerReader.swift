import Faults
import GRDB
public import Resources

/// Reads a ledger: of a running site, or of a stopped one whose file nobody writes.
public struct LedgerReader: Sendable {
    public let site: SiteID
    let reader: any DatabaseReader
    private let path: String

    init(site: SiteID, reader: any DatabaseReader, path: String) {
        self.site = site
        self.reader = reader
        self.path = path
    }

    /// Opens the file of a stopped site for reading only.
    ///
    /// - Throws: `LedgerFaults.unreadable`.
    public init(stopped path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let stored = try queue.read(LedgerRows.site)
            guard let stored, let site = SiteID(stored.site) else {
                throw Fault(LedgerFaults.unreadable, "The file holds no ledger.", at: path)
            }
            self.init(site: site, reader: queue, path: path)
        } catch {
            throw error as? Fault ?? Fault(LedgerFaults.unreadable, at: path)
        }
    }

    /// A chain and up to where both have signed.
    public struct Chain: Sendable, Hashable {
        public let peer: SiteID
        public let job: String
        public let lines: UInt64
        public let isClosed: Bool
        /// How many of the lines both have co-signed.
        public let signedLines: UInt64
        /// When; nil when nothing was co-signed.
        public let signedAt: Timestamp?
        /// Whether frames or refusals wait for a co-signature.
        public let isWaiting: Bool
        /// By task, direction and type.
        public let flows: [Flow]
        public let refusals: UInt64
    }

    /// What crossed as frames of one type in one direction of one task.
    public struct Flow: Sendable, Hashable {
        public let task: String
        public let direction: FrameDirection
        public let messageType: String
        public let tally: LedgerTally
    }

    /// Chains, newest job last.
    ///
    /// - Parameters:
    ///   - job: nil for all.
    ///   - peer: nil for all.
    public func chains(job: String? = nil, peer: SiteID? = nil) async throws -> [Chain] {
        let site = site
        return try await read { db in
            try LedgerRows.ids(job: job, peer: peer, db).compactMap { id in
                guard let stored = try LedgerRows.chain(site: site, peer: id.peer, job: id.job, db) else { return nil }
                return Chain(stored.book)
            }
        }
    }

    /// Lines of one chain after a number, as JSON values in the form of an export.
    ///
    /// - Parameters:
    ///   - number: the first line given has the next number; nil begins with line 0.
    ///   - limit: at least 1.
    public func lines(
        job: String, peer: SiteID, after number: UInt64?, limit: Int, withSalts: Bool = false
    ) async throws -> [JSONValue] {
        let site = site
        return try await read { db in
            guard let stored = try LedgerRows.chain(site: site, peer: peer, job: job, db), let id = stored.id else {
                return []
            }
            var next = number.map { $0 + 1 } ?? 0
            var lines: [JSONValue] = []
            while lines.count < limit, let segment = try LedgerRows.segment(of: id, holding: next, db) {
                for entry in try segment.entries() where entry.number >= next && lines.count < limit {
                    lines.append(ExportObject.line(entry, peer: peer, job: job, withSalts: withSalts))
                    next = entry.number + 1
                }
            }
            return lines
        }
    }

    /// Reads one state; errors of the database become `LedgerFaults.unreadable`.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await reader.read(body)
        } catch {
            if error is Fault || error is CancellationError { throw error }
            throw Fault(LedgerFaults.unreadable, "The ledger's file cannot be read.", at: path)
        }
    }
}

extension LedgerReader.Chain {
    init(_ book: ChainBook) {
        peer = book.peer
        job = book.job
        lines = book.lines
        isClosed = book.isClosed
        signedLines = book.signed?.lines ?? 0
        signedAt = book.signed.map { Timestamp(milliseconds: $0.time) }
        isWaiting = book.news > signedLines
        refusals = book.refusals
        flows = book.channels.flatMap { key, channel in
            channel.tallies.map { type, tally in
                LedgerReader.Flow(task: key.task, direction: key.direction, messageType: type, tally: tally)
            }
        }.sorted {
            ($0.task, $0.direction.rawValue, $0.messageType) < ($1.task, $1.direction.rawValue, $1.messageType)
        }
    }
}

extension SiteLedger {
    /// For summaries, pages, exports and verification beside the writer.
    public var reader: LedgerReader {
        LedgerReader(site: site, reader: database.pool, path: database.path)
    }
}
