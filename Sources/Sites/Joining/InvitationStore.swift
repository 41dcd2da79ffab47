import Crypto
import Faults
import GRDB
import Ledger
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Invitations and pending peers: rows of the site's database, because using one up and remembering who used it must be
/// one transaction.
///
/// - Durability: what a call changed is on the disk when it returns.
/// - Secrecy: the secret of a code is sealed with AES-256-GCM under a key that is derived from the site's root key, the
///   invitation's id authenticated along. Who reads the database alone can neither join nor read a code.
public struct InvitationStore: Sendable {
    /// Invitations that ended so long ago are forgotten: 30 days, in milliseconds.
    static let memory: Int64 = 30 * 86_400_000

    private let database: SQLiteDatabase
    private let key: SymmetricKey

    public init(_ database: SQLiteDatabase, identity: SiteIdentity) {
        self.database = database
        key = identity.sealingKey(for: "invitations")
    }

    /// What is needed to check a request.
    struct Verifier: Sendable {
        let secret: [UInt8]
        /// Of the whole code.
        let digest: [UInt8]
        let usedBy: SiteID?
    }

    /// What became of a claim.
    enum Claim: Sendable, Hashable {
        /// The first use; the pending peer is written.
        case claimed(name: String)
        /// The same site used it before.
        case repeated
        case refused(Refusal)
    }

    enum Refusal: Sendable, Hashable {
        case used, expired, withdrawn, unknown
    }

    func add(_ code: JoinCode, name: String, by author: String, now: Timestamp) async throws {
        let id = code.invitation
        guard let sealed = try AES.GCM.seal(code.secret, using: key, authenticating: Array(id.utf8)).combined else {
            throw Fault(JoiningFaults.identityDamaged, "The secret cannot be sealed.", at: "invitation")
        }
        let addresses = String(decoding: JSONWriter.compact(.array(code.addresses.map { .string($0) })), as: UTF8.self)
        let (digest, expiry) = (Data(code.digest), code.expiry.milliseconds)
        let (created, oldest) = (now.milliseconds, now.milliseconds - Self.memory)
        try await database.write { db in
            try db.execute(sql: "DELETE FROM invitation WHERE expiry < ?", arguments: [oldest])
            try db.execute(
                sql: """
                    INSERT INTO invitation (id, name, sealed, digest, addresses, created, expiry, author)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [id, name, sealed, digest, addresses, created, expiry, author])
        }
    }

    /// Newest first.
    func list(now: Timestamp) async throws -> [Invitation] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM invitation ORDER BY created DESC, id").map { row in
                let addresses = (try? JSONParser.parse(row["addresses"] as String))?.array ?? []
                return Invitation(
                    id: row["id"], name: row["name"], addresses: addresses.compactMap(\.string),
                    created: Timestamp(milliseconds: row["created"]), expiry: Timestamp(milliseconds: row["expiry"]),
                    author: row["author"], failures: row["failures"], state: Self.state(of: row, now: now),
                    usedBy: (row["used_by"] as String?).flatMap { SiteID($0) })
            }
        }
    }

    /// - Throws: `JoiningFaults.noSuchInvitation` unless it is open.
    func withdraw(_ id: String, now: Timestamp) async throws {
        let count = try await database.write { db in
            try db.execute(
                sql: "UPDATE invitation SET withdrawn = 1 WHERE id = ? AND used_by IS NULL AND withdrawn = 0",
                arguments: [id])
            return db.changesCount
        }
        if count == 0 { throw Fault(JoiningFaults.noSuchInvitation, at: "invitation") }
    }

    /// Nil when there is no such invitation, or its secret cannot be opened with this site's key.
    func verifier(_ id: String) async throws -> Verifier? {
        let found = try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT sealed, digest, used_by FROM invitation WHERE id = ?", arguments: [id])
                .map { row in (row["sealed"] as Data, row["digest"] as Data, row["used_by"] as String?) }
        }
        guard let (sealed, digest, usedBy) = found, let box = try? AES.GCM.SealedBox(combined: sealed),
            let secret = try? AES.GCM.open(box, using: key, authenticating: Array(id.utf8))
        else { return nil }
        return Verifier(secret: Array(secret), digest: Array(digest), usedBy: usedBy.flatMap { SiteID($0) })
    }

    /// Counts a wrong proof; the fifth withdraws the invitation.
    func countFailure(_ id: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE invitation SET failures = failures + 1,
                    withdrawn = CASE WHEN failures + 1 >= ? AND used_by IS NULL THEN 1 ELSE withdrawn END WHERE id = ?
                    """,
                arguments: [Invitation.mostFailures, id])
        }
    }

    /// Uses an invitation up for a site and remembers the peer that is to be made, in one transaction; of two sites
    /// that come at once one is refused.
    ///
    /// - Parameter peer: makes the pending peer from the name in the invitation.
    func claim(
        _ id: String, by site: SiteID, now: Timestamp, peer: @escaping @Sendable (_ name: String) -> PendingPeer
    ) async throws -> Claim {
        try await database.write { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM invitation WHERE id = ?", arguments: [id]) else {
                return .refused(.unknown)
            }
            if let user = row["used_by"] as String? { return user == site.text ? .repeated : .refused(.used) }
            switch Self.state(of: row, now: now) {
            case .open: break
            case .withdrawn: return .refused(.withdrawn)
            case .expired: return .refused(.expired)
            case .used: return .refused(.used)
            }
            let name: String = row["name"]
            try db.execute(
                sql: "UPDATE invitation SET used_by = ?, used_at = ? WHERE id = ?",
                arguments: [site.text, now.milliseconds, id])
            try Self.insert(peer(name), db)
            return .claimed(name: name)
        }
    }

    /// Remembers a peer that is to be made; one that is remembered already stays as it is.
    func add(_ peer: PendingPeer) async throws {
        try await database.write { db in try Self.insert(peer, db) }
    }

    func pending() async throws -> [PendingPeer] {
        try await database.read { db in
            try String.fetchAll(db, sql: "SELECT body FROM pending_peer ORDER BY site").compactMap { text in
                (try? JSONParser.parse(text)).flatMap { PendingPeer(json: $0) }
            }
        }
    }

    /// The peer is made.
    func settled(_ site: SiteID) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM pending_peer WHERE site = ?", arguments: [site.text])
        }
    }

    private static func insert(_ peer: PendingPeer, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO pending_peer (site, body) VALUES (?, ?)",
            arguments: [peer.site.text, String(decoding: JSONWriter.compact(peer.json), as: UTF8.self)])
    }

    private static func state(of row: Row, now: Timestamp) -> Invitation.State {
        if (row["used_by"] as String?) != nil { return .used }
        if row["withdrawn"] as Int != 0 { return .withdrawn }
        return now.milliseconds > row["expiry"] as Int64 ? .expired : .open
    }
}
