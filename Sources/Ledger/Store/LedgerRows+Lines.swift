import Faults
import GRDB

/// Finding lines again.
extension LedgerRows {
    /// Chains in the order in which they began.
    static func ids(job: String?, peer: SiteID?, _ db: Database) throws -> [ChainID] {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT peer, job FROM chain WHERE job = COALESCE(?, job) AND peer = COALESCE(?, peer) ORDER BY id",
            arguments: [job, peer?.text])
        return try rows.map { row in
            guard let peer = SiteID(row[0] as String) else { throw Fault(LedgerFaults.damaged, at: "chain") }
            return ChainID(peer: peer, job: row[1])
        }
    }

    /// The site's chain from a number on, with the chain that each line is about.
    static func siteLines(from number: UInt64, limit: Int, _ db: Database) throws -> [(SiteLine, UInt64, [UInt8])] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT number, time, peer, job, site_line.lines, site_line.head, hash FROM site_line
                JOIN chain ON chain.id = site_line.chain WHERE number >= ? ORDER BY number LIMIT ?
                """
        )
        return try Row.fetchAll(statement, arguments: [Int64(number), limit]).map { row in
            guard let peer = SiteID(row[2] as String) else { throw Fault(LedgerFaults.damaged, at: "site line") }
            let line = SiteLine(
                time: row[1], peer: peer, job: row[3], lines: UInt64(row[4] as Int64), head: bytes(row[5]))
            return (line, UInt64(row[0] as Int64), bytes(row[6]))
        }
    }

    /// The segment that holds a line.
    static func segment(of chain: Int64, holding number: UInt64, _ db: Database) throws -> Segment? {
        let statement = try db.cachedStatement(
            sql: "SELECT first, lines, bytes FROM segment WHERE chain = ? AND first <= ? ORDER BY first DESC LIMIT 1")
        guard let row = try Row.fetchOne(statement, arguments: [chain, Int64(number)]) else { return nil }
        let segment = Segment(first: UInt64(row[0] as Int64), count: UInt64(row[1] as Int64), bytes: bytes(row[2]))
        return number < segment.first + segment.count ? segment : nil
    }

    /// The hash after that many lines; nil when there are fewer.
    static func head(of stored: StoredChain, after lines: UInt64, _ db: Database) throws -> [UInt8]? {
        let book = stored.book
        if lines == book.lines { return book.head }
        if lines == 0 { return LedgerHash.start(site: book.site, peer: book.peer, job: book.job) }
        guard let id = stored.id, let segment = try segment(of: id, holding: lines - 1, db) else { return nil }
        return try segment.entries().first { $0.number == lines - 1 }?.hash
    }

    /// Segments with frames of that sequence number, newest first.
    static func segments(of channel: Int64, sequence: UInt64, _ db: Database) throws -> [Int64] {
        try Int64.fetchAll(
            db.cachedStatement(
                sql: "SELECT segment FROM span WHERE channel = ? AND last >= ? AND first <= ? ORDER BY segment DESC"),
            arguments: [channel, Int64(sequence), Int64(sequence)])
    }

    static func entries(ofSegment id: Int64, _ db: Database) throws -> [Segment.Entry] {
        let statement = try db.cachedStatement(sql: "SELECT first, lines, bytes FROM segment WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return [] }
        return try Segment(first: UInt64(row[0] as Int64), count: UInt64(row[1] as Int64), bytes: bytes(row[2]))
            .entries()
    }

    /// Every frame of a channel with that sequence number, newest first.
    static func frames(
        of channel: Int64, _ key: ChannelKey, sequence: UInt64, _ db: Database
    ) throws -> [FrameLine] {
        var frames: [FrameLine] = []
        for segment in try segments(of: channel, sequence: sequence, db) {
            for entry in try entries(ofSegment: segment, db).reversed() {
                guard case .frame(let frame) = entry.line.body, frame.sequence == sequence, frame.task == key.task,
                    frame.direction == key.direction
                else { continue }
                frames.append(frame)
            }
        }
        return frames
    }
}
