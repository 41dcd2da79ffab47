import Faults
import Foundation
import Resources
import Sites
import Testing

@testable import atoll

/// Two real sites in network namespaces of their own, and a cable between them that fails and is slow.
@Suite struct CableTests {
    @Test func aCableThatDropsEverythingIsALossAndTheRouteComesBackByItself() async throws {
        try await with(needing: "/usr/sbin/nft") { sites, names in
            guard try await names.cut(true) else {
                print("skipped: nft does not work in a network namespace here")
                return
            }
            let start = ContinuousClock.now
            for site in [sites.bank, sites.partner] {
                try await sites.wait(for: site) { route in
                    route["status"]?["state"]?.string == "Lost" && Self.ready(route)?["reason"]?.string == "LinkLost"
                }
            }
            // TCP alone would take a quarter of an hour. How long it took is told; a busy machine may take longer.
            print("both sites saw the loss after \(start.duration(to: .now))")
            let probe = try await sites.partner.atoll("route", "probe", "bank")
            #expect(probe.status == 5 && probe.output.contains("\(LinkFaults.unreachable.number)"), "\(probe.output)")
            #expect(try await names.cut(false))
            try await sites.waitForRoutes()
        }
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] != nil,
            "takes half a minute; set ATOLL_TEST_LONG to run it"))
    func aSlowCableIsMeasured() async throws {
        try await with(needing: "/usr/sbin/tc") { sites, names in
            let limit = "qdisc add dev vb root tbf rate 40mbit burst 64kb latency 400ms"
            guard try await names.run(["/usr/sbin/tc"] + limit.split(separator: " ").map(String.init)) else {
                print("skipped: this kernel has no token bucket filter (sch_tbf)")
                return
            }
            let probe = try await sites.partner.atoll("route", "probe", "bank", "-o", "json")
            let measured = try #require(
                try probe.json["figures"]?["bandwidthBitsPerSecond"]?.integer, "\(probe.output) \(probe.error)")
            // Never more than the cable carries and its bucket holds, and not much less.
            #expect((10_000_000...80_000_000).contains(measured), "\(measured) bit/s over a cable of 40 Mbit/s")
        }
    }

    private static func ready(_ route: JSONValue) -> JSONValue? {
        route["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
    }

    /// Runs the body with two sites that have joined over a cable; a partner that dials lives in the other namespace.
    private func with(needing program: String, _ body: (TwoRealSites, Namespaces) async throws -> Void) async throws {
        guard try await Namespaces.arePermitted() else {
            print("skipped: network namespaces need root and iproute2")
            return
        }
        guard Platform.isExecutableFile(program) else {
            print("skipped: \(program) is not here")
            return
        }
        let names = try await Namespaces()
        defer { names.remove() }
        func prefix(_ name: String) -> [String] { [Namespaces.program, "netns", "exec", name] }
        try await TwoRealSites.with(
            address: "10.77.0.1:9370", bankPrefix: prefix(names.site), partnerPrefix: prefix(names.other)
        ) { sites in
            try await sites.join()
            try await sites.waitForRoutes()
            try await body(sites, names)
        }
    }
}
