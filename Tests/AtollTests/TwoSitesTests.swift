import Faults
import Foundation
import Resources
import Testing

@testable import atoll

/// Two real sites on loopback: processes, TLS, disks.
@Suite struct TwoSitesTests {
    @Test func twoCommandsJoinTwoSitesAndBothSeeTheRoute() async throws {
        try await TwoSites.with { sites in
            try await sites.join()
            try await sites.waitForRoutes()
            let probe = try await sites.partner.atoll("route", "probe", "bank", "-o", "json")
            #expect(probe.status == 0, "\(probe.output) \(probe.error)")
            let doctor = try await sites.partner.atoll("doctor")
            #expect(doctor.status == 0, "\(doctor.output)")
            #expect(doctor.output.contains("route.bank"))
            let network = try await sites.bank.atoll("verify", "network")
            #expect(network.status == 0, "\(network.output)")
        }
    }

    @Test func aCodeIsGoodForOneUseAndLeavesNoTrace() async throws {
        try await TwoSites.with { sites in
            let code = try await sites.join()
            try await RunningSite.with(arguments: ["--site-name", "stranger"]) { stranger in
                let again = try await stranger.atoll("peer", "accept", code)
                #expect(again.says(JoiningFaults.codeUsed), "\(again.error)")
            }
            for site in [sites.bank, sites.partner] {
                let log = try String(contentsOfFile: site.log, encoding: .utf8)
                #expect(!log.contains(code), "a code is a secret")
            }
        }
    }

    @Test func eitherSiteMayBeKilledAndTheRouteComesBackByItself() async throws {
        try await TwoSites.with { sites in
            try await sites.join()
            try await sites.waitForRoutes()
            try sites.bank.kill9()
            try await sites.wait(for: sites.partner, "Lost")
            try await sites.bank.restart()
            try await sites.waitForRoutes()
            try sites.partner.kill9()
            try await sites.partner.restart()
            try await sites.waitForRoutes()
        }
    }

    @Test func aRevokedPeerIsCutAndSeesWhy() async throws {
        try await TwoSites.with { sites in
            try await sites.join()
            try await sites.waitForRoutes()
            #expect(try await sites.bank.atoll("peer", "revoke", "partner", "--yes").status == 0)
            try await sites.wait(for: sites.partner, "Lost")
            let probe = try await sites.partner.atoll("route", "probe", "bank")
            #expect(probe.status != 0)
            #expect(probe.output.contains("\(JoiningFaults.peerUnknown.number)"), "\(probe.output)")
            let revived = try await sites.bank.atoll("rollback", "peer", "partner", "--to", "1")
            #expect(revived.status != 0, "what was revoked stays so")
        }
    }
}

/// A site that listens and one that only dials.
private struct TwoSites {
    let bank: RunningSite
    let partner: RunningSite

    static func with(_ body: (TwoSites) async throws -> Void) async throws {
        let port = try freePort()
        let bankArguments = ["--site-name", "Bank", "--federation-address", "127.0.0.1:\(port)"]
        try await RunningSite.with(arguments: bankArguments) { bank in
            try await RunningSite.with(arguments: ["--site-name", "Partner"]) { partner in
                try await body(TwoSites(bank: bank, partner: partner))
            }
        }
    }

    /// The bank invites, the partner accepts. Returns the code.
    @discardableResult
    func join() async throws -> String {
        let invited = try await bank.atoll("peer", "invite", "--name", "partner", "-o", "json")
        let code = try #require(try invited.json["code"]?.string, "\(invited.error)")
        let accepted = try await partner.atoll("peer", "accept", code, "--name", "bank")
        #expect(accepted.status == 0, "\(accepted.error)")
        return code
    }

    /// Until both sites reach each other; a busy machine's route may be slow, which is another matter.
    func waitForRoutes() async throws {
        for site in [bank, partner] {
            try await wait(for: site) { ["Ready", "Degraded"].contains($0["status"]?["state"]?.string) }
        }
    }

    func wait(for site: RunningSite, _ state: String) async throws {
        try await wait(for: site) { $0["status"]?["state"]?.string == state }
    }

    private struct NeverCame: Error {
        let routes: String
    }

    private func wait(for site: RunningSite, _ isRight: (JSONValue) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        var last = ""
        while ContinuousClock.now < deadline {
            let routes = try await site.atoll("get", "routes", "-o", "json")
            last = routes.output
            if let items = try? routes.json["items"]?.array, items.count == 1, isRight(items[0]) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw NeverCame(routes: last)
    }

    /// Free at this moment; taken by nobody else as long as ports are handed out in turn.
    private static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
