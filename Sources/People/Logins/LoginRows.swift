import GRDB
import Resources

/// Passwords and what is tried with them, in the site's database.
struct LoginRows: Sendable {
    let database: SQLiteDatabase

    /// `used` and `seen` are written no more often than this.
    static let grainMilliseconds: Int64 = 60_000

    init(_ database: SQLiteDatabase) {
        self.database = database
    }

    struct Password: Sendable {
        let changed: Timestamp
        let lockedUntil: Timestamp
    }

    struct Attempt: Sendable {
        let hash: String
        /// Locked already before this try.
        let isLocked: Bool
    }

    /// Counts a try and locks at the last that is allowed; nil for a user without a password. A lock that is over begins
    /// a new count.
    func beginAttempt(_ user: String, uid: String, rules: LoginRules, now: Timestamp) async throws -> Attempt? {
        try await database.write { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT hash, failures, lockedUntil FROM password WHERE user = ? AND uid = ?",
                arguments: [user, uid])
            let found: (hash: String, failures: Int, locked: Int64)? = row.map { ($0[0], $0[1], $0[2]) }
            guard let (hash, failures, locked) = found, locked <= now.milliseconds else {
                // A write to the disk here too: it can be told by its time.
                try db.execute(sql: "UPDATE vainAttempt SET count = count + 1")
                return found.map { Attempt(hash: $0.hash, isLocked: true) }
            }
            let count = locked == 0 ? failures + 1 : 1
            try db.execute(
                sql: "UPDATE password SET failures = ?, lockedUntil = ? WHERE user = ?",
                arguments: [count, count >= rules.mostFailures ? now.milliseconds + rules.lockMilliseconds : 0, user])
            return Attempt(hash: hash, isLocked: false)
        }
    }

    /// The try was right, or somebody unlocks.
    func endAttempt(_ user: String) async throws {
        try await execute("UPDATE password SET failures = 0, lockedUntil = 0 WHERE user = ?", [user])
    }

    func setPassword(_ user: String, uid: String, hash: String, now: Timestamp) async throws {
        try await execute(
            """
            INSERT INTO password (user, uid, hash, changed, failures, lockedUntil) VALUES (?, ?, ?, ?, 0, 0)
            ON CONFLICT (user) DO UPDATE SET uid = excluded.uid, hash = excluded.hash, changed = excluded.changed,
            failures = 0, lockedUntil = 0
            """, [user, uid, hash, now.milliseconds])
    }

    func rehash(_ user: String, _ hash: String) async throws {
        try await execute("UPDATE password SET hash = ? WHERE user = ?", [hash, user])
    }

    func password(of user: String, uid: String) async throws -> Password? {
        try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT changed, lockedUntil FROM password WHERE user = ? AND uid = ?", arguments: [user, uid]
            ).map { Password(changed: Timestamp(milliseconds: $0[0]), lockedUntil: Timestamp(milliseconds: $0[1])) }
        }
    }

    // MARK: - The first administrator

    func setFirst(digest: [UInt8], ends: Timestamp) async throws {
        try await execute(
            "INSERT OR REPLACE INTO firstAdministrator (one, digest, ends) VALUES (1, ?, ?)",
            [digest.data, ends.milliseconds])
    }

    func dropFirst() async throws {
        try await execute("DELETE FROM firstAdministrator", [])
    }

    /// Uses the secret up. Returns when it would have ended; nil for one that is not valid.
    func takeFirst(digest: [UInt8], now: Timestamp) async throws -> Timestamp? {
        try await database.write { db in
            let ends = try Int64.fetchOne(
                db, sql: "DELETE FROM firstAdministrator WHERE digest = ? AND ends > ? RETURNING ends",
                arguments: [digest.data, now.milliseconds])
            return ends.map { Timestamp(milliseconds: $0) }
        }
    }

    func tidy(uids: [String], rules: LoginRules, now: Timestamp) async throws {
        let known = JSONWriter.compact(.array(uids.map { .string($0) }))
        let text = String(decoding: known, as: UTF8.self)
        let (time, idle) = (now.milliseconds, now.milliseconds - rules.idleMilliseconds)
        try await database.write { db in
            let gone = "uid NOT IN (SELECT value FROM json_each(?))"
            try db.execute(sql: "DELETE FROM password WHERE \(gone)", arguments: [text])
            try db.execute(
                sql: "DELETE FROM session WHERE \(gone) OR ends <= ? OR seen <= ?", arguments: [text, time, idle])
            try db.execute(sql: "DELETE FROM token WHERE \(gone) OR ends <= ?", arguments: [text, time])
        }
    }

    func execute(_ sql: String, _ arguments: StatementArguments) async throws {
        try await database.write { db in try db.execute(sql: sql, arguments: arguments) }
    }
}
