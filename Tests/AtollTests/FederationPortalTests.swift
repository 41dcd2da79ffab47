import AsyncHTTPClient
import Faults
import Foundation
import NIOHTTP1
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Two real sites become peers, work together and part, with nothing but forms sent over HTTP.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct FederationPortalTests {
    private static let password = "correct horse battery"
    private static let place = "tenant=risk&project=cards"

    @Test func twoSitesJoinWorkTogetherAndPartByForms() async throws {
        let ports = try (FreePort.find(), FreePort.find(), FreePort.find())
        let bankArguments = [
            "--site-name", "Bank <b>north</b>", "--federation-address", "127.0.0.1:\(ports.0)", "--management-address",
            "127.0.0.1:\(ports.1)",
        ]
        let partnerArguments = [
            "--site-name", "Partner <i>&", "--management-address", "127.0.0.1:\(ports.2)",
        ]
        try await RunningSite.with(arguments: bankArguments) { bank in
            try await RunningSite.with(arguments: partnerArguments) { partner in
                try await FormBrowser.with { client in
                    let sites = TwoRealSites(bank: bank, partner: partner)
                    let north = try await Self.administrator(bank, ports.1, client)
                    let south = try await Self.administrator(partner, ports.2, client)
                    try await Self.join(north, south)
                    try await sites.waitForRoutes()
                    try await Self.probe(south)
                    try await Self.grant(bank, north)
                    try await Self.ledger(sites, north)
                    try await Self.part(sites, north)
                }
            }
        }
    }

    /// By the link of the first start.
    private static func administrator(_ site: RunningSite, _ port: Int, _ client: HTTPClient) async throws
        -> FormBrowser
    {
        let browser = FormBrowser("http://127.0.0.1:\(port)", client)
        let secret = String(try #require(site.output.firstMatch(of: /#(atoll_f_\S+)/)).1)
        let home = try await browser.send(
            try await browser.open("/first-administrator"), to: "/first-administrator",
            [("secret", secret), ("name", "root"), ("password", password)])
        #expect(!home.path.hasPrefix("/first-administrator") && !home.path.hasPrefix("/login"), "\(home.text)")
        return browser
    }

    private static func join(_ north: FormBrowser, _ south: FormBrowser) async throws {
        let empty = try await north.open("/federation")
        #expect(empty.status == 200 && empty.text.contains("There are no peers yet"))
        let own = try #require(empty.found(/<pre id="site-id"[^>]*>([a-z2-7]{52})<\/pre>/))

        let form = try await north.open("/federation/invite")
        let wrong = try await north.send(form, to: "/federation/invite", [("name", "Not a name"), ("hours", "2")])
        #expect(wrong.status >= 400 && wrong.text.contains("value=\"Not a name\""), "\(wrong.status)")
        let made = try await north.send(form, to: "/federation/invite", [("name", "partner"), ("hours", "2")])
        let code = try #require(made.found(/<pre id="join-code"[^>]*>(atoll1-[a-z2-7]+)<\/pre>/), "\(made.text)")
        let list = try await north.open("/federation/invite")
        #expect(list.text.contains(">open<") && !list.text.contains(code), "a code is shown once")

        let other = code.dropFirst(20).first == "a" ? "b" : "a"
        let slip = "\(code.prefix(20))\(other)\(code.dropFirst(21))"
        let mistyped = try await south.send(
            try await south.open("/federation/accept"), to: "/federation/accept",
            [("code", slip), ("name", "bank")])
        #expect(mistyped.text.contains(JoiningFaults.codeMistyped.number.description), "\(mistyped.text)")
        #expect(mistyped.text.contains("value=\"bank\"") && !mistyped.text.contains(slip))
        let joined = try await south.send(mistyped, to: "/federation/accept", [("code", code), ("name", "bank")])
        #expect(joined.path == "/federation/peers/bank" && joined.status == 200, "\(joined.path)")
        #expect(joined.text.contains("Bank &lt;b&gt;north&lt;/b&gt;") && !joined.text.contains("<b>north"))
        #expect(joined.found(/<pre id="site-id"[^>]*>([a-z2-7]{52})<\/pre>/) == own, "the same id at both ends")
        let peers = try await north.open("/federation")
        #expect(
            peers.text.contains("href=\"/federation/peers/partner\"") && peers.text.contains("Partner &lt;i&gt;&amp;"))

        // An invitation that nobody took is withdrawn.
        let open = try await north.send(form, to: "/federation/invite", [("name", "third"), ("hours", "1")])
        #expect(open.status == 200)
        let withdrawn = try await north.send(
            try await north.open("/federation/invite"), to: "/federation/invitations/")
        #expect(withdrawn.text.contains(">withdrawn<") && !withdrawn.text.contains(">open<"))
    }

    private static func probe(_ south: FormBrowser) async throws {
        let route = try await south.open("/federation/routes/bank")
        let probed = try await south.send(route, to: "/federation/routes/bank/probe")
        #expect(probed.path == "/federation/routes/bank" && probed.status == 200)
        #expect(!probed.text.contains("not reached") && !probed.text.contains("not measured"), "\(probed.text)")
        let map = try await south.open("/federation/routes")
        #expect(map.text.contains("id=\"route-map\"") && map.text.contains("127.0.0.1"))
    }

    private static func grant(_ bank: RunningSite, _ north: FormBrowser) async throws {
        let folder = ClientFolder()
        #expect(try await bank.atoll("apply", "-f", folder.write("places.yaml", FileUploadTests.places)).status == 0)
        let csv = folder.write("loans.csv", "id,amount\nc1,10\nc2,20\n")
        let upload = try await bank.run(
            ["data", "upload", csv, "--name", "loans", "--id", "id"] + FileUploadTests.scope)
        #expect(upload.status == 0, "\(upload.errors)")
        let form = try await north.open("/federation/new-grant?\(place)&dataset=loans&peer=partner")
        #expect(form.text.contains("value=\"amount\"") && form.text.contains("value=\"align\""))
        let typed = [
            ("name", "loans-to-partner"), ("peer", "partner"), ("purpose", "scoring, agreement <17>"),
            ("columns", "id"), ("columns", "amount"), ("uses", "3"), ("notAfter", "2099-12-31"),
        ]
        let refused = try await north.send(form, to: "/federation/new-grant", typed)
        #expect(refused.status == 422 || refused.status == 400, "\(refused.status)")
        #expect(
            refused.text.contains("spec.algorithms") && refused.text.contains("value=\"scoring, agreement &lt;17&gt;\"")
        )
        let made = try await north.send(refused, to: "/federation/new-grant", typed + [("algorithms", "align")])
        #expect(made.path == "/federation/grants/loans-to-partner?\(place)" && made.status == 200, "\(made.path)")
        #expect(made.text.contains("0 of 3") && made.text.contains("agreement &lt;17&gt;"))
        let list = try await north.open("/federation/grants?\(place)&state=Active&peer=partner")
        #expect(list.text.contains("loans-to-partner") && list.text.contains("<meter"))
        let uses = try await bank.run(["grant", "uses", "loans-to-partner", "-o", "json"] + FileUploadTests.scope)
        #expect(try JSONParser.parse(uses.output) == ["items": []], "\(uses.errors)")

        let asked = try await north.open("/federation/grants/loans-to-partner/revoke?\(place)")
        let wrong = try await north.send(
            asked, to: "/federation/grants/loans-to-partner/revoke", [("confirmation", "x")])
        #expect(wrong.status == 400 && wrong.text.contains("Nothing was revoked."))
        let revoked = try await north.send(
            wrong, to: "/federation/grants/loans-to-partner/revoke",
            [("confirmation", "loans-to-partner"), ("reason", "agreement ended")])
        #expect(revoked.path == "/federation/grants/loans-to-partner?\(place)")
        #expect(revoked.text.contains("agreement ended"), "\(revoked.text)")
    }

    private static func ledger(_ sites: TwoRealSites, _ north: FormBrowser) async throws {
        let jobs = try await RealJobs(joined: sites)
        let ended = try await jobs.submit("first", "--wait", "-o", "json")
        #expect(ended.status == 0, "\(ended.error)")
        let ledger = try await north.open("/federation/ledger?peer=partner")
        #expect(ledger.text.contains("To partner went") && ledger.text.contains("test bytes that are of no data"))
        let lines = try #require(ledger.found(/href="(\/federation\/ledger\/lines[^"]*)"/))
        #expect(try await north.open(lines).text.contains("verify.ping"))
        let export = try #require(ledger.found(/href="(\/federation\/ledger\/export\?job=[^"]*)"/))
        let file = try await north.open(export)
        #expect(file.headers.first(name: "content-disposition")?.hasPrefix("attachment; filename=\"") == true)
        let path = ClientFolder()
        let verified = try await Program.run(["ledger", "verify", "--file", path.write("job.jsonl", file.text)])
        #expect(verified.status == 0 && verified.output.contains("holds together"), "\(verified.errors)")
        let found = try await north.send(ledger, to: "/federation/ledger/verify")
        #expect(found.text.contains("The ledger holds together."), "\(found.text)")
    }

    private static func part(_ sites: TwoRealSites, _ north: FormBrowser) async throws {
        let asked = try await north.open("/federation/peers/partner/revoke")
        #expect(asked.text.contains("1 route(s) end"), "\(asked.text)")
        let wrong = try await north.send(asked, to: "/federation/peers/partner/revoke", [("confirmation", "bank")])
        #expect(wrong.status == 400 && wrong.text.contains("Nothing was revoked."))
        let revoked = try await north.send(
            wrong, to: "/federation/peers/partner/revoke", [("confirmation", "partner"), ("reason", "contract ended")])
        #expect(revoked.path == "/federation/peers/partner" && !revoked.text.contains("Revoke…"))
        try await sites.wait(for: sites.partner, "Lost")
    }
}
