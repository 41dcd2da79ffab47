import Faults
import Foundation
import Resources
import Testing

@testable import atoll

/// Quotas at a real site: what is refused, and that nothing is ever over-admitted, whatever is killed meanwhile.
@Suite(.serialized) struct QuotaProcessTests {
    private static let long =
        "{rounds: 20, frames: 16, frameBytes: 1000, largestFrame: 1000, kernelSeconds: 60, diskMiB: 1}"

    @Test(.timeLimit(.minutes(8))) func killsNeverOverAdmit() async throws {
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            let file = sites.bank.folder + "/quota.yaml"
            try """
            apiVersion: atoll.dev/v1alpha1
            kind: Quota
            metadata: {name: cards, tenant: risk}
            spec: {project: cards, runningJobs: 2, memory: 2048}
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let applied = try await sites.bank.atoll("apply", "-f", file)
            #expect(applied.status == 0, "\(applied.error)")
            for name in ["one", "two"] {
                let taken = try await jobs.submit(name, parameters: Self.long)
                #expect(taken.status == 0, "\(taken.error)")
            }
            try await Self.runningWorkIsSeen(sites.bank)
            let refused = try await jobs.submit("three", parameters: Self.long)
            #expect(refused.status != 0 && refused.error.contains("\(JobFaults.overQuota.number)"), "\(refused.error)")
            #expect(refused.error.contains("running jobs: used 2, asked 1, hard 2"), "\(refused.error)")
            let none = try await sites.bank.atoll(["job", "describe", "three"] + RealJobs.scope)
            #expect(none.status != 0, "nothing is stored of what was refused")
            try await cancel(sites.bank)
            var most = 0
            for round in 0..<3 {
                try await sites.waitForRoutes()
                let files = try (0..<5).map { try jobs.write("round-\(round)-\($0)", parameters: Self.long) }
                let folder = sites.bank.folder
                await withTaskGroup(of: Void.self) { group in
                    for file in files {
                        group.addTask { await Self.submit(file, at: folder) }
                    }
                    for _ in 0...round { await group.next() }
                    try? sites.bank.kill9()
                }
                try await sites.bank.restart()
                // The controller begins what was stored and not begun, up to the quota.
                for _ in 0..<15 {
                    let open = try await open(sites.bank)
                    most = max(most, open.count)
                    #expect(open.count <= 2, "round \(round): \(open)")
                    try await Task.sleep(for: .milliseconds(100))
                }
                try await cancel(sites.bank)
            }
            #expect(most > 0, "some were taken before the kill")
        }
    }

    /// What real workers use, by the project whose they are.
    private static func runningWorkIsSeen(_ site: RunningSite) async throws {
        try await waitUntil("a worker is seen to compute") {
            let shown = try await site.atoll(["top", "--by", "project", "-o", "json", "--tenant", "risk"])
            let line = try shown.json["work"]?["items"]?.array?.first
            return line?["name"] == "cards" && (line?["workers"]?.integer ?? 0) > 0
                && (line?["cpu"]?["used"]?.number ?? 0) > 0.01 && (line?["memory"]?["used"]?.integer ?? 0) > 1 << 20
                && (line?["cpuSeconds"]?.number ?? 0) > 0 && (line?["cpu"]?["reserved"]?.integer ?? 0) > 0
        }
    }

    /// What is stored, seen by the people of the tenant: with the bar of what is used, and refused beyond it.
    @Test func storageIsBoundedAndShown() async throws {
        try await RunningSite.with { site in
            let folder = ClientFolder()
            let places = folder.write("places.yaml", FileUploadTests.places)
            #expect(try await site.run(["apply", "-f", places]).status == 0)
            let scope = ["--tenant", "risk", "--project", "cards"]
            let set = try await site.run(["quota", "set", "cards", "--storage", "1", "--running-jobs", "3"] + scope)
            #expect(set.status == 0 && set.output.contains("risk/cards"), "\(set.errors)")
            let small = folder.write("a.csv", "id\n" + String(repeating: "1234567\n", count: 80_000))
            #expect(try await site.run(["file", "upload", small, "--name", "a"] + scope).status == 0)
            let refused = try await site.run(["file", "upload", small, "--name", "b"] + scope)
            #expect(refused.status != 0, "\(refused.output)")
            #expect(
                refused.errors.contains("\(DataFaults.overQuota.number)")
                    && refused.errors.contains("used 640003, asked 640003, hard 1048576"), "\(refused.errors)")
            #expect(!(try await site.run(["file", "list"] + scope).output.contains("b ")))
            let shown = try await site.run(["quota", "list", "--tenant", "risk"])
            #expect(shown.output.contains("[##########] 100 %") && shown.output.contains("[----------] 0 %"))
            let json = try await site.run(["quota", "list", "-o", "json"] + scope)
            let bounds = try JSONParser.parse(json.output)["items"]?.array ?? []
            #expect(bounds.map { $0["field"]?.string } == ["runningJobs", "storage"])
            #expect(bounds.last?["used"] == 1 && bounds.last?["hard"] == 1)
            // Other bounds in place of the ones that were there.
            #expect(try await site.run(["quota", "set", "cards", "--storage", "2"] + scope).status == 0)
            #expect(try await site.run(["file", "upload", small, "--name", "b"] + scope).status == 0)
            #expect(try await site.run(["quota", "delete", "cards"] + scope).status == 0)
            #expect(try await site.run(["quota", "list"] + scope).output.isEmpty)
        }
    }

    /// Until it is taken or refused, or the site has ended; right after a start the way to the partner is not there.
    private static func submit(_ file: String, at folder: String) async {
        while let outcome = try? await CommandOutcome.of(["job", "submit", "-f", file], data: folder),
            outcome.error.contains("\(JobFaults.unreachable.number)")
        {
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The names of jobs that were begun and have not ended.
    private func open(_ site: RunningSite) async throws -> [String] {
        let listed = try await site.atoll(["job", "list", "-o", "json"] + RealJobs.scope)
        return (try listed.json["items"]?.array ?? []).filter {
            !["Succeeded", "Failed", "Cancelled", "Refused", nil].contains($0["state"]?.string)
        }.compactMap { $0["name"]?.string }
    }

    private func cancel(_ site: RunningSite) async throws {
        try await waitUntil("every job has ended") {
            let open = try await open(site)
            for name in open { _ = try await site.atoll(["job", "cancel", name] + RealJobs.scope) }
            return open.isEmpty
        }
    }
}
