import Faults
import Foundation
import GRDB
import Resources
import ResourcesTestKit
import Testing

/// Full and read-only disks: a numbered fault, nothing acknowledged is lost, and work goes on afterwards.
@Suite struct DiskTests {
    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs cannot be mounted here"), arguments: [7 << 20, 12 << 20])
    func fullDisk(bytes: Int) async throws {
        try await SmallDisk.with(bytes: bytes) { folder in
            let ballast = "\(folder)/ballast"
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database, history: 100)
            var stored: [Resource] = []
            for round in 0..<3 {
                // More than the log may grow to (4 MB) before it is written back: removing it gives real room.
                try Data(count: 5 << 20).write(to: URL(filePath: ballast))
                let before = stored.count
                await expectFault(ResourceFaults.storeFull, "round \(round)") {
                    for number in 0..<100_000 {
                        let filler = String(repeating: "x", count: 2000)
                        let wanted = Sample.widget("w-\(round)-\(number)", spec: ["filler": .string(filler)])
                        stored.append(try await store.create(wanted, by: Sample.note))
                    }
                }
                // Reads go on, and everything acknowledged is there.
                for resource in stored { #expect(try await store.get(resource.id) == resource) }
                await expectFault(ResourceFaults.storeFull) {
                    for number in 0..<50 {
                        let filler = String(repeating: "y", count: 60_000)
                        _ = try await store.create(
                            Sample.widget("big-\(round)-\(number)", spec: ["filler": .string(filler)]),
                            by: Sample.note
                        )
                        try await store.delete(Sample.id("big-\(round)-\(number)"), version: nil, by: Sample.note)
                    }
                }
                // With space again, writes go on without opening anew; removing makes room for the next round.
                try FileManager.default.removeItem(atPath: ballast)
                stored.append(try await store.create(Sample.widget("after-\(round)"), by: Sample.note))
                #expect(stored.count > before + 1, "something was written in round \(round)")
                for resource in stored.dropLast(3) {
                    try await store.delete(resource.id, version: nil, by: Sample.note)
                }
                stored.removeFirst(max(0, stored.count - 3))
                try await database.write { db in try db.execute(sql: "DELETE FROM revision; DELETE FROM change") }
                try await database.pool.writeWithoutTransaction { db in
                    try db.execute(sql: "VACUUM")
                    _ = try db.checkpoint(.truncate)
                }
            }
            try database.close()
            let again = try SQLiteDatabase.forTest(in: folder)
            let reopened = try SQLiteResourceStore(again)
            for resource in stored { #expect(try await reopened.get(resource.id) == resource) }
            try again.close()
        }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs cannot be mounted here"))
    func fullDiskAtOpening() async throws {
        try await SmallDisk.with(bytes: 64 << 10) { folder in
            try Data(count: 60 << 10).write(to: URL(filePath: "\(folder)/ballast"))
            await expectFault(ResourceFaults.storeFull) { _ = try SQLiteDatabase.forTest(in: folder) }
        }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs cannot be mounted here"))
    func readOnlyDisk() async throws {
        try await SmallDisk.with(bytes: 4 << 20) { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let made = try await SQLiteResourceStore(database).create(Sample.widget("a"), by: Sample.note)
            try database.close()
            try SmallDisk.setReadOnly(folder, true)
            await expectFault(ResourceFaults.storeReadOnly) { _ = try SQLiteDatabase.forTest(in: folder) }
            try SmallDisk.setReadOnly(folder, false)
            let again = try SQLiteDatabase.forTest(in: folder)
            #expect(try await SQLiteResourceStore(again).get(made.id) == made)
            try again.close()
        }
    }

    @Test func writesThatTheFileRefusesAreReadOnlyAndLoseNothing() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database)
            let made = try await store.create(Sample.widget("a"), by: Sample.note)
            try await database.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA query_only = ON") }
            await expectFault(ResourceFaults.storeReadOnly) {
                _ = try await store.create(Sample.widget("b"), by: Sample.note)
            }
            #expect(try await store.listAll(ResourceQuery()).items == [made])
            try await database.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA query_only = OFF") }
            _ = try await store.create(Sample.widget("b"), by: Sample.note)
            #expect(try await store.names() == ["a", "b"])
            try database.close()
        }
    }

    @Test func aFileThatMayNotGrowIsFullAndLosesNothing() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            let store = try SQLiteResourceStore(database)
            try await database.pool.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count")!
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 10)")
            }
            let watch = try await store.watch(ResourceQuery(), from: nil)
            var made: [Resource] = []
            await expectFault(ResourceFaults.storeFull) {
                for number in 0..<1000 {
                    made.append(try await store.create(Sample.widget("w-\(number)"), by: Sample.note))
                }
            }
            #expect(!made.isEmpty)
            #expect(Set(try await store.listAll(ResourceQuery()).items) == Set(made))
            try await database.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA max_page_count = 1000000")
            }
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            let seen = try await watch.seen(upTo: "end", within: .seconds(120))
            #expect(seen.map(\.name) == made.map(\.metadata.name) + ["end"], "no event of a write that failed")
            try database.close()
        }
    }
}
