import Faults
import Foundation
import Resources
import Testing

@testable import Jobs

/// What sites remember of columns: one rule for every adapter.
@Suite struct ColumnBookTests {
    @Test func inMemory() async throws {
        let book = MemoryColumnBook()
        try await check { book }
    }

    @Test func inTheDatabase() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columns-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Everything is found again when the file is opened anew.
        var open: SQLiteDatabase?
        try await check {
            try open?.close()
            let database = try SQLiteDatabase(
                path: folder + "/site.sqlite", snapshots: folder, migrations: [JobMigrations.self])
            open = database
            return SQLiteColumnBook(database)
        }
        try open?.close()
    }

    private func check(_ book: () async throws -> any ColumnBook) async throws {
        let (key, other) = (ColumnsKey(owner: "a", dataset: "x"), ColumnsKey(owner: "b", dataset: "x"))
        let (first, second) = (ColumnsHolder(job: "1", task: "t"), ColumnsHolder(job: "2", task: "t"))
        #expect(try await book().lend(key, to: first) == nil)
        // Again to the same, never to another, not even of the same job.
        #expect(try await book().lend(key, to: first) == nil)
        for holder in [second, ColumnsHolder(job: "1", task: "u")] {
            await #expect(throws: Fault(WoeFaults.columnsInUse)) { try await book().lend(key, to: holder) }
        }
        #expect(try await book().lend(other, to: second) == nil)
        #expect(try await book().lent(to: first) == [key: nil])
        // Who has not borrowed it cannot change it.
        try await book().giveBack([key: [9]], of: second)
        #expect(try await book().lent(to: first) == [key: nil])
        try await book().giveBack([key: [1, 2]], of: first)
        try await book().giveBack([key: [3]], of: first)
        #expect(try await book().lent(to: first) == [:])
        #expect(try await book().lend(key, to: second) == [1, 2])
        #expect(try await book().lent(to: second) == [key: [1, 2], other: nil])
        try await book().giveBack([key: [1, 2], other: nil], of: second)
        #expect(try await book().lend(other, to: first) == nil)
    }
}
