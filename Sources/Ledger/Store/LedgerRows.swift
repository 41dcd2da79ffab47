import Faults
import GRDB

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The statements of the ledger's database. Errors of the database pass as they are; the callers translate them.
enum LedgerRows {
    static func site(_ db: Database) throws -> (site: String, lines: UInt64, head: [UInt8])? {
        try Row.fetchOne(db, sql: "SELECT site, lines, head FROM site").map { row in
            (row[0], UInt64(row[1] as Int64), bytes(row[2]))
        }
    }

    static func putSite(_ site: SiteID, lines: UInt64, head: [UInt8], _ db: Database) throws {
        try db.cachedStatement(sql: "REPLACE INTO site (key, site, lines, head) VALUES (0, ?, ?, ?)")
            .execute(arguments: [site.text, Int64(lines), data(head)])
    }

    static func append(_ line: SiteLine, number: UInt64, chain: Int64, hash: [UInt8], _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO site_line (number, time, chain, lines, head, hash) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [Int64(number), line.time, chain, Int64(line.lines), data(line.head), data(hash)])
    }

    /// A chain with its channels and counts, or nil when it has no line.
    static func chain(site: SiteID, peer: SiteID, job: String, _ db: Database) throws -> StoredChain? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, lines, head, news, plan, epoch, closed, signed_digest, signed_lines, peer_lines, peer_head,
                signed_time, refusals FROM chain WHERE job = ? AND peer = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [job, peer.text]) else { return nil }
        let id: Int64 = row[0]
        let opening: ChainBook.Opening? = (row[4] as Data?).map {
            .init(planDigest: Array($0), epoch: UInt64(row[5] as Int64))
        }
        let signed: ChainBook.Signed? = (row[7] as Data?).map {
            .init(
                digest: Array($0), lines: UInt64(row[8] as Int64), peerLines: UInt64(row[9] as Int64),
                peerHead: bytes(row[10]), time: row[11])
        }
        let (channels, ids) = try channels(of: id, db)
        return StoredChain(
            id: id,
            book: ChainBook(
                site: site, peer: peer, job: job, lines: UInt64(row[1] as Int64), head: bytes(row[2]),
                news: UInt64(row[3] as Int64), refusals: UInt64(row[12] as Int64), opening: opening, isClosed: row[6],
                signed: signed, channels: channels),
            channels: ids)
    }

    private static func channels(
        of chain: Int64, _ db: Database
    ) throws -> ([ChannelKey: ChannelBook], [ChannelKey: Int64]) {
        let statement = try db.cachedStatement(
            sql: "SELECT id, task, direction, count, reached, head, step FROM channel WHERE chain = ?")
        var books: [ChannelKey: ChannelBook] = [:]
        var ids: [ChannelKey: Int64] = [:]
        for row in try Row.fetchAll(statement, arguments: [chain]) {
            guard let direction = FrameDirection(rawValue: row[2]) else { throw Fault(LedgerFaults.damaged) }
            let key = ChannelKey(task: row[1], direction: direction)
            ids[key] = row[0]
            books[key] = ChannelBook(
                count: UInt64(row[3] as Int64), reached: UInt64(row[4] as Int64), head: bytes(row[5]), step: row[6],
                tallies: try tallies(of: row[0], db))
        }
        return (books, ids)
    }

    private static func tallies(of channel: Int64, _ db: Database) throws -> [String: LedgerTally] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT type, frames, bytes, elements, bits, resent, replaced, repeated_bytes, replaced_bits
                FROM tally WHERE channel = ?
                """
        )
        var tallies: [String: LedgerTally] = [:]
        for row in try Row.fetchAll(statement, arguments: [channel]) {
            var tally = LedgerTally()
            tally.frames = UInt64(row[1] as Int64)
            tally.bytes = UInt64(row[2] as Int64)
            tally.elements = UInt64(row[3] as Int64)
            tally.bits = UInt64(row[4] as Int64)
            tally.resent = UInt64(row[5] as Int64)
            tally.replaced = UInt64(row[6] as Int64)
            tally.repeatedBytes = UInt64(row[7] as Int64)
            tally.replacedBits = UInt64(row[8] as Int64)
            tallies[row[0]] = tally
        }
        return tallies
    }

    /// - Returns: the chain's id.
    static func put(_ book: ChainBook, id: Int64?, _ db: Database) throws -> Int64 {
        let values: [(any DatabaseValueConvertible)?] = [
            Int64(book.lines), data(book.head), Int64(book.news), book.opening.map { data($0.planDigest) },
            book.opening.map { Int64($0.epoch) }, book.isClosed, book.signed.map { data($0.digest) },
            book.signed.map { Int64($0.lines) }, book.signed.map { Int64($0.peerLines) },
            book.signed.map { data($0.peerHead) }, book.signed.map(\.time), Int64(book.refusals),
        ]
        if let id {
            try db.cachedStatement(
                sql: """
                    UPDATE chain SET lines = ?, head = ?, news = ?, plan = ?, epoch = ?, closed = ?, signed_digest = ?,
                    signed_lines = ?, peer_lines = ?, peer_head = ?, signed_time = ?, refusals = ? WHERE id = ?
                    """
            ).execute(arguments: StatementArguments(values + [id]))
            return id
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO chain (lines, head, news, plan, epoch, closed, signed_digest, signed_lines, peer_lines,
                peer_head, signed_time, refusals, peer, job) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: StatementArguments(values + [book.peer.text, book.job]))
        return db.lastInsertedRowID
    }

    /// - Returns: the channel's id.
    static func put(
        _ book: ChannelBook, _ key: ChannelKey, chain: Int64, types: Set<String>, _ db: Database
    ) throws -> Int64 {
        let id = try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    INSERT INTO channel (chain, task, direction, count, reached, head, step) VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (chain, task, direction) DO UPDATE SET count = excluded.count,
                    reached = excluded.reached, head = excluded.head, step = excluded.step RETURNING id
                    """
            ),
            arguments: [
                chain, key.task, key.direction.rawValue, Int64(book.count), Int64(book.reached), data(book.head),
                book.step,
            ]
        )
        guard let id else { throw Fault(LedgerFaults.damaged) }
        for type in types {
            guard let tally = book.tallies[type] else { continue }
            try db.cachedStatement(sql: "REPLACE INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(
                arguments: [
                    id, type, Int64(tally.frames), Int64(tally.bytes), Int64(tally.elements), Int64(tally.bits),
                    Int64(tally.resent), Int64(tally.replaced), Int64(tally.repeatedBytes), Int64(tally.replacedBits),
                ]
            )
        }
        return id
    }

    /// - Returns: the segment's id.
    static func append(_ segment: Segment, chain: Int64, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO segment (chain, first, lines, bytes) VALUES (?, ?, ?, ?)")
            .execute(arguments: [chain, Int64(segment.first), Int64(segment.count), data(segment.bytes)])
        return db.lastInsertedRowID
    }

    static func appendSpan(_ sequences: ClosedRange<UInt64>, channel: Int64, segment: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO span (channel, last, segment, first) VALUES (?, ?, ?, ?)")
            .execute(
                arguments: [channel, Int64(sequences.upperBound), segment, Int64(sequences.lowerBound)])
    }

    static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }

    static func bytes(_ data: Data) -> [UInt8] { Array(data) }
}

/// A chain as it was read.
struct StoredChain: Sendable {
    var id: Int64?
    var book: ChainBook
    var channels: [ChannelKey: Int64]
}
