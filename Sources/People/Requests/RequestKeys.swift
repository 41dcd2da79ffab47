import Crypto
import Faults
import GRDB
public import Resources
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How long answers are kept, and how many of them.
public struct RequestKeyRules: Sendable {
    public var keepMilliseconds: Int64 = 24 * 3_600_000
    /// Of one owner, and of all.
    public var mostKeys = (one: 5_000, all: 20_000)
    /// Bytes of kept bodies, of one owner and of all.
    public var mostBytes = (one: 32 << 20, all: 256 << 20)
    /// Larger bodies are not kept.
    public var mostAnswerBytes = 64 << 10

    public init() {}
}

/// Requests that callers sent under keys: each is done once, and who sends it again gets the answer of the first time.
///
/// A key is taken before the request is worked on and gets its answer afterwards, in two writes to the disk, so that a
/// site that is killed in between knows that the request began, and says that it does not know more: a request is
/// never done twice under one key, and one whose outcome is not known is never told to be done.
public final class RequestKeys: Sendable {
    /// How a request was answered.
    public struct Answer: Sendable, Hashable {
        public let status: Int
        public let headers: [String: String]
        public let body: [UInt8]

        public init(status: Int, headers: [String: String], body: [UInt8]) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    public let rules: RequestKeyRules
    private let database: SQLiteDatabase
    private let now: @Sendable () -> Timestamp
    /// What is being worked on now, with what was asked for.
    private let running = Mutex<[RequestKey: [UInt8]]>([:])

    public init(
        _ database: SQLiteDatabase, rules: RequestKeyRules = RequestKeyRules(),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.rules = rules
        self.now = now
    }

    /// What makes two requests the same: 32 bytes.
    ///
    /// - Parameter target: path and query as they were sent.
    public static func fingerprint(method: String, target: String, body: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(method) \(target)\n".utf8))
        hash.update(data: Array(SHA256.hash(data: body)))
        return Array(hash.finalize())
    }

    /// Takes the key. Returns nil for the first time, which then must `end`, `release` or `abandon` it; else the answer of
    /// the first time.
    ///
    /// - Throws: `RequestFaults.keyReused`, `.keyRunning`, `.keyUnknown`, `.answerNotKept`, `.tooManyKeys`; store faults.
    public func begin(_ key: RequestKey, fingerprint: [UInt8]) async throws -> Answer? {
        let other = running.withLock { running -> [UInt8]? in
            if let other = running[key] { return other }
            running[key] = fingerprint
            return nil
        }
        if let other { throw Fault(other == fingerprint ? RequestFaults.keyRunning : RequestFaults.keyReused) }
        do {
            let answer = try await take(key, fingerprint)
            if answer != nil { abandon(key) }
            return answer
        } catch {
            abandon(key)
            throw error
        }
    }

    /// Keeps the answer.
    ///
    /// - Parameter answer: without its body when that is not to be kept.
    public func end(_ key: RequestKey, _ answer: Answer, keepsBody: Bool) async throws {
        let keeps = keepsBody && answer.body.count <= rules.mostAnswerBytes
        let headers = JSONWriter.compact(.object(answer.headers.mapValues { .string($0) }))
        defer { abandon(key) }
        try await database.write { [rules] db in
            let used = try Self.used(key.owner, db)
            let count = answer.body.count
            let fits = used.one.bytes + count <= rules.mostBytes.one && used.all.bytes + count <= rules.mostBytes.all
            let body = keeps && fits ? Data(answer.body) : nil
            try db.execute(
                sql: """
                    UPDATE requestKey SET status = ?, headers = ?, body = ?, bytes = ?
                    WHERE owner = ? AND means = ? AND key = ?
                    """,
                arguments: [
                    answer.status, String(decoding: headers, as: UTF8.self), body, body?.count ?? 0, key.owner,
                    key.means, key.text,
                ])
        }
    }

    /// Gives the key back: nothing was done.
    public func release(_ key: RequestKey) async throws {
        defer { abandon(key) }
        try await database.write { db in
            try db.execute(
                sql: "DELETE FROM requestKey WHERE owner = ? AND means = ? AND key = ? AND status IS NULL",
                arguments: [key.owner, key.means, key.text])
        }
    }

    /// Nobody works on it any more, and how it ended is not known unless it was said.
    public func abandon(_ key: RequestKey) {
        running.withLock { _ = $0.removeValue(forKey: key) }
    }

    private func take(_ key: RequestKey, _ fingerprint: [UInt8]) async throws -> Answer? {
        let time = now().milliseconds
        return try await database.write { [rules] db in
            try db.execute(
                sql: "DELETE FROM requestKey WHERE began <= ?", arguments: [time - rules.keepMilliseconds])
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT fingerprint, status, headers, body FROM requestKey WHERE owner = ? AND means = ? AND key = ?
                    """, arguments: [key.owner, key.means, key.text])
            guard let row else {
                let used = try Self.used(key.owner, db)
                guard used.one.keys < rules.mostKeys.one, used.all.keys < rules.mostKeys.all else {
                    throw Fault(RequestFaults.tooManyKeys)
                }
                try db.execute(
                    sql: """
                        INSERT INTO requestKey (owner, means, key, fingerprint, began, bytes) VALUES (?, ?, ?, ?, ?, 0)
                        """, arguments: [key.owner, key.means, key.text, Data(fingerprint), time])
                return nil
            }
            let kept: Data = row[0]
            guard Array(kept) == fingerprint else { throw Fault(RequestFaults.keyReused) }
            guard let status: Int = row[1] else { throw Fault(RequestFaults.keyUnknown) }
            guard let body: Data = row[3] else {
                throw Fault(
                    RequestFaults.answerNotKept, "\(RequestFaults.answerNotKept.title) Its status was \(status).")
            }
            let text: String = row[2]
            let headers = try JSONParser.parse(Array(text.utf8)).object ?? [:]
            return Answer(status: status, headers: headers.compactMapValues(\.string), body: Array(body))
        }
    }

    private typealias Used = (keys: Int, bytes: Int)

    private static func used(_ owner: String, _ db: Database) throws -> (one: Used, all: Used) {
        let count = "SELECT COUNT(*), IFNULL(SUM(bytes), 0) FROM requestKey"
        func use(_ row: Row?) -> Used { (row?[0] ?? 0, row?[1] ?? 0) }
        return (
            use(try Row.fetchOne(db, sql: "\(count) WHERE owner = ?", arguments: [owner])),
            use(try Row.fetchOne(db, sql: count))
        )
    }
}
