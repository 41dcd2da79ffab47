import GRDB
import Resources

/// Logins of people whose passwords a directory keeps: how often they failed, by the name of the user that they are or
/// would be.
extension LoginRows {
    /// Counts a try and locks at the last that is allowed, as `beginAttempt` does.
    ///
    /// - Returns: whether the user was locked already before this try.
    func beginDirectoryAttempt(_ user: String, rules: LoginRules, now: Timestamp) async throws -> Bool {
        try await database.write { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT failures, lockedUntil FROM directoryAttempt WHERE user = ?", arguments: [user])
            let (failures, locked): (Int, Int64) = row.map { ($0[0], $0[1]) } ?? (0, 0)
            guard locked <= now.milliseconds else { return true }
            let count = locked == 0 ? failures + 1 : 1
            try db.execute(
                sql: """
                    INSERT INTO directoryAttempt (user, failures, lockedUntil) VALUES (?, ?, ?) ON CONFLICT (user)
                    DO UPDATE SET failures = excluded.failures, lockedUntil = excluded.lockedUntil
                    """,
                arguments: [user, count, count >= rules.mostFailures ? now.milliseconds + rules.lockMilliseconds : 0])
            return false
        }
    }

    /// The try was right, or somebody unlocks.
    func endDirectoryAttempt(_ user: String) async throws {
        try await execute("DELETE FROM directoryAttempt WHERE user = ?", [user])
    }

    /// Nil unless the user is locked now.
    func directoryLock(_ user: String, now: Timestamp) async throws -> Timestamp? {
        try await database.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT lockedUntil FROM directoryAttempt WHERE user = ? AND lockedUntil > ?",
                arguments: [user, now.milliseconds])
        }.map { Timestamp(milliseconds: $0) }
    }
}
