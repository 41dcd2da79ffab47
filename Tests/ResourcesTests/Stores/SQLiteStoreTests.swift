import Faults
import Foundation
import GRDB
import Resources
import ResourcesTestKit
import Testing

/// What only a store on disk has to do.
@Suite struct SQLiteStoreTests {
    @Test func openingAgainGivesTheSame() async throws {
        try await withTemporaryFolder { folder in
            let first = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(first)
            let start = try await store.list(ResourceQuery()).version
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            let child = try await store.create(
                Sample.widget("child", labels: ["a": "b"], finalizers: ["f"], owners: [owner]),
                by: Sample.note
            )
            _ = try await store.change(child.id) { $0.spec = ["size": 2] }
            _ = try await store.create(Sample.widget("gone"), by: Sample.note)
            try await store.delete(Sample.id("gone"), version: nil, by: Sample.note)
            let items = try await store.listAll(ResourceQuery()).items
            let newest = try await store.list(ResourceQuery()).version
            let revisions = try await store.revisions(of: child.id)
            try first.close()

            let second = try SQLiteDatabase.forTest(in: folder)
            let again = try SQLiteResourceStore(second)
            #expect(try await again.listAll(ResourceQuery()).items == items)
            #expect(try await again.list(ResourceQuery()).version == newest)
            #expect(try await again.names(ResourceQuery(labels: LabelSelector("a=b"))) == ["child"])
            #expect(try await again.revisions(of: child.id) == revisions)
            #expect(try await again.revisions(of: Sample.id("gone")).count == 2)
            // A watcher goes on where it was; versions go on, too.
            let end = try await again.create(Sample.widget("end"), by: Sample.note)
            #expect(Int(end.metadata.version!.text)! == Int(newest.text)! + 1)
            let seen = try await again.watch(ResourceQuery(), from: start).seen(upTo: "end", within: .seconds(120))
            #expect(seen.map(\.name) == ["owner", "child", "child", "gone", "gone", "end"])
            try await again.delete(owner.id, version: nil, by: Sample.note)
            #expect(try await again.get(child.id).isBeingDeleted, "owners are known after opening again")
            try second.close()
        }
    }

    /// Level 2 is FULL: each commit is on the disk before it is acknowledged. Also after opening again.
    @Test func commitsAreFlushed() async throws {
        try await withTemporaryFolder { folder in
            for _ in 0..<2 {
                let database = try SQLiteDatabase.forTest(in: folder)
                let settings = try await database.pool.writeWithoutTransaction { db in
                    try (Int.fetchOne(db, sql: "PRAGMA synchronous"), String.fetchOne(db, sql: "PRAGMA journal_mode"))
                }
                #expect(settings.0 == 2 && settings.1 == "wal")
                try database.close()
            }
        }
    }

    @Test func versionsAreNotGivenOutAgainAfterEverythingWasDeletedAndForgotten() async throws {
        try await withTemporaryFolder { folder in
            let first = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(first)
            _ = try await store.create(Sample.widget("a"), by: Sample.note)
            let last = try await store.delete(Sample.id("a"), version: nil, by: Sample.note)
            try await first.write { db in try db.execute(sql: "DELETE FROM change") }
            try first.close()
            let second = try SQLiteDatabase.forTest(in: folder)
            let again = try SQLiteResourceStore(second)
            let made = try await again.create(Sample.widget("a"), by: Sample.note)
            #expect(Int(made.metadata.version!.text)! > Int(last.metadata.version!.text)!)
            try second.close()
        }
    }

    @Test func oldChangesAreForgottenAndRevisionsAreNot() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database, history: 40)
            let id = try await store.create(Sample.widget("a"), by: Sample.note).id
            for size in 2...200 { try await store.change(id) { $0.spec = ["size": .integer(Int64(size))] } }
            let kept = try await database.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM change")! }
            #expect((40...50).contains(kept))
            #expect(try await store.revisions(of: id).count == 200)
            try database.close()
        }
    }

    @Test(arguments: ["garbage", "header", "body", "document"])
    func aDamagedFileIsSaidToBeDamaged(_ damage: String) async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/store.db"
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database)
            for number in 0..<200 { _ = try await store.create(Sample.widget("w-\(number)"), by: Sample.note) }
            if damage == "document" {
                try await database.write { db in try db.execute(sql: "UPDATE resource SET body = substr(body, 9)") }
            }
            try database.close()
            var bytes = try Data(contentsOf: URL(filePath: path))
            switch damage {
            case "garbage": bytes = Data(repeating: 0x55, count: 10_000)
            case "header": bytes.replaceSubrange(0..<16, with: Data(repeating: 0, count: 16))
            case "body": bytes.replaceSubrange(4096..., with: Data(repeating: 0xAA, count: bytes.count - 4096))
            default: break
            }
            try bytes.write(to: URL(filePath: path))
            await expectFault(ResourceFaults.storeDamaged) {
                let database = try SQLiteDatabase.forTest(in: folder)
                defer { try? database.close() }
                _ = try await SQLiteResourceStore(database).listAll(ResourceQuery())
            }
        }
    }

    /// A deletion takes its dependents along in one transaction: when one of them cannot go, nothing has happened.
    @Test func aWriteThatFailsHalfwayIsUndoneAndNobodyHearsOfIt() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database)
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            let child = try await store.create(Sample.widget("child", owners: [owner]), by: Sample.note)
            try await database.write { db in
                try db.execute(
                    sql: """
                        CREATE TRIGGER stop BEFORE DELETE ON resource WHEN OLD.name = 'child'
                        BEGIN SELECT RAISE(ABORT, 'stopped by the test'); END
                        """
                )
            }
            let watch = try await store.watch(ResourceQuery(), from: nil)
            await expectFault(ResourceFaults.storeFailed) {
                try await store.delete(owner.id, version: nil, by: Sample.note)
            }
            #expect(try await store.listAll(ResourceQuery()).items == [child, owner])
            #expect(try await store.revisions(of: owner.id).count == 1)
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            #expect(try await watch.seen(upTo: "end", within: .seconds(120)).map(\.name) == ["end"])
            try database.close()
        }
    }

    @Test func aFolderThatDoesNotExistIsAFault() async throws {
        await expectFault(ResourceFaults.storeFailed) {
            _ = try SQLiteDatabase.forTest(in: "/nonexistent-folder")
        }
    }

    @Test func aCancelledCallThrowsCancellation() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database)
            let errors = await withTaskGroup(of: (any Error)?.self) { group in
                group.cancelAll()
                group.addTask {
                    do { _ = try await store.names() } catch { return error }
                    return nil
                }
                group.addTask {
                    do { _ = try await store.create(Sample.widget("a"), by: Sample.note) } catch { return error }
                    return nil
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors.allSatisfy { $0 is CancellationError }, "\(errors)")
            try database.close()
        }
    }
}
