import Faults
import Foundation
import PortalTestKit
import Resources
import Testing

@testable import atoll

/// Every page of the portal, as its own routes name them, with everything on it that somebody could have written.
@Suite(.serialized, .enabled(if: Browser.isHere, "\(Browser.missing)"))
struct PortalPageTests {
    /// Reached by nobody who follows links: where people come in, and what pages are made of.
    private static let starts = ["/", "/login", "/first-administrator"]
    private static let unlinked: Set = ["/live", "/assets/{digest}/{name}"]
    /// Pages that certainly have something of what `HostileNames` plants; on the last one it is a peer's answer.
    private static let hostile = [
        "/", "/projects", "/federation", "/data/datasets/hostile/schema", "/data/requests/refused",
    ]
    /// Forms for which nothing stands ready: nothing is open, running, failed or locked, and a training is made in steps.
    private static let formless = [
        "/data/uploads/{id}/abort", "/federation/invitations/{id}/withdraw", "/me/sessions/end", "/me/tokens/end",
        "/people/users/{name}/let-in", "/people/users/{name}/tokens/end",
        "/people/users/{name}/unlock", "/training/jobs/{name}/baseline", "/training/jobs/{name}/pause",
        "/training/jobs/{name}/resume", "/training/jobs/{name}/retry", "/training/new/match", "/training/new/submit",
    ]

    @Test(.timeLimit(.minutes(10))) func everyPageKeepsTheRules() async throws {
        try await PortalSites.with(partnerName: HostileNames.short) { sites in
            try await HostileNames.plant(at: sites)
            try await PageReader.with(sites.bank.origin) { reader in
                try await reader.logIn("root")
                let starts = Self.starts + (try await HostileNames.unlinked(reader))
                let before = try await Self.changes(sites.bank.site)
                #expect(before > 0)
                let crawl = try await PortalCrawl.walk(reader, from: starts)
                #expect(crawl.troubles == [])
                let reached = Set(crawl.pages.keys.map(\.pattern))
                let missed = PortalMap.routes.filter {
                    $0.method == "GET" && !reached.contains($0.pattern) && !Self.unlinked.contains($0.pattern)
                }
                #expect(missed == [], "pages that nothing leads to; \(crawl.leftOut) addresses were not asked for")
                let hostile = crawl.pages.values.joined().filter(HostileNames.areShown)
                let shown = Set(hostile.map { page in String(page.address.prefix { $0 != "?" }) })
                let unseen = Self.hostile.filter { !shown.contains($0) }
                #expect(unseen == [], "pages that do not show what people wrote")
                #expect(try await Self.changes(sites.bank.site) == before, "a GET has changed something")

                try await Self.look(at: crawl, sites)
                try await Self.refuseForeignForms(crawl, reader)
                #expect(try await Self.changes(sites.bank.site) == before, "a form of nobody has changed something")
                #expect(try await reader.get("/places").status == 200, "and nobody was logged out")
                try await Self.lookAtProblems(sites)
            }
        }
    }

    private static let looks = [Look(), Look(width: 390, language: "zh-CN", isDark: true, hasScripts: false)]

    /// One page of each route, wide with scripts in the light, and on a phone without them in the dark, in both languages;
    /// and the entrance as nobody sees it.
    private static func look(at crawl: PortalCrawl, _ sites: PortalSites) async throws {
        let browser = sites.browser
        try await sites.logIn("root", at: sites.bank)
        try await sites.expectQuiet()
        for look in looks {
            try await browser.wear(look)
            for (route, answers) in crawl.pages.sorted(by: { "\($0.key)" < "\($1.key)" }) {
                // The longest has most on it.
                guard let page = answers.filter(\.isPage).max(by: { $0.text.count < $1.text.count }) else { continue }
                let words = route.pattern.split(separator: "/").map { $0.filter { $0 != "{" && $0 != "}" } }
                try await check(page.address, words.isEmpty ? "home" : words.joined(separator: "-"), look, sites)
            }
        }
        try await browser.forgetCookies()
        for look in looks.reversed() {
            try await browser.wear(look)
            for start in starts.dropFirst() {
                try await check(start, "nobody\(start.replacing("/", with: "-"))", look, sites)
            }
        }
    }

