import Faults
import Foundation
import Objects
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// Uploads with the program itself: a site, a sender, and either of them killed.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FileUploadTests {
    static let scope = ["--tenant", "risk", "--project", "cards"]

    static let places = """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: risk}
        spec: {displayName: Risk}
        ---
        apiVersion: atoll.dev/v1alpha1
        kind: Project
        metadata: {name: cards, tenant: risk}
        spec: {displayName: Cards}
        """

    private func with(_ body: (RunningSite, _ folder: borrowing ClientFolder) async throws -> Void) async throws {
        try await RunningSite.with { site in
            let folder = ClientFolder()
            let applied = try await site.run(["apply", "-f", folder.write("places.yaml", Self.places)])
            #expect(applied.status == 0, "\(applied.errors)")
            try await body(site, folder)
        }
    }

    /// A CSV file of so many rows of 100 bytes.
    private func table(_ rows: Int) -> String {
        "id,x\n" + (0..<rows).map { "\($0 + 100_000_000)," + String(repeating: "7", count: 89) + "\n" }.joined()
    }

    @Test func aFileIsSentListedAndDeleted() async throws {
        try await with { site, folder in
            let path = folder.write("a.csv", table(100_000))
            let sent = try await site.run(
                ["file", "upload", path, "--name", "loans", "--rows", "-o", "json"] + Self.scope)
            #expect(sent.status == 0, "\(sent.errors)")
            let upload = try JSONParser.parse(sent.output)
            #expect(upload["state"] == "done" && upload["rows"] == 100_000 && upload["chunks"] == 2)
            let listed = try await site.run(["file", "list"] + Self.scope)
            #expect(listed.output.contains("loans") && listed.output.contains("Ready"), "\(listed.output)")
            let again = try await site.run(["file", "upload", path, "--name", "loans"] + Self.scope)
            #expect(again.status != 0 && again.errors.contains("\(ResourceFaults.alreadyExists.number)"))
            let nowhere = try await site.run(
                ["file", "upload", path, "--name", "x", "--tenant", "risk", "--project", "none"])
            #expect(nowhere.errors.contains("\(ResourceFaults.danglingReference.number)"), "\(nowhere.errors)")
            let uploads = try await site.run(["file", "uploads", "-o", "json"])
            #expect(try JSONParser.parse(uploads.output)["items"]?.array?.count == 1)
            #expect(try await site.run(["file", "delete", "loans"] + Self.scope).status == 0)
            try await waitUntil("the content is gone") {
                (FileManager.default.subpaths(atPath: site.folder + "/objects/objects") ?? []).isEmpty
            }
        }
    }

    @Test func theServerOrTheSenderIsKilledAndTheUploadGoesOn() async throws {
        try await with { site, folder in
            let path = folder.write("big.csv", table(1_500_000))
            let words = ["file", "upload", path, "--name", "big", "--rows"] + Self.scope
            let arrived: () async throws -> Int64 = {
                guard let text = try? await site.run(["file", "uploads", "-o", "json"]).output,
                    let items = try? JSONParser.parse(text)["items"]?.array
                else { return 0 }
                return items.first?["arrived"]?.integer ?? (items.isEmpty ? 0 : .max)
            }
            let first = try site.start(words)
            while try await arrived() < 16 << 20, first.isRunning { try await Task.sleep(for: .milliseconds(2)) }
            kill(first.processIdentifier, SIGKILL)
            first.waitUntilExit()
            let second = try site.start(words)
            while try await arrived() < 64 << 20, second.isRunning { try await Task.sleep(for: .milliseconds(2)) }
            try site.kill9()
            try await site.restart()
            second.waitUntilExit()
            #expect(second.terminationStatus == 0)
            let files = try JSONParser.parse(try await site.run(["get", "files", "-o", "json"] + Self.scope).output)
            let spec = try #require(files["items"]?.array?.first?["spec"])
            var digester = FileDigester()
            digester.update(Array(try Data(contentsOf: URL(filePath: path))))
            #expect(spec["digest"]?.string == digester.finish().hexadecimal && spec["rows"] == 1_500_000)
            // One upload went through all of it.
            let uploads = try JSONParser.parse(try await site.run(["file", "uploads", "-o", "json"]).output)
            #expect(uploads["items"]?.array?.count == 1)
        }
    }

    @Test func aFileThatChangesWhileItIsReadIsRefused() throws {
        let folder = ClientFolder()
        for change in ["touch", "grow", "replace", "shrink"] {
            let path = folder.write("\(change).bin", String(repeating: "a", count: 10_000))
            let file = try SourceFile(path)
            #expect(try file.read(0).count == 10_000)
            try file.checkUnchanged()
            switch change {
            case "touch":
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
            case "grow": _ = folder.write("\(change).bin", String(repeating: "a", count: 10_001))
            case "replace":
                try FileManager.default.removeItem(atPath: path)
                _ = folder.write("\(change).bin", String(repeating: "a", count: 10_000))
            default:
                #expect(truncate(path, 10) == 0)
                #expect(throws: Fault(ObjectFaults.fileChanged)) { try file.read(0) }
            }
            #expect(throws: Fault(ObjectFaults.fileChanged), "\(change)") { try file.checkUnchanged() }
        }
        #expect(throws: Fault(ProgramFaults.fileUnreadable)) { try SourceFile(folder.path) }
        #expect(throws: Fault(ProgramFaults.fileUnreadable)) { try SourceFile(folder.path + "/none") }
    }

    @Test func progressIsABarOrALine() {
        let pace = Pace(done: 61_000_000, since: 1_000_000, total: 100_000_000, seconds: 10)
        #expect(
            pace.bar("loans", columns: 90)
                == "loans  [##################------------]  61 %  61.0 MB of 100.0 MB  6.0 MB/s  0:07 left")
        #expect(pace.bar("loans", columns: 20).count <= 19)
        #expect(
            pace.json("loans") == [
                "event": "progress", "name": "loans", "done": 61_000_000, "total": 100_000_000,
                "bytesPerSecond": 6_000_000, "secondsLeft": 7,
            ])
        #expect(Pace.bytes(999) == "999 B" && Pace.bytes(1_500) == "1.5 kB" && Pace.time(3723) == "1:02:03")
        #expect(Pace(done: 5, since: 5, total: 10, seconds: 1).remaining == nil)
    }
}

/// Asks again and again until the condition holds, for at most two minutes.
func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        guard ContinuousClock.now < end else { throw WaitedTooLong(what) }
        try await Task.sleep(for: .milliseconds(20))
    }
}
