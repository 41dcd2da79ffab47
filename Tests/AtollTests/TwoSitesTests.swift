import Faults
import Foundation
import Resources
import Testing

@testable import atoll

/// Two real sites on loopback: processes, TLS, disks.
@Suite struct TwoSitesTests {
    @Test func twoCommandsJoinTwoSitesAndBothSeeTheRoute() async throws {
        try await TwoRealSites.with { sites in
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
        try await TwoRealSites.with { sites in
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
        try await TwoRealSites.with { sites in
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
        try await TwoRealSites.with { sites in
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
