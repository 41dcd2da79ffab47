import Faults
import GRDB
public import Ledger
public import Resources
import Synchronization

/// The audit of a site: a chain of records in its database, whose head the site's root key signs with every record.
///
/// A record is durable when `write` returns. Whoever changes the database without the key is found by `verify`; whoever
/// has the key too is found by an export that was kept elsewhere.
public final class AuditLog: Sendable {
    let database: SQLiteDatabase
    let signer: any LedgerSigner
    let now: @Sendable () -> Timestamp
    private let strangers = Mutex(StrangerBudget())

    /// Records of one page of a list.
    public static let mostRecords = 1_000

    public init(
        _ database: SQLiteDatabase, signer: any LedgerSigner, now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.signer = signer
        self.now = now
    }

    /// Adds a record. Refusals of callers who are nobody are written 60 in a minute at most, and so are failed logins, so
    /// that no stranger fills the disk; the others are counted in the next record.
    ///
    /// - Parameter begun: of `begin`, where the record is about what had begun.
    /// - Throws: store faults; what keeps the head from being signed. Nothing is written then.
    public func write(_ entry: AuditRecord.Entry, ending begun: String? = nil) async throws {
        let time = now()
        if entry.account.isEmpty, entry.fault != 0 {
            guard strangers.withLock({ $0.admit(entry.kind, time.milliseconds) }) else { return }
        }
        let unwritten = strangers.withLock { $0.takeUnwritten() }
        let (signer, entry) = (signer, entry.cut)
        do {
            try await database.write { db in
                try Self.append(entry, at: time, unwritten: unwritten, signer, db)
                if let begun { try db.execute(sql: "DELETE FROM auditBegun WHERE id = ?", arguments: [begun]) }
            }
        } catch {
            strangers.withLock { $0.putBack(unwritten) }
            throw error
        }
    }

    static func append(
        _ entry: AuditRecord.Entry, at time: Timestamp, unwritten: UInt32, _ signer: any LedgerSigner, _ db: Database
    ) throws {
        var chain = try head(db)?.chain ?? AuditChain(site: signer.site)
        let record = AuditRecord(number: chain.records, time: time, entry: entry, unwritten: unwritten)
        chain.append(record)
        let signature = try signer.sign(
            LedgerHash.auditHead(site: signer.site, records: chain.records, hash: chain.head))
        try insert(record, hash: chain.head, db)
        try setHead(chain, signature: signature, db)
    }

    /// Newest first.
    public func list(_ query: AuditQuery) async throws -> [AuditRecord] {
        try await database.read { db in try Self.select(query, db) }
    }

    /// What does not hold; empty when the chain and its head are whole.
    public func verify() async throws -> (records: UInt64, findings: [AuditVerifier.Finding]) {
        let signer = signer
        return try await database.read { db in
            var verifier = AuditVerifier(site: signer.site)
            try Self.forEach(db) { record, hash in
                verifier.take(record, hash: hash)
                return true
            }
            if let head = try Self.head(db) {
                verifier.takeHead(
                    records: head.chain.records, hash: head.chain.head, key: signer.rootKey(of: signer.site),
                    signature: head.signature)
            } else if verifier.records > 0 {
                verifier.takeHead(records: 0, hash: [], key: nil, signature: [])
            }
            return (verifier.records, verifier.findings)
        }
    }
}

/// How many failures of nobody are written, of each kind.
private struct StrangerBudget {
    private static let most = 60
    private static let pace: Int64 = 60_000

    private var written: [AuditRecord.Kind: (since: Int64, count: Int)] = [:]
    private var unwritten: UInt32 = 0

    mutating func admit(_ kind: AuditRecord.Kind, _ now: Int64) -> Bool {
        var (since, count) = written[kind] ?? (now, 0)
        if !(0..<Self.pace).contains(now - since) { (since, count) = (now, 0) }
        written[kind] = (since, count + 1)
        guard count >= Self.most else { return true }
        unwritten = unwritten == .max ? .max : unwritten + 1
        return false
    }

    mutating func takeUnwritten() -> UInt32 {
        defer { unwritten = 0 }
        return unwritten
    }

    mutating func putBack(_ count: UInt32) {
        unwritten = unwritten.addingReportingOverflow(count).overflow ? .max : unwritten + count
    }
}

/// Which records are wanted.
public struct AuditQuery: Sendable {
    /// What an account did, and its logins; nil: every account. As it is written in records.
    public var account: String?
    public var kind: AuditRecord.Kind?
    /// Only what was asked for in this tenant, and in this project of it; the platform for everything.
    public var scope = Scope.platform
    public var since: Timestamp?
    /// Exclusive.
    public var until: Timestamp?
    /// Found in path, detail, route or address, letter by letter.
    public var text: String?
    /// Only records before this number: the next page.
    public var before: UInt64?
    /// 1 to `AuditLog.mostRecords`.
    public var limit = 100

    public init() {}
}
