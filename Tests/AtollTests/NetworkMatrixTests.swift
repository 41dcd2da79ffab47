import API
import Faults
import Resources
import Sites
import Testing

@testable import atoll

/// What is expected between planes, without a network.
@Suite struct NetworkMatrixTests {
    private func plane(
        _ plane: Plane, _ address: String, _ security: PlaneDescription.Security, _ allow: String
    ) throws -> PlaneDescription {
        PlaneDescription(
            plane, address: try #require(IPAddress(address)), port: 9000, security: security,
            allow: try AllowList(allow))
    }

    private func expected(_ rows: [NetworkMatrix.Row], _ from: Plane, _ to: Plane) -> [String: String] {
        let own = rows.filter { $0.from == from && $0.to == to }
        return Dictionary(uniqueKeysWithValues: own.map { ($0.attempt.way.text, $0.expected.text) })
    }

    @Test func everyPairIsTriedAndHandlersAreWhereTheyBelong() throws {
        let planes = [
            try plane(.federation, "10.1.0.1", .mutual, "everyone"),
            try plane(.management, "127.0.0.1", .none, "loopback"),
            try plane(.business, "10.2.0.1", .tls, "10.2.0.0/16"),
        ]
        let rows = NetworkMatrix(planes).rows
        for from in Plane.allCases {
            for to in Plane.allCases { #expect(!expected(rows, from, to).isEmpty, "\(from) to \(to)") }
        }
        #expect(expected(rows, .business, .management) == ["GET /healthz without TLS": "no answer"])
        #expect(
            expected(rows, .management, .management) == [
                "GET /healthz without TLS": "HTTP 200", "GET /metrics without TLS": "HTTP 200",
                "GET /api/v1/kinds without TLS": "HTTP 401",
            ])
        #expect(
            expected(rows, .business, .business) == [
                "GET /healthz without TLS": "no answer", "TLS 1.2": "no answer", "GET /healthz": "HTTP 200",
                "GET /metrics": "HTTP 404", "GET /api/v1/kinds": "HTTP 404",
            ])
        #expect(expected(rows, .federation, .business) == ["GET /healthz": "no answer"])
        #expect(
            expected(rows, .management, .federation) == [
                "connect": "open", "GET /healthz without TLS": "no answer", "TLS 1.2": "no answer",
                "TLS without a certificate": "no answer",
            ])
    }

    @Test func wildcardsAreReachedOverLoopbackAndFamiliesStayApart() throws {
        let rows = NetworkMatrix([
            try plane(.management, "0.0.0.0", .tls, "everyone"), try plane(.business, "::1", .none, "loopback"),
        ]).rows
        #expect(rows.allSatisfy { $0.from == $0.to })
        #expect(rows.first { $0.to == .management }?.attempt.target == IPAddress("127.0.0.1"))
    }

    @Test func findingsKeepTheOrderAndSayWhatIsWrong() async throws {
        let matrix = NetworkMatrix([try plane(.business, "127.0.0.1", .none, "loopback")])
        let findings = await matrix.findings { $0.way == .plain("/metrics") ? .status(200) : .status(404) }
        #expect(findings.map(\.isRight) == [false, false, true])
        #expect(findings[1].json["result"] == "fail")
        #expect(findings[1].json["expected"] == "HTTP 404" && findings[1].json["found"] == "HTTP 200")
        #expect(findings[1].to == "business 127.0.0.1:9000")
    }

    @Test func descriptionsOfPlanesReadBack() throws {
        for security in PlaneDescription.Security.allCases {
            let description = try plane(.business, "fd00::1", security, "10.0.0.0/8,::1")
            #expect(PlaneDescription(description.json) == description)
        }
        #expect(PlaneDescription(["plane": "moon"]) == nil)
    }

    @Test func aRouteInTheListIsInWords() {
        let row = RouteListCommand.row([
            "metadata": ["name": "partner"], "spec": ["peer": "bank", "kind": "direct"],
            "status": [
                "state": "Ready", "figures": ["roundTripMicroseconds": 20_500, "bandwidthBitsPerSecond": 950_000_000],
            ],
        ])
        #expect(row["roundTrip"] == "20.5 ms" && row["bandwidth"] == "950 Mbit/s" && row["name"] == "partner")
        #expect(row["lastProbe"] == nil)
    }

    @Test func theDoctorNamesTheFailingLayerOfARoute() {
        var route = Resource(Route.id("partner"), spec: Route.spec(peer: "bank", way: .reverse))
        #expect(RoutesCheck.finding(of: route).status == .warn)
        route.set(Condition("Ready", .isTrue, reason: "Connected", message: "Reached.", observedGeneration: 1))
        #expect(RoutesCheck.finding(of: route).status == .pass)
        route.set(Condition("Bandwidth", .isTrue, reason: "Warning", message: "Slow.", observedGeneration: 1))
        #expect(RoutesCheck.finding(of: route).found == "Bandwidth: Slow.")
        route.set(Condition("TCPConnects", .isFalse, reason: "Failed", message: "ATL-3037 No.", observedGeneration: 1))
        let finding = RoutesCheck.finding(of: route)
        #expect(
            finding.status == .fail && finding.found == "TCPConnects: ATL-3037 No." && finding.id == "route.partner")
    }

    @Test func theDoctorLooksAtPeersAndClocks() {
        let peer = Resource(ResourceID(kind: "Peer", name: "bank"), spec: ["displayName": "Bank"])
        #expect(PeersCheck.finding(of: peer, hasRoute: false).status == .warn)
        #expect(PeersCheck.finding(of: peer, hasRoute: true).status == .pass)
        #expect(ClockCheck.finding(of: []).status == .pass)
        #expect(ClockCheck.finding(of: [10, -2001]).status == .warn)
    }
}
