import GRDB
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Sessions and tokens, found by the hash of their secret. Lists and deletions are of one user in the query itself.
extension LoginRows {
    func add(_ session: Session, digest: [UInt8]) async throws {
        try await execute(
            """
            INSERT INTO session (id, digest, user, uid, created, seen, ends, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                session.id, digest.data, session.user, session.uid, session.created.milliseconds,
                session.seen.milliseconds, session.ends.milliseconds, session.address,
            ])
    }

    /// One that goes on; that it was used is noted, if it was.
    func session(digest: [UInt8], rules: LoginRules, now: Timestamp, isUse: Bool) async throws -> Session? {
        let found = try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM session WHERE digest = ? AND ends > ? AND seen > ?",
                arguments: [digest.data, now.milliseconds, now.milliseconds - rules.idleMilliseconds]
            ).map(Self.session)
        }
        if isUse, let found, now.milliseconds - found.seen.milliseconds >= Self.grainMilliseconds {
            try await execute("UPDATE session SET seen = ? WHERE id = ?", [now.milliseconds, found.id])
        }
        return found
    }

    func sessions(of user: String, rules: LoginRules, now: Timestamp) async throws -> [Session] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM session WHERE user = ? AND ends > ? AND seen > ? ORDER BY id DESC",
                arguments: [user, now.milliseconds, now.milliseconds - rules.idleMilliseconds]
            ).map(Self.session)
        }
    }

    func endSession(digest: [UInt8]) async throws {
        try await execute("DELETE FROM session WHERE digest = ?", [digest.data])
    }

    @discardableResult
    func endSession(id: String, of user: String) async throws -> Bool {
        try await changes("DELETE FROM session WHERE id = ? AND user = ?", [id, user]) > 0
    }

    func endSessions(of user: String, except kept: String?) async throws {
        try await execute("DELETE FROM session WHERE user = ? AND id <> ?", [user, kept ?? ""])
    }

    func add(_ token: Token, digest: [UInt8]) async throws {
        let permissions = token.permissions.map { $0.map(\.description).sorted().joined(separator: ",") }
        try await execute(
            """
            INSERT INTO token (id, digest, user, uid, name, permissions, tenant, project, created, ends, used)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """,
            [
                token.id, digest.data, token.user, token.uid, token.name, permissions ?? Self.all, token.scope.tenant,
                token.scope.project, token.created.milliseconds, token.ends.milliseconds,
            ])
    }

    /// One that has not ended; that it was used is noted.
    func token(digest: [UInt8], now: Timestamp) async throws -> Token? {
        let found = try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM token WHERE digest = ? AND ends > ?",
                arguments: [digest.data, now.milliseconds]
            ).map(Self.token)
        }
        if let found, now.milliseconds - (found.used?.milliseconds ?? 0) >= Self.grainMilliseconds {
            try await execute("UPDATE token SET used = ? WHERE id = ?", [now.milliseconds, found.id])
        }
        return found
    }

    func tokens(of user: String, now: Timestamp) async throws -> [Token] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM token WHERE user = ? AND ends > ? ORDER BY id DESC",
                arguments: [user, now.milliseconds]
            ).map(Self.token)
        }
    }

    func endToken(id: String, of user: String) async throws -> Bool {
        try await changes("DELETE FROM token WHERE id = ? AND user = ?", [id, user]) > 0
    }

    private func changes(_ sql: String, _ arguments: StatementArguments) async throws -> Int {
        try await database.write { db in
            try db.execute(sql: sql, arguments: arguments)
            return db.changesCount
        }
    }

    /// Stands for everything that the owner may.
    private static let all = "*"

    private static func session(_ row: Row) -> Session {
        Session(
            id: row["id"], user: row["user"], uid: row["uid"], created: Timestamp(milliseconds: row["created"]),
            seen: Timestamp(milliseconds: row["seen"]), ends: Timestamp(milliseconds: row["ends"]),
            address: row["address"])
    }

    private static func token(_ row: Row) -> Token {
        let text: String = row["permissions"]
        let names = text.split(separator: ",").map(String.init)
        let used: Int64 = row["used"]
        return Token(
            id: row["id"], user: row["user"], uid: row["uid"], name: row["name"],
            permissions: text == all ? nil : Set(names.compactMap { Permission($0) }),
            scope: Scope(tenant: row["tenant"], project: row["project"]),
            created: Timestamp(milliseconds: row["created"]), ends: Timestamp(milliseconds: row["ends"]),
            used: used == 0 ? nil : Timestamp(milliseconds: used))
    }
}

extension [UInt8] {
    /// As the database binds bytes.
    var data: Data { Data(self) }
}
