import Faults
import Foundation
import Resources
import Testing

@testable import atoll

/// What a kill or an upgrade of the program must not lose of a data directory.
@Suite(.serialized) struct UpgradeTests {
    /// Every migration of `site.db`, oldest parts first: one that is added is added here, and to what is taken back below.
    private static let migrations: Set = [
        "resources-1", "secrets-1", "joining-1", "uploads-1", "data-1", "data-2", "models-1", "jobs-1", "jobs-2",
        "jobs-3", "jobs-4", "jobs-5", "jobs-6", "machine-1", "people-1", "people-2", "audit-1", "request-keys-1",
        "audit-2", "audit-3",
    ]

    private static let downgrade = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Support/previous_schema.py").path

    @Test func aDataDirectoryOfThePreviousSchemaGoesOn() async throws {
        try await RunningSite.with { site in
            let folder = ClientFolder()
            let scope = ["--tenant", "risk", "--project", "cards"]
            #expect(try await site.run(["apply", "-f", folder.write("p.yaml", FileUploadTests.places)]).status == 0)
            let table = folder.write("a.csv", "id,x\n" + (0..<500).map { "\($0),\($0 * 3)\n" }.joined())
            let made = try await site.run(["data", "upload", table, "--name", "a", "--id", "id"] + scope)
            #expect(made.status == 0, "\(made.errors)")
            let job = folder.write(
                "job.yaml",
                """
                apiVersion: atoll.dev/v1alpha1
                kind: Job
                metadata: {name: nothing, tenant: risk, project: cards}
                spec: {tasks: [{name: rest, operator: noop}]}
                """)
            let ran = try await site.run(["job", "submit", "-f", job, "--wait"])
            #expect(ran.status == 0, "\(ran.errors)")
            let before = try await Self.look(site)
            _ = try site.stop()

            let old = try Self.python([Self.downgrade, site.folder + "/site.db"])
            let names = Set((try JSONParser.parse(old).array ?? []).compactMap(\.string))
            #expect(names == Self.migrations, "add a new migration to this test")

            try await site.restart()
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder + "/snapshots").count == 1)
            let after = try await Self.look(site)
            #expect(before.count == 4 && after == before, "\(after)")
            let out = folder.path + "/out.csv"
            let exported = try await site.run(["data", "export", "a", "--output", out] + scope)
            #expect(exported.status == 0, "\(exported.errors)")
            #expect(try String(contentsOfFile: out, encoding: .utf8) == String(contentsOfFile: table, encoding: .utf8))
            // What is new works with what was there: the job that has ended takes nothing, and the audit begins.
            #expect(try await site.run(["quota", "set", "q", "--running-jobs", "1"] + scope).status == 0)
            let quota = try await site.run(["quota", "list", "-o", "json"] + scope)
            #expect(try JSONParser.parse(quota.output)["items"]?.array?.first?["used"] == 0, "\(quota.output)")
            let user = try await site.run(["user", "add", "ana", "--no-password"])
            #expect(user.status == 0, "\(user.errors)")
            let audit = try await site.run(["audit", "verify"])
            #expect(audit.status == 0, "\(audit.errors)")
            #expect(try await site.run(["doctor"]).status == 0)
        }
    }

    /// A change that was made is in the audit, as it ended or as one that had begun, whenever the site is killed.
    @Test func killsLoseNoRecordOfAChange() async throws {
        try await RunningSite.with { site in
            for round in 0..<4 {
                await withTaskGroup(of: Void.self) { group in
                    let folder = site.folder
                    for number in 0..<6 {
                        group.addTask {
                            _ = try? await Program.run(["tenant", "make", "t\(round)-\(number)"], data: folder)
                        }
                    }
                    for _ in 0...round { await group.next() }
                    try? site.kill9()
                }
                try await site.restart()
            }
            let tenants = try await site.run(["get", "tenants", "-o", "json"])
            let made = (try JSONParser.parse(tenants.output)["items"]?.array ?? []).compactMap {
                $0["metadata"]?["name"]?.string
            }
            let listed = try await site.run(["audit", "list", "--limit", "1000", "-o", "json"])
            let records = try JSONParser.parse(listed.output)["items"]?.array ?? []
            let unknown = Int64(PeopleFaults.outcomeUnknown.number.rawValue)
            let begun = records.filter { $0["fault"]?.integer == unknown }.count
            let named = made.filter { name in
                records.contains { $0["detail"]?.string?.contains("Tenant \(name)") == true }
            }
            #expect(made.count >= 4 && named.count + begun >= made.count, "\(made) \(named) \(begun)")
            #expect(try await site.run(["audit", "verify"]).status == 0)
        }
    }

    /// Everything that is there, without what changes by itself.
    private static func look(_ site: RunningSite) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        for kind in ["projects", "files", "datasets", "jobs"] {
            let listed = try await site.run(["get", kind, "-o", "json"])
            for item in try JSONParser.parse(listed.output)["items"]?.array ?? [] {
                found.append([
                    "kind": .string(kind), "uid": item["metadata"]?["uid"] ?? .null, "spec": item["spec"] ?? .null,
                ])
            }
        }
        return found
    }

    private static func python(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + words
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }
}