    /// Pages that say a problem: an address of nothing, and a form that cannot be done.
    private static func lookAtProblems(_ sites: PortalSites) async throws {
        let browser = sites.browser
        try await browser.wear(Look())
        try await sites.logIn("root", at: sites.bank)
        try await sites.expectQuiet()
        for look in looks {
            try await browser.wear(look)
            try await check("/nowhere", "problem-nowhere", look, sites, refused: [404])
            try await browser.open(sites.bank.origin + "/projects/new-tenant")
            let form = "form[action^='/projects/new-tenant']"
            try await browser.find("\(form) input[name=name]").fill("Risk!")
            // What the browser itself would refuse is what the site is to refuse here.
            _ = try await browser.evaluate("document.querySelector(arguments[0]).noValidate = true", [.string(form)])
            try await browser.find("\(form) button").click()
            try await browser.wait(for: "the form again") {
                try await browser.find("#problem").text.contains("\(ResourceFaults.invalidName.number)")
            }
            #expect(try await browser.find("\(form) input[name=name]").value == "Risk!", "what was typed stays")
            try await check("/projects/new-tenant", "problem-form", look, sites, refused: [422], isOpen: true)
        }
    }

    /// - Parameters:
    ///   - refused: the status of a page that says a problem.
    ///   - isOpen: whether the browser is at the page.
    private static func check(
        _ address: String, _ name: String, _ look: Look, _ sites: PortalSites, refused: Set<Int> = [],
        isOpen: Bool = false
    ) async throws {
        let browser = sites.browser
        if !isOpen { try await browser.open(sites.bank.origin + address) }
        try await browser.keepPicture("portal/pages/\(name)")
        let found = try await browser.check(Set(PageRule.allCases).subtracting(look.hasScripts ? [.inline] : []))
        let which: Comment = "\(address) \(look.name)"
        #expect(found.isEmpty, "\(address) \(look.name): \(found.map(\.description).joined(separator: "\n"))")
        let language = try await browser.evaluate("return document.documentElement.lang")
        #expect(language.string?.hasPrefix(String(look.language.prefix(2))) == true, which)
        #expect(try await HostileNames.areHarmless(browser), which)
        let troubles = try await browser.takeLog().troubles(origins: sites.origins, refused: refused)
        #expect(troubles == [], which)
    }

    /// Sends every form that there is without its token, with another one, and as if from a page of somebody else.
    private static func refuseForeignForms(_ crawl: PortalCrawl, _ reader: PageReader) async throws {
        let seen = crawl.forms.filter(\.form.isPost)
        var formless: [String] = []
        for route in PortalMap.routes where route.method == "POST" {
            let known = seen.first { PortalMap.route("POST", $0.form.action) == route }
            if known == nil { formless.append(route.pattern) }
            let unknown = route.pattern.split(separator: "/").map { $0.contains("{") ? "x" : String($0) }
            let action = known?.form.action ?? "/" + unknown.joined(separator: "/")
            let fields = (known?.form.fields ?? []).filter(\.isSent).map { ($0.name, $0.value) }
            let without = fields.filter { $0.0 != "form-token" }
            let token = try #require(
                try await reader.get("/login").forms.first { $0.isPost }?.fields.first {
                    $0.name == "form-token"
                }?.value)
            // Of another browser: as long, and masked like one.
            let other = String(token.reversed())
            for (fields, headers) in [
                (without, []), (without + [("form-token", "")], []), (without + [("form-token", other)], []),
                (without + [("form-token", token)], foreign),
            ] as [([(String, String)], [(String, String)])] {
                let answer =
                    known?.form.hasFile == true
                    ? try await reader.post(action, fields, file: ("a.csv", "a,b\n1,2\n"), headers: headers)
                    : try await reader.post(action, fields, headers: headers)
                if known != nil, headers.isEmpty {
                    #expect(
                        answer.status == 403 && answer.text.contains("\(RequestFaults.formToken.number)"),
                        "POST \(action): \(answer.status)")
                    continue
                }
                // Whose origin is foreign is nobody, and may choose only how pages look.
                let isAllowed = !headers.isEmpty && ["/look"].contains(route.pattern)
                let isToLogin = answer.status == 303 && answer.header("location").hasPrefix("/login")
                #expect(
                    answer.status >= 400 && answer.status < 500 || isToLogin && !headers.isEmpty || isAllowed,
                    "POST \(action) \(headers): \(answer.status)")
            }
        }
        #expect(formless.sorted() == Self.formless, "routes that no page of the walk has a form for")
    }

    private static let foreign = [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")]

    /// How many changes the audit of a site has.
    private static func changes(_ site: RunningSite) async throws -> Int {
        let file = site.folder + "/audit-\(ULID.make()).jsonl"
        let exported = try await site.run(["audit", "export", "--output", file])
        try #require(exported.status == 0, "\(exported.errors)")
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        return try lines.count { line in try JSONParser.parse(String(line))["kind"]?.string == "change" }
    }
}
