import Faults
import HTTPTypes
import People
import Resources
import Testing

@testable import API
@testable import Portal

@Suite struct FederationPageTests {
    private let site = FakeFederation(HostileFederation.answers)

    @Test(arguments: HostileFederation.pages, Language.allCases)
    func nothingThatOthersWroteBecomesMarkup(_ page: String, _ language: Language) async throws {
        let shown = try await site.get(page, language)
        #expect(shown.status == 200, "\(page)")
        for mark in HostileFederation.marks { #expect(!shown.text.contains(mark), "\(page)") }
        #expect(shown.text.contains("<html lang=\"\(language == .english ? "en" : "zh-CN")\""))
        #expect(shown.text.components(of: "<h1").count == 2, "one heading of the first level")
        #expect(!shown.text.contains(" style="), "the policy of the pages takes no styles in elements")
        var ids: Set<Substring> = []
        for match in shown.text.matches(of: #/ id="([^"]*)"/#) { #expect(ids.insert(match.1).inserted, "\(match.1)") }
        for match in shown.text.matches(of: /aria-(?:labelledby|describedby)="([^"]*)"/) {
            #expect(ids.contains(match.1), "\(match.1)")
        }
    }

    @Test(arguments: HostileFederation.pages)
    func everyLinkOfAPageLeadsToAPage(_ page: String) async throws {
        let shown = try await site.get(page)
        for match in shown.text.matches(of: /href="(\/federation[^"]*)"/) {
            let path = match.1.replacing("&amp;", with: "&").replacing("&#39;", with: "'")
            // Names in it are hostile here, so only that there is such a page counts.
            let led = try await site.get(String(path))
            let isThere =
                led.status == 200 || led.text.contains(ResourceFaults.notFound.number.description)
                || led.headers[.contentDisposition] != nil
            #expect(isThere, "\(path) \(led.status)")
        }
    }

    @Test func aViewerIsShownWhatARoleLets() async throws {
        let place = Scope(tenant: "retail", project: "cards")
        let viewer = Authority([RoleBinding(.viewer, in: place)].compactMap(\.self))
        let site = FakeFederation(
            HostileFederation.answers, problems: ["/grants": Fault(PeopleFaults.forbidden)], as: viewer)
        let shown = try await site.get("/federation")
        #expect(shown.status == 200)
        for path in ["/federation/ledger", "/federation/grants", "/federation/invite", "/federation/accept"] {
            #expect(!shown.text.contains("href=\"\(path)"), "\(path)")
        }
        #expect(shown.text.contains("href=\"/federation/routes?"))
        let route = try await site.get("/federation/routes/partner")
        #expect(!route.text.contains("<form method=\"post\" action=\"/federation"), "no form that would be refused")
        let refused = try await site.get("/federation/grants")
        #expect(refused.status == 403)
        #expect(refused.text.contains(PeopleFaults.forbidden.number.description))
    }

    @Test func everyLayerOfARouteIsShownUpToTheOneThatFails() async throws {
        let shown = try await site.get("/federation/routes/partner")
        let rows = shown.text.components(of: "<th scope=\"row\">").dropFirst().filter { row in
            RouteWords.layers.contains { row.hasPrefix($0.words.english) }
        }
        #expect(rows.count == RouteWords.layers.count)
        #expect(rows[2].contains("fails"))
        #expect(rows[1].contains("not measured"), "a layer that was left out below the failure")
        for row in rows[3...] { #expect(row.contains("not reached")) }
        #expect(shown.text.contains("1.3 ms") && shown.text.contains("940 Mbit/s"))
    }

    @Test func aCodeIsShownOnceAndNowhereElse() async throws {
        var answers = HostileFederation.answers
        answers["/peers/invite"] = ["code": "atoll1-abcdef", "expires": "2026-12-01T00:00:00.000Z"]
        let site = FakeFederation(answers)
        let made = try await site.post(
            "/federation/invite", [("name", "partner"), ("addresses", "a.example:9370\r\nb:1"), ("hours", "2")])
        #expect(made.status == 200 && made.text.contains("atoll1-abcdef"))
        #expect(made.headers[.cacheControl] == "no-store")
        let asked = try #require(site.asked.last { $0.target.hasSuffix("/invite") })
        #expect(asked.body == ["name": "partner", "addresses": ["a.example:9370", "b:1"], "hours": 2])
        #expect(asked.key == nil, "answers with secrets are not kept under keys")
    }

    @Test func whatWasRefusedIsSaidOnTheFormWithWhatWasTypedButTheCode() async throws {
        let fault = Fault(JoiningFaults.codeMistyped, at: "code")
        let site = FakeFederation(HostileFederation.answers, problems: ["/peers/accept": fault])
        let shown = try await site.post("/federation/accept", [("code", "atoll1-secret"), ("name", "the-bank")])
        #expect(shown.status == JoiningFaults.codeMistyped.status)
        #expect(shown.text.contains(JoiningFaults.codeMistyped.number.description))
        #expect(shown.text.contains("value=\"the-bank\""))
        #expect(!shown.text.contains("atoll1-secret"))
        #expect(site.asked.last { $0.target.hasSuffix("/accept") }?.key == "key-1")
    }

    @Test func nothingIsRevokedBeforeItsNameIsWritten() async throws {
        var answers = HostileFederation.answers
        answers["/peers/partner/revoke"] = HostileFederation.peer
        answers["/grants/loans/revoke"] = HostileFederation.grant
        let site = FakeFederation(answers)
        for path in ["/federation/peers/partner/revoke", "/federation/grants/loans/revoke?tenant=retail&project=cards"]
        {
            let wrong = try await site.post(path, [("confirmation", "other"), ("reason", "the end")])
            #expect(wrong.status == 400 && wrong.text.contains("Nothing was revoked."))
            #expect(wrong.text.contains("value=\"the end\""), "what was typed is there still")
            #expect(!site.asked.contains { $0.method == .post })
        }
        let peer = try await site.post(
            "/federation/peers/partner/revoke", [("confirmation", "partner"), ("reason", "a b")])
        #expect(peer.status == 303 && peer.location == "/federation/peers/partner")
        #expect(site.asked.last?.target == "/api/v1/peers/partner/revoke?reason=a%20b")
        let grant = try await site.post(
            "/federation/grants/loans/revoke?tenant=retail&project=cards", [("confirmation", "loans")])
        #expect(grant.status == 303)
        #expect(site.asked.last?.target == "/api/v1/grants/loans/revoke?tenant=retail&project=cards")
    }

    @Test func aGrantIsMadeOfWhatWasTicked() async throws {
        let path = "/federation/new-grant?dataset=loans&tenant=retail&project=cards"
        let made = try await site.post(
            path,
            [
                ("name", "loans-to-partner"), ("peer", "partner"), ("purpose", "scoring"), ("columns", "id"),
                ("columns", "amount"), ("columns-written", "x\r\n y "), ("algorithms", "align"), ("reveals", "bins"),
                ("uses", "3"), ("rows", "many"), ("notBefore", "2026-12-01"), ("notAfter", "2026-12-31"),
                ("distinctIds", ""),
            ])
        #expect(made.status == 303)
        #expect(made.location == "/federation/grants/loans-to-partner?tenant=retail&project=cards")
        let asked = try #require(site.asked.last { $0.method == .post })
        #expect(asked.target == "/api/v1/grants?tenant=retail&project=cards" && asked.key == "key-1")
        #expect(
            asked.body["spec"] == [
                "peer": "partner", "dataset": "loans", "columns": ["id", "amount", "x", "y"], "purpose": "scoring",
                "algorithms": ["align"], "reveals": ["bins"], "uses": 3, "rows": "many",
                "notBefore": "2026-12-01T00:00:00Z", "notAfter": "2026-12-31T23:59:59Z",
            ])
    }

    @Test func settingsAreWrittenOverWhatWasReadAndTheRestStays() async throws {
        let saved = try await site.post(
            "/federation/peers/partner", [("displayName", "Partner"), ("bandwidthLimit", "500")])
        #expect(saved.status == 303 && saved.location == "/federation/peers/partner")
        let asked = try #require(site.asked.last)
        #expect(asked.method == .put && asked.target == "/api/v1/peers/partner" && asked.key == "key-1")
        #expect(asked.body["spec"]?["displayName"] == "Partner" && asked.body["spec"]?["bandwidthLimit"] == 500)
        #expect(asked.body["spec"]?["site"]?.string == HostileFederation.site)
        #expect(asked.body["metadata"] == HostileFederation.peer["metadata"] && asked.body["status"] == nil)
        let moved = try await site.post(
            "/federation/routes/partner", [("address", "b.example:9370"), ("probeEvery", "soon")])
        #expect(moved.status == 303)
        let spec = site.asked.last?.body["spec"]
        #expect(spec?["address"] == "b.example:9370" && spec?["probeEvery"] == "soon" && spec?["peer"] == "partner")
    }

    @Test func aVerificationTellsEveryFindingAndThatThereAreMore() async throws {
        let shown = try await site.post("/federation/ledger/verify", [])
        #expect(shown.status == 200 && shown.text.contains("does not hold together"))
        #expect(shown.text.contains("3 more are not shown"))
        for mark in HostileFederation.marks { #expect(!shown.text.contains(mark)) }
    }

    @Test func anExportIsAFileNamedByItsJob() async throws {
        var answers = HostileFederation.answers
        answers["/ledger/export"] = ["type": "ledger"]
        let site = FakeFederation(answers)
        let file = try await site.get("/federation/ledger/export?job=01J8\"%0D%0Ax&peer=\(HostileFederation.site)")
        #expect(file.headers[.contentDisposition] == "attachment; filename=\"01J8x.jsonl\"")
        let all = try await site.get("/federation/ledger/export")
        #expect(all.headers[.contentDisposition] == "attachment; filename=\"ledger.jsonl\"")
        let fault = Fault(ProgramFaults.badRequest)
        let refused = FakeFederation(HostileFederation.answers, problems: ["/ledger/export": fault])
        let page = try await refused.get("/federation/ledger/export?peer=x")
        #expect(page.status == 400 && page.headers[.contentDisposition] == nil)
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
