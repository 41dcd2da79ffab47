import AsyncHTTPClient
import Faults
import Foundation
import NIOCore
import NIOHTTP1
import Resources
import Testing

@testable import atoll

/// The real program as a process of its own.
@Suite(.serialized) struct ServeTests {
    @Test func startsAnswersAndStopsOnSIGTERM() async throws {
        try await RunningSite.with { site in
            #expect(FileFacts(site.folder + "/atoll.sock")?.permissions == 0o600)
            #expect(FileFacts(site.folder + "/site.db")?.permissions == 0o600)
            let seconds = try site.stop()
            #expect(site.status == 0)
            #expect(seconds < 2)
            #expect(FileFacts(site.folder + "/atoll.sock") == nil, "no socket is left behind")
        }
    }

    @Test func stopsWithinTwoSecondsUnderAnOpenWatch() async throws {
        try await RunningSite.with { site in
            let watch = try site.start(["watch", "tenants"])
            try await Task.sleep(for: .milliseconds(400))
            #expect(watch.isRunning)
            let seconds = try site.stop()
            #expect(seconds < 2)
            watch.terminate()
            watch.waitUntilExit()
        }
    }

    @Test func stopsAsProcessOneOfAContainer() async throws {
        guard geteuid() == 0 else {
            print("skipped: a process namespace needs root")
            return
        }
        try await RunningSite.with(prefix: ["/usr/bin/unshare", "--pid", "--fork", "--kill-child=SIGTERM"]) { site in
            // The server is process 1 of its namespace; its lock file says so.
            let seen = try String(contentsOfFile: site.folder + "/lock", encoding: .utf8)
            #expect(seen == "1\n")
            let seconds = try site.stop(signalling: site.child)
            #expect(seconds < 2)
        }
    }

    @Test func aSecondServerOnOneDirectoryRefuses() async throws {
        try await RunningSite.with { site in
            let second = try await site.run(["serve"])
            #expect(second.status == 1)
            #expect(second.errors.contains(Fault(ResourceFaults.storeLocked).number.description))
            #expect(second.errors.contains("process \(site.process.processIdentifier)"))
            #expect(try await site.run(["get", "tenants"]).status == 0, "the first goes on")
        }
    }

    @Test func acknowledgedChangesSurviveKill9AndControllersGoOn() async throws {
        try await RunningSite.with { site in
            for round in 0..<4 {
                for index in 0..<5 {
                    let answer = try await site.run(["apply", "-f", "-"], input: tenant("t\(round)-\(index)"))
                    #expect(answer.status == 0, "\(answer.errors)")
                }
                try site.kill9()
                try await site.restart()
                let names = try await site.run(["get", "tenants", "-o", "name"]).output.split(separator: "\n")
                #expect(names.count == 5 * (round + 1))
            }
            // Each tenant's controller comes to an end, whatever was cut short.
            for _ in 0..<100 {
                let text = try await site.run(["get", "tenants", "-o", "json"]).output
                let items = try JSONParser.parse(text)["items"]?.array ?? []
                if items.allSatisfy({ $0["status"]?["conditions"]?.array?.first?["status"] == "True" }) { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("the controllers did not converge")
        }
    }

    @Test func theManagementPlaneServesProbesAndNobodyUnknown() async throws {
        let port = 20_000 + Int(getpid()) % 20_000
        try await RunningSite.with(arguments: ["--management-address", "127.0.0.1:\(port)"]) { site in
            func get(_ path: String) async throws -> (Int, String) {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
                return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
            }
            #expect(try await get("/readyz").0 == 200)
            #expect(try await get("/metrics").1.contains("http_requests_total"))
            #expect(try await get("/api/v1/tenants").0 == 401)
            #expect(try await get("/api/v1/login").0 == 404, "a login is no page")
            #expect(try await site.run(["doctor"]).status == 0)
            let taken = try await site.run(
                ["serve", "--data", site.folder + "/second", "--management-address", "127.0.0.1:\(port)"]
            )
            #expect(taken.errors.contains(Fault(ProgramFaults.listen).number.description))
        }
    }

    @Test func withoutTLSTheManagementPlaneIsForLoopback() async throws {
        let folder = RunningSite.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try await Program.run(["serve", "--data", folder, "--management-address", "0.0.0.0:9371"])
        #expect(result.status == 1)
        #expect(result.errors.contains(Fault(RouteFaults.planeNeedsTLS).number.description))
    }

    @Test func secretsAndRowsStayOutOfTheLog() async throws {
        try await RunningSite.with(arguments: ["--log-level", "trace"]) { site in
            let secret = try await site.run(["secret", "set", "directory"], input: "needle-one")
            #expect(secret.status == 0, "\(secret.errors)")
            #expect(!secret.output.contains("needle-one") && !secret.errors.contains("needle-one"))
            _ = try await site.run(["apply", "-f", "-"], input: tenant("t").replacing("Name", with: "needle-two"))
            _ = try site.stop()
            let log = try String(contentsOfFile: site.log, encoding: .utf8)
            #expect(!log.contains("needle"))
            #expect(log.contains(#""app":"site""#))
        }
    }

    private func tenant(_ name: String) -> String {
        """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: \(name)}
        spec: {displayName: Name}
        """
    }
}
