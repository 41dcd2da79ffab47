import Faults
import GRDB
import Resources
import Synchronization

/// Gathers calls and writes them together: whoever comes while a flush runs shares the next one.
///
/// One writer, the database's own queue; no task of its own, so a cancelled caller disturbs nobody.
final class GroupCommit: Sendable {
    /// Largest number of lines in one transaction, unless one call alone has more.
    static let mostLines = 4096

    private let database: SQLiteDatabase
    private let clock: @Sendable () -> Timestamp
    private let books: Mutex<LedgerBooks>
    private let queue = Mutex(Queue())

    private struct Queue {
        var calls: [Call] = []
        var isFlushing = false
    }

    private struct Call: Sendable {
        let entries: [LedgerEntry]
        let continuation: CheckedContinuation<Void, any Error>
    }

    init(_ database: SQLiteDatabase, books: LedgerBooks, clock: @escaping @Sendable () -> Timestamp) {
        self.database = database
        self.clock = clock
        self.books = Mutex(books)
    }

    /// Returns when all entries are on the disk, or throws with none of them there. Is not cancelled.
    func record(_ entries: [LedgerEntry]) async throws {
        if entries.isEmpty { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let call = Call(entries: entries, continuation: continuation)
            let isFirst = queue.withLock { queue in
                queue.calls.append(call)
                defer { queue.isFlushing = true }
                return !queue.isFlushing
            }
            if isFirst { database.pool.asyncWriteWithoutTransaction { db in self.flush(db) } }
        }
    }

    private func flush(_ db: Database) {
        while let calls = next() {
            for (call, result) in write(calls, db) { call.continuation.resume(with: result) }
        }
    }

    /// The calls of the next transaction, in the order in which they came; nil when there are none.
    private func next() -> [Call]? {
        queue.withLock { queue in
            var count = 0
            var lines = 0
            while count < queue.calls.count, lines < Self.mostLines {
                lines += queue.calls[count].entries.count
                count += 1
            }
            if count == 0 {
                queue.isFlushing = false
                return nil
            }
            let calls = Array(queue.calls[..<count])
            queue.calls.removeSubrange(..<count)
            return calls
        }
    }

    /// One transaction of all calls. A call that is refused leaves it, and the others are done again without it.
    private func write(_ calls: [Call], _ db: Database) -> [(Call, Result<Void, any Error>)] {
        var results: [(Call, Result<Void, any Error>)] = []
        var rest = calls
        while !rest.isEmpty {
            var current = 0
            do {
                try books.withLock { books in
                    var batch = LedgerBatch(books, time: clock().milliseconds)
                    try db.inTransaction(.immediate) {
                        for index in rest.indices {
                            current = index
                            for entry in rest[index].entries { try batch.append(entry, db) }
                        }
                        try batch.write(db)
                        return .commit
                    }
                    books = batch.books
                }
                return results + rest.map { ($0, .success(())) }
            } catch let fault as Fault {
                results.append((rest.remove(at: current), .failure(fault)))
            } catch {
                let fault = Self.notRecorded(error, at: database.path)
                return results + rest.map { ($0, .failure(fault)) }
            }
        }
        return results
    }

    private static func notRecorded(_ error: any Error, at path: String) -> Fault {
        let code = (error as? DatabaseError)?.resultCode
        let what: String? =
            switch code {
            case .SQLITE_FULL: "The ledger's disk is full."
            case .SQLITE_READONLY: "The ledger cannot be written: its disk or file is read-only."
            case .some(let code): "The ledger could not be written (SQLite code \(code.rawValue))."
            case nil: nil
            }
        return Fault(LedgerFaults.notRecorded, what, at: path)
    }
}
