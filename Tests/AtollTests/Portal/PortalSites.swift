import Foundation
import PortalTestKit
import Resources
import Testing
import Trials

@testable import atoll

/// Two sites as people meet them: over TLS, each at a host of its own, as the browser's cookies know hosts and not ports.
struct PortalSites {
    struct Entrance {
        let site: RunningSite
        /// `https://127.0.0.1:9371`.
        let origin: String

        /// The one-time link of the first start.
        var firstLink: String {
            get throws { String(try #require(site.output.firstMatch(of: /https:\S+#atoll_f_\S+/)).0) }
        }
    }

    static let password = "correct horse battery"

    let bank: Entrance
    let partner: Entrance
    let browser: Browser

    var origins: [String] { [bank.origin, partner.origin] }

    /// - Parameter partnerName: what the second site calls itself to the first.
    static func with(
        partnerName: String = "Partner", _ body: (PortalSites) async throws -> Void
    ) async throws {
        let folder = ClientFolder()
        let (certificate, key) = try NetworkPlaneTests.certificate(in: folder)
        func config(_ address: String) -> String {
            folder.write(
                "\(address).yaml",
                """
                log: {level: debug, form: json}
                management: {address: '\(address)', certificate: '\(certificate)', key: '\(key)', rate: 1000000}

                """)
        }
        let (bank, partner) = ("127.0.0.1:\(try FreePort.find())", "127.0.0.2:\(try FreePort.find())")
        let federation = "127.0.0.1:\(try FreePort.find())"
        try await RunningSite.with(
            arguments: ["--config", config(bank), "--site-name", "Bank", "--federation-address", federation]
        ) { first in
            try await RunningSite.with(arguments: ["--config", config(partner), "--site-name", partnerName]) { second in
                try await Browser.with { browser in
                    try await body(
                        PortalSites(
                            bank: Entrance(site: first, origin: "https://\(bank)"),
                            partner: Entrance(site: second, origin: "https://\(partner)"), browser: browser))
                }
            }
        }
    }

    /// Nothing was said in the console and nobody else was asked since this was called last.
    ///
    /// - Parameter refused: statuses that pages themselves were expected to have.
    func expectQuiet(_ refused: Set<Int> = [], at place: SourceLocation = #_sourceLocation) async throws {
        let troubles = try await browser.takeLog().troubles(origins: origins, refused: refused)
        #expect(troubles == [], sourceLocation: place)
    }

    func logIn(_ name: String, at entrance: Entrance) async throws {
        try await browser.open(entrance.origin + "/login")
        try await browser.control("Name").fill(name)
        try await browser.control("Password").fill(Self.password)
        try await browser.press("Log in")
        try await browser.wait(for: "the page behind the login") { try await !browser.address.contains("/login") }
    }

    /// Makes a user with a role and the usual password, by the command line.
    ///
    /// - Parameter roles: as a document writes them.
    static func user(_ name: String, roles: String, at site: RunningSite) async throws {
        let document = """
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(name)},
             spec: {displayName: U, roles: [\(roles)]}}
            """
        let applied = try await site.run(["apply", "-f", "-"], input: document)
        try #require(applied.status == 0, "\(applied.errors)")
        let set = try await site.run(["user", "password", name], input: password + "\n")
        try #require(set.status == 0, "\(set.errors)")
    }
}
