import Faults
import Foundation
import Ledger
import Resources
import Testing

@testable import atoll

@Suite struct CommandsLedgerTests {
    @Test func aFlowIsToldInWordsForAReviewer() {
        let flow: JSONValue = [
            "task": "train", "direction": "sent", "messageType": "bins.histogram", "frames": 1204,
            "bytes": 3_100_000_000, "elements": 1, "bits": 2_400_000_000, "resent": 3, "replaced": 0,
            "repeatedBytes": 9, "replacedBits": 0,
        ]
        #expect(
            LedgerText.flow(flow, peer: "partner")
                == "To partner: 1,204 frames of type bins.histogram (task train), 3.1 GB, at most 2.4e9 bits of "
                + "information; 3 resent")
        var other = flow.object ?? [:]
        other["direction"] = "received"
        other["frames"] = 1
        other["bytes"] = 999
        other["bits"] = 1
        other["replaced"] = 2
        other["replacedBits"] = 128
        #expect(
            LedgerText.flow(.object(other), peer: "partner")
                == "From partner: 1 frame of type bins.histogram (task train), 999 bytes, at most 1 bit of "
                + "information; 3 resent; 2 repeated with other content, at most 128 bits more")
    }

    @Test(arguments: [
        (Int64(0), "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_250_000, "1.3 MB"), (99_950_000_000, "100 GB"),
        (Int64.max, "9,223,372 TB"),
    ])
    func bytesAreRoundedToTenths(_ number: Int64, _ text: String) {
        #expect(LedgerText.bytes(number) == text)
    }

    @Test(arguments: [(Int64(999_999), "999,999 bits"), (1_000_000, "1.0e6 bits"), (9_960_000_000, "1.0e10 bits")])
    func bitsAreRoundedToTwoDigits(_ number: Int64, _ text: String) {
        #expect(LedgerText.bits(number) == text)
    }

    @Test func theLedgerOfAStoppedSiteAndItsExportsAreVerifiedWithoutAServer() async throws {
        let folder = ClientFolder()
        let objects = try await Self.ledger(in: folder.path)
        let outcome = try await CommandOutcome.of(["ledger", "verify"], data: folder.path)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(
            outcome.output
                == "The ledger holds together: 1 chain, 20 lines, 0 co-signed statements, 0 closing receipts.\n")
        let lines = objects.map { JSONLine.text($0) }
        let whole = folder.write("whole.jsonl", lines.joined(separator: "\n") + "\n")
        let file = try await CommandOutcome.of(["ledger", "verify", "--file", whole, "-o", "json"], data: folder.path)
        #expect(file.status == 0, "\(file.error)")
        #expect(try file.json["whole"] == true)
        let cut = folder.write("cut.jsonl", lines.dropLast(5).joined(separator: "\n") + "\nnot JSON\n")
        let broken = try await CommandOutcome.of(["ledger", "verify", "--file", cut], data: folder.path)
        #expect(
            broken.status == ExitStatus.refused.rawValue && broken.says(LedgerFaults.notVerified), "\(broken.error)")
        let both = try await CommandOutcome.of(
            ["ledger", "verify", "--file", whole, "--file", whole], data: folder.path)
        #expect(both.says(LedgerFaults.notVerified) && both.error.contains("not of two sites"))
        let missing = try await CommandOutcome.of(["ledger", "verify", "--file", "/nowhere"], data: folder.path)
        #expect(missing.says(LedgerFaults.unreadable))
        let empty = try await CommandOutcome.of(["ledger", "verify"], data: "\(folder.path)/none")
        #expect(empty.says(LedgerFaults.unreadable))
    }

    @Test func aLineWithoutEndIsRefusedAsNoExport() throws {
        let folder = ClientFolder()
        let file = folder.write("long.jsonl", String(repeating: "x", count: ExportFile.longestLine + 1))
        #expect(throws: Fault(LedgerFaults.malformedExport)) { try ExportFile.read(file) { _ in } }
    }

    @Test func anExportFileHasItsNameOnlyWhenItIsWhole() throws {
        let folder = ClientFolder()
        let path = "\(folder.path)/out.jsonl"
        do {
            let writer = try ExportFile.Writer(path)
            try writer.write(Array("{\"a\":1}\n{\"b".utf8))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        let writer = try ExportFile.Writer(path)
        try writer.write(Array("{\"a\":1}\n{\"b".utf8))
        try writer.write(Array("\":2}\n".utf8))
        #expect(try writer.finish() == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\":1}\n{\"b\":2}\n")
        #expect(throws: Fault(ProgramFaults.unexpected)) { _ = try ExportFile.Writer("/nowhere/out.jsonl") }
    }

    @Test func peersAreNamedByNameOrSiteID() throws {
        let site = SiteID(digest: [UInt8](repeating: 9, count: 32)).text
        let peers = LedgerPeers(names: [site: "partner"])
        #expect(try peers.site("partner") == site)
        #expect(try peers.site(site) == site)
        #expect(try peers.site(nil) == nil)
        #expect(peers.name(of: site) == "partner" && peers.name(of: "x") == "x")
        #expect(throws: Fault(ResourceFaults.notFound)) { try peers.site("nobody") }
    }

    /// A ledger of 20 frames in a folder; its export.
    private static func ledger(in folder: String) async throws -> [JSONValue] {
        let signer = NoKeys()
        let ledger = try SiteLedger.open(path: "\(folder)/ledger.db", site: signer.site, signer: signer)
        try await ledger.record(
            (0..<20).map { sequence in
                FrameRecord(
                    direction: .sent, peer: SiteID(digest: [UInt8](repeating: 9, count: 32)), job: "job",
                    task: "train", step: 1, sequence: sequence, attempt: 1, messageType: "bins.histogram",
                    schemaDigest: [UInt8](repeating: 1, count: 32), elements: 10, elementBits: 64, bytes: 100,
                    salt: [UInt8](repeating: 2, count: 16), payloadDigest: [UInt8](repeating: 3, count: 32), keyID: "",
                    route: "direct")
            })
        var export = try await LedgerExport(ledger.reader)
        var objects: [JSONValue] = []
        while let piece = try await export.next() { objects += piece }
        try ledger.close()
        return objects
    }
}

/// Recording alone needs no key.
private struct NoKeys: LedgerSigner {
    let site = SiteID(digest: [UInt8](repeating: 8, count: 32))

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { [] }

    func rootKey(of site: SiteID) -> [UInt8]? { nil }
}
