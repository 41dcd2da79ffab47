import Faults
import Foundation
import PortalTestKit
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// The whole way that people go, in a real browser at two real sites: from the one-time link to a model and its report.
@Suite(.serialized, .enabled(if: Browser.isHere, "\(Browser.missing)"))
struct PortalJourneyTests {
    @Test(.timeLimit(.minutes(8))) func fromTheFirstLinkToTheReport() async throws {
        try await PortalSites.with { sites in
            let journey = PortalJourney(sites)
            try await journey.makeFirstAdministrator(at: sites.bank)
            try await journey.makeFirstAdministrator(at: sites.partner)
            for entrance in [sites.bank, sites.partner] { try await journey.makePlaces(at: entrance) }
            try await journey.join()
            try await journey.upload("loans", label: "bad", at: sites.bank)
            try await journey.upload("takings", label: nil, at: sites.partner)
            try await journey.grant("takings", to: "bank", at: sites.partner)
            try await journey.grant("loans", to: "partner", at: sites.bank)
            try await journey.people(at: sites.bank)
            try await journey.findCommonRows()
            try await journey.train()
            try await journey.seeTheUplift()
            try await journey.aViewerIsRefused()
            try await journey.anotherTenantSeesNothing()
        }
    }
}

/// The steps of the way. Each ends on the page that it leads to, with nothing said in the console.
struct PortalJourney {
    static let place = "tenant=risk&project=cards"
    private static let rows = 900

    let sites: PortalSites
    private var browser: Browser { sites.browser }

    init(_ sites: PortalSites) { self.sites = sites }

    private func open(_ address: String, at entrance: PortalSites.Entrance) async throws {
        try await browser.open(entrance.origin + address)
    }

    /// Keeps pictures of the page in both languages and both themes, wide and on a phone.
    ///
    /// - Parameter refused: statuses that pages were expected to have since the log was looked at last.
    private func picture(_ name: String, refused: Set<Int> = []) async throws {
        for look in [
            Look(), Look(language: "zh-CN", isDark: true), Look(width: 390, isDark: true),
            Look(width: 390, language: "zh-CN"),
        ] {
            try await browser.wear(look)
            try await browser.reload()
            try await browser.keepPicture("portal/journey/\(name)")
        }
        try await browser.wear(Look())
        try await browser.reload()
        try await sites.expectQuiet(refused)
    }

    /// The link's secret goes into the form by itself and out of the address.
    func makeFirstAdministrator(at entrance: PortalSites.Entrance) async throws {
        try await browser.open(entrance.firstLink)
        try await browser.wait(for: "the secret in the form") {
            try await !browser.control("The link, or what stands behind its #").value.isEmpty
        }
        #expect(try await !browser.address.contains("#"))
        try await browser.control("Name").fill("root")
        try await browser.control("Full name").fill("Rosa Root")
        try await browser.control("Password").fill(PortalSites.password)
        try await browser.press("Make me the administrator")
        try await browser.wait(for: "the home page") { try await browser.address == entrance.origin + "/" }
        #expect(try await browser.text.contains("root"))
        if entrance.origin == sites.bank.origin { try await picture("1-first-home") }
        try await sites.expectQuiet()
    }

    func makePlaces(at entrance: PortalSites.Entrance) async throws {
        try await open("/projects/new-tenant", at: entrance)
        try await browser.control("Short name").fill("risk")
        try await browser.control("Name that people see").fill("Risk 风险部")
        // At the bank a second person decides on jobs.
        if entrance.origin == sites.bank.origin { try await browser.control("jobs").check() }
        try await browser.press("Make the tenant")
        try await browser.find("heading", named: "risk")
        try await open("/projects/new-project?tenant=risk", at: entrance)
        try await browser.control("Short name").fill("cards")
        try await browser.press("Make the project")
        try await browser.find("heading", named: "cards")
        try await sites.expectQuiet()
    }

    func join() async throws {
        try await open("/federation/invite", at: sites.bank)
        try await browser.control("What the other site is called here").fill("partner")
        try await browser.press("Make the code")
        let code = try await browser.find("#join-code").text
        #expect(code.hasPrefix("atoll1-"))
        try await open("/federation/accept", at: sites.partner)
        try await browser.control("Code").fill(code)
        try await browser.control("What the other site is called here").fill("bank")
        try await browser.press("Join")
        try await browser.find("heading", named: "bank")
        try await TwoRealSites(bank: sites.bank.site, partner: sites.partner.site).waitForRoutes()
        try await open("/federation", at: sites.bank)
        try await browser.find("link", named: "partner")
        try await picture("2-peers")
    }

