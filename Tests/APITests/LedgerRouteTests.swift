import API
import Faults
import Foundation
import Ledger
import NIOHTTP1
import Resources
import Testing

@Suite struct LedgerRouteTests {
    private static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
    private static let peer = SiteID(digest: [UInt8](repeating: 9, count: 32))

    @Test func theSummaryCountsByTypeAndDirection() async throws {
        try await withLedger { api in
            let items = try await api.call(.GET, "/api/v1/ledger").body["items"]?.array ?? []
            #expect(items.count == 1)
            #expect(items[0]["job"]?.string == Self.job && items[0]["lines"] == 300)
            let flow = try #require(items[0]["flows"]?.array?.first)
            #expect(flow["frames"] == 300 && flow["bits"] == .integer(300 * 10 * 64))
            #expect(try await api.call(.GET, "/api/v1/ledger?job=other").body["items"] == [])
            let of = try await api.call(.GET, "/api/v1/ledger?peer=\(Self.peer)&job=\(Self.job)")
            #expect(of.body["items"]?.array?.count == 1)
            #expect(try await api.call(.GET, "/api/v1/ledger?peer=x").fault == ProgramFaults.badRequest.number)
        }
    }

    @Test func linesComeInPages() async throws {
        try await withLedger { api in
            let path = "/api/v1/ledger/lines?job=\(Self.job)&peer=\(Self.peer)"
            let first = try await api.call(.GET, path).body["items"]?.array ?? []
            #expect(first.count == 100 && first[99]["number"] == 99)
            let next = try await api.call(.GET, path + "&after=99&limit=250").body["items"]?.array ?? []
            #expect(next.count == 200 && next[0]["number"] == 100)
            #expect(try await api.call(.GET, "/api/v1/ledger/lines").fault == ProgramFaults.badRequest.number)
            #expect(try await api.call(.GET, path + "&limit=1001").fault == ProgramFaults.badRequest.number)
        }
    }

    @Test func theExportIsWholeAndHasSaltsOnlyWhenAsked() async throws {
        try await withLedger { api in
            let export = try await api.call(.GET, "/api/v1/ledger/export")
            #expect(export.headers.first(name: "content-type") == "application/x-ndjson")
            #expect(!export.text.contains("\"salt\""))
            var verifier = LedgerVerifier()
            for line in export.text.split(separator: "\n") { verifier.take(try JSONParser.parse(String(line))) }
            let report = verifier.finish()
            #expect(report.isWhole && report.lines == 300, "\(report.findings)")
            let salted = try await api.call(.GET, "/api/v1/ledger/export?job=\(Self.job)&withSalts=true")
            #expect(salted.text.contains("\"salt\":\"\(String(repeating: "02", count: 16))\""))
            let verified = try await api.call(.POST, "/api/v1/ledger/verify")
            #expect(verified.body["whole"] == true && verified.body["lines"] == 300)
        }
    }

    @Test func theOpenAPIDocumentNamesTheLedger() async throws {
        try await withLedger { api in
            let paths = try await api.call(.GET, "/api/v1/openapi.json").body["paths"]?.object ?? [:]
            for path in ["", "/lines", "/export", "/verify"] { #expect(paths["/api/v1/ledger\(path)"] != nil) }
        }
    }

    private func withLedger(_ body: @escaping @Sendable (APIFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-ledger-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let signer = NoKeys()
        let ledger = try SiteLedger.open(path: "\(folder)/ledger.db", site: signer.site, signer: signer)
        try await ledger.record(
            (0..<300).map { sequence in
                FrameRecord(
                    direction: .sent, peer: Self.peer, job: Self.job, task: "train", step: 1, sequence: sequence,
                    attempt: 1, messageType: "bins.histogram", schemaDigest: [UInt8](repeating: 1, count: 32),
                    elements: 10, elementBits: 64, bytes: 100, salt: [UInt8](repeating: 2, count: 16),
                    payloadDigest: [UInt8](repeating: 3, count: 32), keyID: "", route: "direct")
            })
        try await APIFixture.with(routes: [LedgerRoutes(reader: ledger.reader)], body)
        try ledger.close()
    }
}

/// Recording alone needs no key.
private struct NoKeys: LedgerSigner {
    let site = SiteID(digest: [UInt8](repeating: 8, count: 32))

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { [] }

    func rootKey(of site: SiteID) -> [UInt8]? { nil }
}
