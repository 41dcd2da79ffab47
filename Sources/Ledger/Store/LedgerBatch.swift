import Faults
import GRDB

/// What one call wants to be recorded, all or nothing.
enum LedgerEntry: Sendable {
    case frame(FrameRecord)
    case refusal(RefusalRecord)
    case opened(peer: SiteID, job: String, LedgerLine.Opening)
    case signed(peer: SiteID, job: String, SignedStatement)

    var chain: ChainID {
        switch self {
        case .frame(let record): ChainID(peer: record.peer, job: record.job)
        case .refusal(let record): ChainID(peer: record.peer, job: record.job)
        case .opened(let peer, let job, _), .signed(let peer, let job, _): ChainID(peer: peer, job: job)
        }
    }
}

/// Names a chain of this site.
struct ChainID: Sendable, Hashable {
    var peer: SiteID
    var job: String
}

/// The state of the writer between batches: the chains in use, as the disk has them, and the site's chain.
struct LedgerBooks: Sendable {
    let site: SiteID
    var lines: UInt64
    var head: [UInt8]
    var chains: [ChainID: StoredChain] = [:]

    /// Beyond that many, chains that a batch does not touch are read again when they are needed.
    static let mostChains = 256
}

/// One transaction under way: works on a copy of the books, which counts once it is committed.
struct LedgerBatch {
    private(set) var books: LedgerBooks
    private let time: Int64
    private var work: [ChainID: Work] = [:]

    /// What a batch adds to one chain.
    private struct Work {
        var segment: Segment
        var past = PastFrames()
        var types: [ChannelKey: Set<String>] = [:]
    }

    init(_ books: LedgerBooks, time: Int64) {
        self.books = books
        self.time = time
    }

    mutating func append(_ entry: LedgerEntry, _ db: Database) throws {
        let id = entry.chain
        guard id.job.utf8.count <= LedgerLine.longestText else {
            throw Fault(
                LedgerFaults.invalidRecord, at: "the job", wanted: "at most \(LedgerLine.longestText) bytes")
        }
        if books.chains[id] == nil {
            books.chains[id] =
                try LedgerRows.chain(site: books.site, peer: id.peer, job: id.job, db)
                ?? StoredChain(book: ChainBook(site: books.site, peer: id.peer, job: id.job), channels: [:])
        }
        let (body, salt): (LedgerLine.Body, [UInt8]) =
            switch entry {
            case .frame(let record): (.frame(try FrameLine(record)), record.salt)
            case .refusal(let record): (.refusal(.init(record)), [])
            case .opened(_, _, let opening): (.opened(opening), [])
            case .signed(_, _, let signed): (.signed(signed), [])
            }
        let first = books.chains[id]!.book.lines
        try Self.append(
            body, salt: salt, time: time, to: &books.chains[id]!,
            &work[id, default: Work(segment: Segment(first: first))], db)
    }

    private static func append(
        _ body: LedgerLine.Body, salt: [UInt8], time: Int64, to chain: inout StoredChain, _ work: inout Work,
        _ db: Database
    ) throws {
        let channels = chain.channels
        let appended = try chain.book.append(body, time: time) { key, sequence in
            try work.past.find(key, sequence, in: channels, db)
        }
        work.segment.append(appended, salt: salt)
        guard case .frame(let frame) = appended.line.body else { return }
        work.past.add(frame)
        let key = ChannelKey(task: frame.task, direction: frame.direction)
        work.types[key, default: []].insert(frame.messageType)
    }

    /// Writes what was appended.
    mutating func write(_ db: Database) throws {
        for (id, work) in work.sorted(by: { ($0.key.job, $0.key.peer) < ($1.key.job, $1.key.peer) }) {
            let book = books.chains[id]!.book
            let chain = try LedgerRows.put(book, id: books.chains[id]!.id, db)
            books.chains[id]!.id = chain
            let segment = try LedgerRows.append(work.segment, chain: chain, db)
            for (key, sequences) in work.past.spans {
                guard let channel = book.channels[key] else { continue }
                let channelID = try LedgerRows.put(channel, key, chain: chain, types: work.types[key] ?? [], db)
                books.chains[id]!.channels[key] = channelID
                try LedgerRows.appendSpan(sequences, channel: channelID, segment: segment, db)
            }
            let line = SiteLine(time: time, peer: id.peer, job: id.job, lines: book.lines, head: book.head)
            books.head = LedgerHash.site(after: books.head, line)
            try LedgerRows.append(line, number: books.lines, chain: chain, hash: books.head, db)
            books.lines += 1
        }
        try LedgerRows.putSite(books.site, lines: books.lines, head: books.head, db)
        if books.chains.count > LedgerBooks.mostChains {
            books.chains = books.chains.filter { work.keys.contains($0.key) }
        }
    }
}