    func upload(_ name: String, label: String?, at entrance: PortalSites.Entrance) async throws {
        let file = URL(filePath: entrance.site.folder).appending(path: "\(name).csv")
        try (label == nil ? Self.takings : Self.loans).write(to: file, atomically: true, encoding: .utf8)
        try await open("/data/upload?\(Self.place)", at: entrance)
        if label != nil { try await picture("3-upload") }
        try await browser.control("Name of the dataset").fill(name)
        try await browser.control("Id columns").fill("merchant")
        if let label { try await browser.control("Label column").fill(label) }
        try await browser.control("File").choose(file)
        try await browser.press("Upload")
        try await browser.find("heading", named: name)
        try await browser.wait(forText: "\(Self.rows)")
        try await sites.expectQuiet()
        if label != nil {
            try await open("/data/datasets/\(name)/profile?\(Self.place)", at: entrance)
            try await picture("3-profile")
        }
    }

    func grant(_ dataset: String, to peer: String, at entrance: PortalSites.Entrance) async throws {
        try await open("/federation/new-grant?\(Self.place)&dataset=\(dataset)&peer=\(peer)", at: entrance)
        try await browser.control("Name of the grant").fill("\(dataset)-to-\(peer)")
        try await browser.control("What for").fill("agreement 12/2026")
        try await browser.control("Most jobs that may read it").fill("20")
        for box in try await browser.findAll("input[name=columns],input[name=reveals][value=bins]") {
            try await box.check()
        }
        for name in ["align", "train.boosting", "predict"] {
            try await browser.find("input[name=algorithms][value='\(name)']").check()
        }
        try await browser.press("Grant")
        try await browser.find("heading", named: "\(dataset)-to-\(peer)")
        try await sites.expectQuiet()
        if dataset == "takings" { try await picture("4-grant") }
    }

    /// A modeller, an approver and a viewer of the tenant; somebody of another tenant.
    func people(at entrance: PortalSites.Entrance) async throws {
        let other = """
            {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: retail}, spec: {displayName: Retail}}
            """
        let applied = try await entrance.site.run(["apply", "-f", "-"], input: other)
        try #require(applied.status == 0, "\(applied.errors)")
        for (name, role, tenant) in [
            ("ana", "approver", "risk"), ("vic", "viewer", "risk"), ("tom", "tenant-admin", "retail"),
        ] {
            try await PortalSites.user(name, roles: "{role: \(role), tenant: \(tenant)}", at: entrance.site)
        }
    }

    /// Which another person has to approve.
    func findCommonRows() async throws {
        try await open("/training/new?\(Self.place)", at: sites.bank)
        try await browser.control("Name of the training").fill("default-risk")
        try await browser.control("The partner's dataset").fill("takings")
        try await browser.press("Next: common rows")
        try await picture("5-common-rows")
        try await browser.press("Find them")
        try await browser.find("heading", named: "Common rows that were found")
        try await approve(1)
        try await browser.wait(for: "the common rows") {
            try await !browser.findAll("link", named: "Train on these rows").isEmpty
        }
        try await sites.expectQuiet()
    }

    /// As another person; then as before, at the same page.
    ///
    /// - Parameter count: of what waits, or will: it comes when the partner has answered.
    private func approve(_ count: Int) async throws {
        let address = try await browser.address
        try await browser.press("Log out")
        try await sites.logIn("ana", at: sites.bank)
        for number in 1...count {
            try await browser.wait(for: "approval \(number) of \(count)") {
                try await open("/approvals", at: sites.bank)
                guard let link = try await browser.findAll("#waiting table a").first else { return false }
                try await link.click()
                return true
            }
            if number == 1 { try await picture("6-approval") }
            // The page may renew itself until something is typed in it.
            let reason = "the agreement allows it"
            try await browser.wait(for: "the reason") {
                try await browser.control("Reason").fill(reason)
                return try await browser.control("Reason").value == reason
            }
            try await browser.press("Approve")
            try await browser.wait(forText: "Approved.")
        }
        try await browser.press("Log out")
        try await sites.logIn("root", at: sites.bank)
        try await browser.open(address)
    }

