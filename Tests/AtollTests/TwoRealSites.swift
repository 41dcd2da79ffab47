import Faults
import Foundation
import Resources
import Testing
import Trials

@testable import atoll

/// A site that listens and one that only dials.
struct TwoRealSites {
    let bank: RunningSite
    let partner: RunningSite

    /// - Parameters:
    ///   - address: where the bank listens; a free port of loopback when nil.
    ///   - more: words that the bank is started with.
    ///   - bankPrefix, partnerPrefix: what each site is started with, such as a namespace.
    static func with(
        address: String? = nil, more: [String] = [], bankPrefix: [String] = [], partnerPrefix: [String] = [],
        _ body: (TwoRealSites) async throws -> Void
    ) async throws {
        let address = try address ?? "127.0.0.1:\(FreePort.find())"
        let bankArguments = ["--site-name", "Bank", "--federation-address", address] + more
        try await RunningSite.with(arguments: bankArguments, prefix: bankPrefix) { bank in
            try await RunningSite.with(arguments: ["--site-name", "Partner"], prefix: partnerPrefix) { partner in
                try await body(TwoRealSites(bank: bank, partner: partner))
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

    func wait(for site: RunningSite, _ isRight: (JSONValue) -> Bool) async throws {
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
}
