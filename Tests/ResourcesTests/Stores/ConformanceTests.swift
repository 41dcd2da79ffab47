import Resources
import ResourcesTestKit
import Testing

/// Every adapter passes the one suite.
@Suite struct ConformanceTests {
    static let memory = StoreHarness { history, body in
        try await body(MemoryResourceStore(history: history ?? 8192))
    }

    static let sqlite = StoreHarness { history, body in
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase.forTest(in: folder)
            try await body(try SQLiteResourceStore(database, history: history ?? 8192))
            try database.close()
        }
    }

    @Test(arguments: ResourceStoreSuite.checks)
    func memory(_ check: StoreCheck) async throws {
        try await check.run(on: Self.memory)
    }

    @Test(arguments: ResourceStoreSuite.checks)
    func sqlite(_ check: StoreCheck) async throws {
        try await check.run(on: Self.sqlite)
    }
}
