import Crypto
import Faults
import GRDB
public import Resources

/// The ledger of one site: every frame that crossed, in hash chains, and what peers have co-signed of them.
///
/// - Durability: a call returns when what it records is on the disk. Calls that come together share one flush.
/// - Order: lines of one (peer, job) are chained in the order of the calls that gave them.
/// - Cancellation: a call that has begun is not cancelled; it returns when it is done.
/// - At most one per file. Thread-safe.
public final class SiteLedger: Sendable {
    public let site: SiteID
    let signer: any LedgerSigner
    let database: SQLiteDatabase
    private let commits: GroupCommit

    /// Opens or begins the ledger.
    ///
    /// - Parameters:
    ///   - path: `ledger.db`; its folder must exist.
    ///   - site: whose ledger it is, for ever.
    ///   - clock: of the lines' times.
    /// - Throws: `LedgerFaults.otherSite`; `ResourceFaults.storeDamaged`, `.storeNewer`, `.storeFull`,
    ///   `.storeReadOnly`, `.storeFailed`.
    public static func open(
        path: String, site: SiteID, signer: any LedgerSigner, clock: @escaping @Sendable () -> Timestamp = { .now }
    ) throws -> SiteLedger {
        let database = try SQLiteDatabase(
            path: path, snapshots: path + ".snapshots", migrations: [LedgerMigrations.self])
        return try SiteLedger(database, site: site, signer: signer, clock: clock)
    }

    private init(
        _ database: SQLiteDatabase, site: SiteID, signer: any LedgerSigner, clock: @escaping @Sendable () -> Timestamp
    ) throws {
        self.site = site
        self.signer = signer
        self.database = database
        let stored = try database.pool.read(LedgerRows.site)
        if let stored, stored.site != site.text {
            throw Fault(
                LedgerFaults.otherSite, "This ledger belongs to site \(stored.site).", at: database.path,
                wanted: "a ledger of site \(site)")
        }
        let books = LedgerBooks(
            site: site, lines: stored?.lines ?? 0, head: stored?.head ?? LedgerHash.start(site: site))
        commits = GroupCommit(database, books: books, clock: clock)
        if stored == nil {
            try database.pool.write { db in
                try LedgerRows.putSite(site, lines: 0, head: books.head, db)
            }
        }
    }

    /// Records frames, all or none.
    ///
    /// - Throws: `LedgerFaults.notRecorded` when the disk is full or read-only, `.outOfSequence`, `.invalidRecord`,
    ///   `.chainClosed`.
    public func record(_ records: [FrameRecord]) async throws {
        try await commits.record(records.map(LedgerEntry.frame))
    }

    /// Records a frame that was refused.
    ///
    /// - Throws: `LedgerFaults.notRecorded`, `.invalidRecord`.
    public func refuse(_ record: RefusalRecord) async throws {
        try await commits.record([.refusal(record)])
    }

    /// Records under which plan the lines that follow are written; again with every start or resume of a job.
    ///
    /// - Parameter planDigest: 32 bytes.
    /// - Throws: `LedgerFaults.unknownKey` when a root key is not known, `.notRecorded`, `.invalidRecord`.
    public func open(job: String, planDigest: [UInt8], epoch: UInt64, peers: [SiteID]) async throws {
        guard planDigest.count == LedgerHash.length, epoch <= UInt64(Int64.max) else {
            throw Fault(LedgerFaults.invalidRecord, at: "the plan's digest or epoch", wanted: "32 bytes; below 2^63")
        }
        let own = try key(of: site)
        let entries = try peers.map { peer in
            LedgerEntry.opened(
                peer: peer, job: job,
                LedgerLine.Opening(planDigest: planDigest, epoch: epoch, siteKey: own, peerKey: try key(of: peer)))
        }
        try await commits.record(entries)
    }

    /// Ends the use of the file once what runs is done. Calls after it fail.
    public func close() throws {
        try database.close()
    }

    func record(_ signed: SignedStatement, peer: SiteID, job: String) async throws {
        try await commits.record([.signed(peer: peer, job: job, signed)])
    }

    /// A site's root key, which must be the one that its id is made from.
    private func key(of site: SiteID) throws(Fault) -> [UInt8] {
        guard let key = signer.rootKey(of: site), key.count <= LedgerLine.longestKey,
            SiteID(digest: SHA256.hash(data: key)) == site
        else { throw Fault(LedgerFaults.unknownKey, at: "site \(site)") }
        return key
    }
}
