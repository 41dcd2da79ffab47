import Faults
import Testing

@testable import Objects

/// What the adapter makes of servers that refuse, fail and vanish.
@Suite struct S3FaultTests {
    private func with(
        _ answers: [String], attempts: Int = 3, source: String? = nil,
        _ body: (S3ObjectStore, CannedServer) async throws -> Void
    ) async throws {
        let server = CannedServer(answers)
        defer { server.stop() }
        let settings = try S3Settings(
            endpoint: "http://127.0.0.1:\(server.port)", bucket: "bucket", sourceAddress: source)
        try await S3Server.withHTTP { http in
            try await body(
                S3ObjectStore(
                    settings, http: http, attempts: attempts, logger: .quiet, credentials: { S3Server.credentials }),
                server)
        }
    }

    private let key = try! ObjectKey("a/b")

    @Test func aServerThatFailsForAMomentIsAskedAgain() async throws {
        let answers = [503, 500].map { CannedServer.answer($0) } + [CannedServer.answer(204)]
        try await with(answers) { store, server in
            try await store.delete(key)
            #expect(server.requests.count == 3)
            #expect(server.requests.allSatisfy { $0.head.hasPrefix("DELETE /bucket/a/b HTTP/1.1") })
        }
    }

    @Test func aServerThatGoesOnFailingOrHangsUpIsUnreachable() async throws {
        for answers in [Array(repeating: CannedServer.answer(500), count: 9), []] {
            try await with(answers) { store, server in
                await #expect(throws: Fault(ObjectFaults.unreachable)) { try await store.delete(key) }
                #expect(server.requests.count >= 3)
            }
        }
        let settings = try S3Settings(endpoint: "http://127.0.0.1:\(CannedServer.freePort())", bucket: "bucket")
        try await S3Server.withHTTP { http in
            let store = S3ObjectStore(
                settings, http: http, attempts: 2, logger: .quiet, credentials: { S3Server.credentials })
            await #expect(throws: Fault(ObjectFaults.unreachable)) { _ = try await store.head(key) }
        }
    }

    @Test func whatTheServerRefusesHasItsNumberAndIsNotAskedAgain() async throws {
        let cases: [(Int, String, FaultEntry)] = [
            (403, "AccessDenied", ObjectFaults.denied), (404, "NoSuchBucket", ObjectFaults.denied),
            (507, "", ObjectFaults.full), (409, "QuotaExceeded", ObjectFaults.full),
            (418, "Strange", ObjectFaults.failed), (404, "NoSuchUpload", ObjectFaults.unknownParts),
            (400, "InvalidPart", ObjectFaults.wrongParts),
        ]
        for (status, code, entry) in cases {
            let body = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code></Error>"
            try await with([CannedServer.answer(status, body)]) { store, server in
                let upload = PartUpload(key: key, id: "u", partBytes: 5 << 20)
                let fault = await #expect(throws: Fault(entry)) { try await store.putPart(1, [1], of: upload) }
                #expect(server.requests.count == 1, "\(status) \(code)")
                #expect(fault?.description.contains("not a secret") == false)
            }
        }
    }

    /// As Ceph's gateway does.
    @Test func aServerThatFailsToFinishAnUploadThatItDoesNotKnowIsAskedWhetherItDoes() async throws {
        let unknown = "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>"
        let found = "HTTP/1.1 200 X\r\nContent-Length: 7\r\nETag: \"one\"\r\nConnection: close\r\n\r\n"
        let none = "HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let failures = Array(repeating: CannedServer.answer(500), count: 3)
        let upload = PartUpload(key: key, id: "u", partBytes: 5 << 20)
        let parts = [PartTag(number: 1, bytes: 7, tag: "t")]
        try await with(failures + [CannedServer.answer(404, unknown), none]) { store, _ in
            await #expect(throws: Fault(ObjectFaults.unknownParts)) { _ = try await store.finish(upload, parts) }
        }
        try await with(failures + [CannedServer.answer(404, unknown), found]) { store, _ in
            let finished = try await store.finish(upload, parts)
            #expect(finished.bytes == 7)
        }
        try await with(failures + [CannedServer.answer(200, "<ListPartsResult/>")]) { store, _ in
            await #expect(throws: Fault(ObjectFaults.unreachable)) { _ = try await store.finish(upload, parts) }
        }
    }

    @Test func anObjectThatIsReplacedMeanwhileIsNotReadAsOne() async throws {
        // A HEAD answer has the length and no body.
        let head = "HTTP/1.1 200 X\r\nContent-Length: 9000000\r\nETag: \"one\"\r\nConnection: close\r\n\r\n"
        try await with([head, CannedServer.answer(412)]) { store, server in
            let reading = try await store.read(key, range: 0..<10)
            await #expect(throws: Fault(ObjectFaults.changed)) { _ = try await reading.next() }
            #expect(server.requests.last?.head.contains("if-match: \"one\"") == true)
        }
    }

    @Test func theServerIsDialledFromTheStoragePlanesAddress() async throws {
        try await with([CannedServer.answer(204)], source: "127.0.0.7") { store, server in
            try await store.delete(key)
            #expect(server.requests.map(\.peer) == ["127.0.0.7"])
        }
    }

    @Test func settingsThatNameNoBucketAreRefused() {
        let cases: [(String, String, String, String)] = [
            ("ftp://x", "bucket", "us-east-1", ""), ("https://", "bucket", "us-east-1", ""),
            ("https://a b", "bucket", "us-east-1", ""), ("https://a/b", "bucket", "us-east-1", ""),
            ("https://a", "UP", "us-east-1", ""), ("https://a", "../x", "us-east-1", ""),
            ("https://a", "bucket", "", ""), ("https://a", "bucket", "us-east-1", "x"),
            ("https://a", "bucket", "us-east-1", "../"),
        ]
        for (endpoint, bucket, region, prefix) in cases {
            #expect(throws: Fault(ObjectFaults.settings), "\(endpoint) \(bucket)") {
                try S3Settings(endpoint: endpoint, bucket: bucket, region: region, prefix: prefix)
            }
        }
    }

    @Test func elementsOfAnswersAreFoundByName() {
        let text =
            "<R><Contents><Key>a</Key><ETag>&quot;1&amp;2&quot;</ETag></Contents><Contents><Key>b</Key></Contents></R>"
        let document = S3Document(Array(text.utf8))
        #expect(document.all("Contents").map { $0["Key"] } == ["a", "b"])
        #expect(document["ETag"] == "\"1&2\"" && document["None"] == nil)
        #expect(S3Document.encoded("\"<&>\"") == "&quot;&lt;&amp;&gt;&quot;")
    }
}
