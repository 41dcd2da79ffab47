import Faults
import Foundation
import GRDB
import Resources
import ResourcesTestKit
import Testing

/// A later version's migration beside the released ones.
private enum LaterMigrations: SQLiteMigrations {
    static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("later-1") { db in try db.execute(sql: "CREATE TABLE later (a TEXT)") }
    }
}

private enum FailingMigrations: SQLiteMigrations {
    static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("failing-1") { db in
            try db.execute(sql: "DROP TABLE resource; CREATE TABLE change (a TEXT)")
        }
    }
}

@Suite struct MigrationTests {
    private static var later: [any SQLiteMigrations.Type] { [ResourceMigrations.self, LaterMigrations.self] }

    @Test func anUpgradeMakesASnapshotFirstAndTheSnapshotOpens() async throws {
        try await withTemporaryFolder { folder in
            let old = try SQLiteDatabase.forTest(in: folder)
            let made = try await SQLiteResourceStore(old).create(Sample.widget("a"), by: Sample.note)
            try old.close()
            #expect(snapshots(folder) == [], "a new file needs none")
            let new = try SQLiteDatabase.forTest(in: folder, migrations: Self.later)
            #expect(try await SQLiteResourceStore(new).get(made.id) == made)
            _ = try await new.write { db in try db.execute(sql: "INSERT INTO later VALUES ('x')") }
            try new.close()
            let file = try #require(snapshots(folder).first)
            #expect(snapshots(folder).count == 1)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // Put back, it is what the version before can use.
            try FileManager.default.createDirectory(atPath: "\(folder)/back", withIntermediateDirectories: false)
            try FileManager.default.copyItem(atPath: file, toPath: "\(folder)/back/store.db")
            let back = try SQLiteDatabase.forTest(in: "\(folder)/back")
            let store = try SQLiteResourceStore(back)
            #expect(try await store.get(made.id) == made)
            #expect(try await store.revisions(of: made.id).count == 1)
            _ = try await store.create(Sample.widget("b"), by: Sample.note)
            try back.close()
        }
    }

    @Test func openingAgainMakesNoSnapshot() async throws {
        try await withTemporaryFolder { folder in
            for _ in 0..<3 { try SQLiteDatabase.forTest(in: folder, migrations: Self.later).close() }
            #expect(snapshots(folder) == [])
        }
    }

    @Test func theNewestEightSnapshotsAreKept() async throws {
        try await withTemporaryFolder { folder in
            try SQLiteDatabase.forTest(in: folder).close()
            try FileManager.default.createDirectory(atPath: "\(folder)/snapshots", withIntermediateDirectories: false)
            let old = (1...10).map { "\(folder)/snapshots/20200101T0000\($0 + 10)000Z.db" }
            for file in old { try Data("old".utf8).write(to: URL(filePath: file)) }
            try SQLiteDatabase.forTest(in: folder, migrations: Self.later).close()
            #expect(snapshots(folder).count == 8)
            #expect(Array(snapshots(folder).dropLast()) == Array(old.suffix(7)))
        }
    }

    @Test func aFailedUpgradeLeavesTheFileAsItWas() async throws {
        try await withTemporaryFolder { folder in
            let old = try SQLiteDatabase.forTest(in: folder)
            let made = try await SQLiteResourceStore(old).create(Sample.widget("a"), by: Sample.note)
            try old.close()
            await expectFault(ResourceFaults.storeFailed) {
                _ = try SQLiteDatabase.forTest(
                    in: folder, migrations: [ResourceMigrations.self, FailingMigrations.self])
            }
            let again = try SQLiteDatabase.forTest(in: folder)
            #expect(try await SQLiteResourceStore(again).get(made.id) == made)
            try again.close()
        }
    }

    @Test func aFileOfANewerVersionIsRefusedAndStaysUsableForThatVersion() async throws {
        try await withTemporaryFolder { folder in
            let newer = try SQLiteDatabase.forTest(in: folder, migrations: Self.later)
            let made = try await SQLiteResourceStore(newer).create(Sample.widget("a"), by: Sample.note)
            try newer.close()
            await expectFault(ResourceFaults.storeNewer) { _ = try SQLiteDatabase.forTest(in: folder) }
            #expect(snapshots(folder) == [])
            let again = try SQLiteDatabase.forTest(in: folder, migrations: Self.later)
            #expect(try await SQLiteResourceStore(again).get(made.id) == made)
            try again.close()
        }
    }

    private func snapshots(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/snapshots")) ?? []
        return names.sorted().map { "\(folder)/snapshots/\($0)" }
    }
}
