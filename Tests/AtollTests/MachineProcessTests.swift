import Faults
import Foundation
import NIOHTTP1
import Observability
import People
import Resources
import Testing

@testable import atoll

/// A real site that watches its machine and its work: what is there, who sees it, and that a restart keeps it.
@Suite(.serialized) struct MachineProcessTests {
    @Test func theMachineAndItsWorkAreShown() async throws {
        try await GuardedSite.with { door in
            try await Self.populate(door)
            try await door.user("admin", roles: "{role: platform-admin}")
            let (all, risk, retail) = (
                try await door.login("admin"), try await door.login("ana"), try await door.login("ben")
            )
            let machine = try await Self.machine(door, risk)
            let cpu = try #require(machine["cpu"]?["used"]?.number)
            let cores = try #require(machine["cpu"]?["total"]?.number)
            #expect(cpu >= 0 && cpu <= cores && cores <= Double(ProcessInfo.processInfo.processorCount))
            for what in ["memory", "storage"] {
                let (used, total) = (machine[what]?["used"]?.number ?? 0, machine[what]?["total"]?.number ?? 0)
                #expect(used > 0 && used < total, "\(what)")
            }
            let hasGraphics = try await Self.hasGraphics()
            #expect((machine["gpuMemory"] != nil) == hasGraphics, "never invented")

            // Both tenants have computed; each sees its own.
            func names(_ query: String, _ proof: String) async throws -> [String] {
                let answer = try await door.call(.GET, "/api/v1/work?\(query)", proof: proof)
                #expect(answer.status == 200, "\(query): \(answer.text)")
                return (answer.body["items"]?.array ?? []).compactMap { $0["name"]?.string }
            }
            try await waitUntil("the jobs' processor time is counted") {
                try await Set(names("by=tenant", all)) == ["risk", "retail"]
            }
            let apps = try await names("by=app", all)
            #expect(Set(apps) == ["site", "job/of-risk", "job/of-retail"] && apps.first == "site", "\(apps)")
            #expect(try await names("by=app&tenant=risk", risk) == ["job/of-risk"])
            #expect(try await names("by=app&tenant=retail&project=loans", retail) == ["job/of-retail"])
            #expect(try await names("by=user&tenant=risk", risk).count == 1)
            #expect(try await names("by=machine", all) == [MachineMonitor.machineName])
            for (query, proof) in [("by=app", risk), ("by=app&tenant=retail", risk), ("tenant=risk", retail)] {
                let refused = try await door.call(.GET, "/api/v1/work?\(query)", proof: proof)
                #expect(refused.fault == PeopleFaults.forbidden.number, "\(query)")
            }
            let line = try await door.call(.GET, "/api/v1/work?tenant=risk", proof: risk).body["items"]?.array?.first
            let seconds = try #require(line?["cpuSeconds"]?.number)
            #expect(seconds > 0 && line?["workers"] == 0)

            for (query, fault) in [
                ("work?by=colour", ProgramFaults.badRequest), ("work?limit=0", ProgramFaults.badRequest),
                ("machines/none/samples", ObservabilityFaults.unknownMachine),
                ("machines/\(MachineMonitor.machineName)/samples?step=1", ProgramFaults.badRequest),
                ("machines/\(MachineMonitor.machineName)/samples?from=now", ProgramFaults.badRequest),
                (
                    "machines/\(MachineMonitor.machineName)/samples?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
                    ProgramFaults.badRequest
                ),
            ] {
                let refused = try await door.call(.GET, "/api/v1/\(query)", proof: all)
                #expect(refused.fault == fault.number, "\(query): \(refused.text)")
            }

            try await Self.aRestartKeepsBoth(door)
            #expect(try await door.isSound())
        }
    }

    private static func aRestartKeepsBoth(_ door: GuardedSite) async throws {
        let path = "/api/v1/machines/\(MachineMonitor.machineName)/samples?step=15"
        let proof = try await door.login("ana")
        let before = try await door.call(.GET, path, proof: proof).body["items"]?.array ?? []
        #expect(!before.isEmpty)
        let work = try await door.site.run(["top", "--by", "project", "-o", "json"])
        let seconds = try used(work)
        _ = try door.site.stop()
        try await door.site.restart()
        let after = try await door.call(.GET, path, proof: try await door.login("ana")).body["items"]?.array ?? []
        #expect(after.first?["time"] == before.first?["time"] && after.first?["memory"] != nil, "\(after)")
        let again = try used(try await door.site.run(["top", "--by", "project", "-o", "json"]))
        #expect(again == seconds && again.count == 2 && again.values.allSatisfy { $0 > 0 }, "\(again)")
        let text = try await door.site.run(["top"])
        #expect(text.status == 0 && text.output.contains("machine \(MachineMonitor.machineName)"), "\(text.errors)")
        #expect(text.output.contains("memory      [") && text.output.contains("job/of-risk"), "\(text.output)")
    }

    private static func used(_ shown: Program.Result) throws -> [String: Double] {
        #expect(shown.status == 0, "\(shown.errors)")
        let items = try JSONParser.parse(shown.output)["work"]?["items"]?.array ?? []
        return Dictionary(
            items.map { ($0["name"]?.string ?? "", $0["cpuSeconds"]?.number ?? 0) }, uniquingKeysWith: { $1 })
    }

    /// The machine, once there is a sample of it.
    private static func machine(_ door: GuardedSite, _ proof: String) async throws -> JSONValue {
        var machine: JSONValue = .null
        try await waitUntil("the first sample") {
            let answer = try await door.call(.GET, "/api/v1/machines", proof: proof)
            machine = answer.body["items"]?.array?.first ?? .null
            return machine["cpu"] != nil
        }
        return machine
    }

    private static func hasGraphics() async throws -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/nvidia-smi")
        }
    }

    static func populate(_ door: GuardedSite) async throws {
        var documents: [String] = []
        for (tenant, project) in [("risk", "cards"), ("retail", "loans")] {
            documents += [
                "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: \(tenant)}, spec: {displayName: T}}",
                """
                {apiVersion: atoll.dev/v1alpha1, kind: Project, metadata: {name: \(project), tenant: \(tenant)},
                 spec: {displayName: P}}
                """,
            ]
        }
        let applied = try await door.site.run(["apply", "-f", "-"], input: documents.joined(separator: "\n---\n"))
        #expect(applied.status == 0, "\(applied.errors)")
        try await door.user("ana", roles: "{role: modeller, tenant: risk}")
        try await door.user("ben", roles: "{role: viewer, tenant: retail}")
        let folder = ClientFolder()
        for (tenant, project) in [("risk", "cards"), ("retail", "loans")] {
            let job = folder.write(
                "\(tenant).yaml",
                """
                apiVersion: atoll.dev/v1alpha1
                kind: Job
                metadata: {name: of-\(tenant), tenant: \(tenant), project: \(project)}
                spec: {tasks: [{name: rest, operator: noop}]}
                """)
            let ran = try await door.site.run(["job", "submit", "-f", job, "--wait"])
            #expect(ran.status == 0, "\(ran.errors)")
        }
    }
}