    func train() async throws {
        try await browser.follow("Train on these rows")
        try await browser.control("Trees trees").fill("3")
        try await browser.control("Depth of a tree depth").fill("3")
        try await browser.press("Next: plan")
        try await picture("7-plan")
        try await browser.press("Start the training")
        try await browser.find("heading", named: "default-risk")
        try await sites.expectQuiet()
        // The training, and what the own columns alone are worth.
        try await approve(2)
    }

    /// What both sites' columns are worth over one's own, and all of it as a file.
    func seeTheUplift() async throws {
        try await browser.wait(for: "the end of the training", within: .seconds(240)) {
            let jobs = try await sites.bank.site.atoll(
                "get", "jobs", "-o", "json", "--tenant", "risk", "--project", "cards")
            let states = (try jobs.json["items"]?.array ?? []).map { $0[path: "status", "state"]?.string ?? "" }
            try #require(!states.contains("Failed"), "\(jobs.output)")
            return states.count == 3 && states.allSatisfy { $0 == "Succeeded" }
        }
        try await open("/training/jobs/default-risk?\(Self.place)", at: sites.bank)
        try await picture("8-job")
        try await open("/training/jobs/default-risk/results?\(Self.place)", at: sites.bank)
        try await browser.find("heading", named: "How good it is")
        let uplift = try await browser.find(".uplift").text
        // The amount says nothing of who pays; the turnover does.
        #expect(uplift.contains("Better than") && uplift.contains("95% interval"), "\(uplift)")
        #expect(try await !browser.findAll("svg[role=img]").isEmpty)
        try await picture("9-uplift")
        try await browser.follow("Download the report of the job")
        let file = browser.downloads.appending(path: "default-risk.html")
        try await browser.wait(for: "the report") { FileManager.default.fileExists(atPath: file.path) }
        let report = try String(contentsOf: file, encoding: .utf8)
        #expect(report.contains("<svg") && report.contains("default-risk") && !report.contains("<script"))
        try await sites.expectQuiet()
    }

    /// Sees what is there, and is told why more is not allowed.
    func aViewerIsRefused() async throws {
        try await browser.press("Log out")
        try await sites.logIn("vic", at: sites.bank)
        try await open("/data?\(Self.place)", at: sites.bank)
        try await browser.find("link", named: "loans")
        #expect(try await browser.findAll("link", named: "People").isEmpty, "the menu has only what may be seen")
        try await sites.expectQuiet()
        try await open("/people", at: sites.bank)
        try await browser.find("heading", named: "Not allowed")
        #expect(try await browser.text.contains("\(PeopleFaults.forbidden.number)"))
        try await picture("10-refused", refused: [403])
    }

    /// Nothing of a tenant can be guessed at by somebody of another one.
    func anotherTenantSeesNothing() async throws {
        try await browser.press("Log out")
        try await sites.logIn("tom", at: sites.bank)
        #expect(try await !browser.text.contains("risk"), "the home page")
        for path in [
            "/data", "/data/datasets/loans", "/training", "/training/jobs/default-risk", "/projects", "/approvals",
        ] {
            try await open("\(path)?\(Self.place)", at: sites.bank)
            // The inbox of approvals is everybody's own, and empty here.
            try await browser.find(
                path == "/approvals" ? "heading" : "link",
                named: path == "/approvals" ? "Approvals" : "To the home page")
            let text = try await browser.text
            for secret in ["merchant", "Rosa", "takings", "agreement 12", "风险部"] {
                #expect(!text.contains(secret), "\(path) tells \(secret)")
            }
        }
        try await picture("11-other-tenant", refused: [403, 404])
    }

    // MARK: Data

    private static let tables: (loans: String, takings: String) = {
        var numbers = SeededGenerator(seed: 77)
        var loans = "merchant,amount,years,bad\n"
        var takings = "merchant,turnover,refunds,months\n"
        for row in 0..<rows {
            let health = Double.random(in: -1...1, using: &numbers)
            let isBad = health + Double.random(in: -0.5...0.5, using: &numbers) < -0.2
            let years = Int.random(in: 0...20, using: &numbers)
            loans += "m\(row),\(Int.random(in: 50...250, using: &numbers)),\(years),\(isBad ? 1 : 0)\n"
            let turnover = Int((health + 1.5) * 1_000) + Int.random(in: 0...200, using: &numbers)
            takings += "m\(row),\(turnover),\(Int.random(in: 0...50, using: &numbers)),\(row % 12)\n"
        }
        return (loans, takings)
    }()

    private static var loans: String { tables.loans }
    private static var takings: String { tables.takings }
}
