import Faults
import Foundation
import Resources
import Sites
import Testing

@testable import atoll

/// `atoll verify network` and allow-lists with real processes; what needs namespaces is skipped where they are not
/// permitted.
@Suite(.serialized) struct NetworkVerifyTests {
    private static let port = 30_000 + Int(getpid()) % 20_000

    @Test func aSiteThatIsAsItShouldBePasses() async throws {
        let arguments = [
            "--management-address", "127.0.0.1:\(Self.port)", "--business-address", "127.0.0.1:\(Self.port + 1)",
        ]
        try await RunningSite.with(arguments: arguments) { site in
            let result = try await site.atoll("verify", "network", "--json")
            #expect(result.status == 0, "\(result.output) \(result.error)")
            let items = try result.json["items"]?.array ?? []
            #expect(items.count >= 13)
            #expect(items.contains { $0["to"] == "atoll.sock" && $0["result"] == "pass" })
            #expect(items.contains { $0["try"] == "GET /metrics without TLS" && $0["found"] == "HTTP 404" })
        }
    }

    @Test func whatIsNotAsItShouldBeIsFound() async throws {
        try await RunningSite.with(arguments: ["--management-address", "127.0.0.1:\(Self.port + 2)"]) { site in
            chmod(site.folder + "/atoll.sock", 0o666)
            let open = try await site.atoll("verify", "network", "-o", "json")
            #expect(open.status == ExitStatus.checksFailed.rawValue)
            let wrong = try open.json["items"]?.array?.filter { $0["result"] == "fail" } ?? []
            #expect(wrong.map { $0["to"] } == ["atoll.sock"])
            #expect(wrong.first?["found"] == "666")
            // A site that says it has a federation plane where there is plain HTTP.
            let folder = ClientFolder()
            let lie = PlaneDescription(
                .federation, address: IPAddress("127.0.0.1")!, port: Self.port + 2, security: .mutual, allow: .everyone)
            let answer = CannedServer.answer("200 OK", JSONLine.text(["planes": [lie.json]]))
            let server = CannedServer(socket: folder.path + "/atoll.sock", answers: [answer])
            defer { server.stop() }
            chmod(folder.path + "/atoll.sock", 0o600)
            let found = try await CommandOutcome.of(["verify", "network"], data: folder.path)
            #expect(found.status == ExitStatus.checksFailed.rawValue)
            #expect(found.output.contains("GET /healthz without TLS"))
            #expect(found.output.contains("HTTP 200"))
        }
    }

    @Test func aMissingInterfaceRefusesToStart() async throws {
        let folder = RunningSite.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try await CommandOutcome.of(["serve", "--business-address", "nowhere9:9372"], data: folder)
        #expect(result.status == 1)
        #expect(result.error.contains(Fault(RouteFaults.interfaceMissing).number.description))
        #expect(result.error.contains("lo (127.0.0.1"))
    }

    @Test func onlyAllowedAddressesOfAnotherNetworkReachAPlane() async throws {
        guard try await Namespaces.arePermitted() else {
            print("skipped: network namespaces need root and iproute2")
            return
        }
        let names = try await Namespaces()
        defer { names.remove() }
        let folder = ClientFolder()
        let (certificate, key) = try NetworkPlaneTests.certificate(in: folder)
        let settings = folder.write(
            "planes.yaml",
            """
            business:
              address: va:9372
              allow: 10.77.0.2
              certificate: \(certificate)
              key: \(key)
            """)
        let prefix = [Namespaces.program, "netns", "exec", names.site]
        try await RunningSite.with(arguments: ["--config", settings], prefix: prefix) { site in
            #expect(try await names.get("https://10.77.0.1:9372/healthz", from: "10.77.0.2") == "200")
            #expect(try await names.get("https://10.77.0.1:9372/metrics", from: "10.77.0.2") == "404")
            #expect(try await names.get("https://10.77.0.1:9372/healthz", from: "10.77.0.3") == "000")
            #expect(try await names.get("http://10.77.0.1:9372/healthz", from: "10.77.0.2") == "000")
            // From the site's own machine: its address is not on the list, and that is what is expected.
            let verified = try await CommandOutcome.of(["verify", "network"], data: site.folder, prefix: prefix)
            #expect(verified.status == 0, "\(verified.output)")
        }
    }
}
