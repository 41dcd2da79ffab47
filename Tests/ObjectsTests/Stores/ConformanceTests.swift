import Objects
import ObjectsTestKit
import Testing

/// Every adapter passes the one suite.
@Suite struct ObjectStoreConformanceTests {
    @Test(arguments: ObjectStoreSuite.checks)
    func memory(_ check: ObjectStoreCheck) async throws {
        try await check.run(on: MemoryObjectStore())
    }

    @Test(arguments: ObjectStoreSuite.checks)
    func local(_ check: ObjectStoreCheck) async throws {
        try await TestDisk.withFolder { folder in
            try await check.run(on: try LocalObjectStore(folder: "\(folder)/objects"))
            // Only objects are left: nothing half written, no parts.
            #expect(TestDisk.files(under: "\(folder)/objects/new").isEmpty)
        }
    }
}

/// A real S3 server, one for the suite.
@Suite(.serialized, .enabled(if: S3Server.isHere, "no moto_server here: run Scripts/setup.sh test"))
struct S3ConformanceTests {
    /// moto answers 500 to whatever is asked of an upload in parts that it does not know, where S3 says 404 and
    /// `NoSuchUpload`; `S3FaultTests` holds what is made of that.
    private static let unlike = "an upload that was aborted is not known"

    @Test(.timeLimit(.minutes(10)))
    func everyCheckPassesOnARealServer() async throws {
        try await S3Server.with { server in
            for (style, prefix) in [(true, ""), (true, "site-a/deep/")] {
                try await server.withStore(usesPathStyle: style, prefix: prefix) { store in
                    for check in ObjectStoreSuite.checks where S3Server.isTrue || check.name != Self.unlike {
                        do { try await check.run(on: store) } catch { Issue.record(error, "\(check.name)") }
                    }
                }
            }
        }
    }
}
