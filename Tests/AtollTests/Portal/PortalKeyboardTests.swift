import Foundation
import PortalTestKit
import Resources
import Testing

@testable import atoll

/// The portal for somebody who has no mouse.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: Browser.isHere, "\(Browser.missing)"))
struct PortalKeyboardTests {
    @Test func everythingIsDoneByKeysAlone() async throws {
        try await GuardedSite.with { guarded in
            let applied = try await guarded.site.run(["apply", "-f", "-"], input: FileUploadTests.places)
            try #require(applied.status == 0, "\(applied.errors)")
            try await guarded.user("root", roles: "{role: platform-admin}")
            let folder = ClientFolder()
            for name in ["loans", "takings"] {
                let file = folder.write("\(name).csv", "merchant,amount\nm1,10\nm2,20\n")
                let made = try await guarded.site.run(
                    ["data", "upload", file, "--name", name, "--id", "merchant"] + FileUploadTests.scope)
                try #require(made.status == 0, "\(made.errors)")
            }
            try await Browser.with { browser in
                let site = "https://127.0.0.1:\(guarded.port)"
                try await logIn(browser, site)
                try await makePlaces(browser, site)
                try await sort(browser, site)
                try await useMenu(browser, site)
                #expect(try await browser.takeLog().troubles(origins: [site]) == [])
            }
        }
    }

    private func logIn(_ browser: Browser, _ site: String) async throws {
        try await browser.open("\(site)/login")
        try await browser.tab(to: "Name")
        try await browser.focused.type("root")
        try await browser.tab(to: "Password")
        try await browser.focused.type(GuardedSite.password)
        try await browser.press(.enter)
        try await browser.wait(for: "the page behind the login") { try await !browser.address.contains("/login") }
    }

    /// Past the menu into the content; a form with boxes, and one with a list.
    private func makePlaces(_ browser: Browser, _ site: String) async throws {
        try await browser.open("\(site)/projects/new-tenant")
        try await browser.press(.tab)
        #expect(try await browser.focused.name == "Skip to the content")
        try await browser.press(.enter)
        try await browser.wait(for: "the focus in the content") {
            try await browser.evaluate("return document.activeElement.id").string == "main"
        }
        try await browser.tab(to: "Short name", limit: 10)
        try await browser.focused.type("retail")
        try await browser.tab(to: "jobs")
        try await browser.press(.space)
        #expect(try await browser.focused.isChosen)
        try await browser.tab(to: "Make the tenant")
        try await browser.press(.enter)
        try await browser.find("heading", named: "retail")
        #expect(try await facts(browser).contains("jobs"), "what a second person decides on")

        try await browser.open("\(site)/projects/new-project?tenant=retail")
        try await browser.tab(to: "Short name")
        try await browser.focused.type("leases")
        try await browser.tab(to: "Stage")
        try await browser.press(.down)
        try await browser.tab(to: "Make the project")
        try await browser.press(.enter)
        try await browser.find("heading", named: "leases")
        #expect(try await facts(browser).contains("development"), "the second of the list")
    }

    private func facts(_ browser: Browser) async throws -> [String] {
        let found = try await browser.evaluate("return [...document.querySelectorAll('dd')].map(d => d.textContent)")
        return (found.array ?? []).compactMap(\.string)
    }

    private func sort(_ browser: Browser, _ site: String) async throws {
        try await browser.open("\(site)/data?tenant=risk&project=cards")
        try await browser.tab(to: "Name")
        for order in ["ascending", "descending"] {
            try await browser.press(.enter)
            try await browser.wait(for: order) {
                try await browser.findAll("th:first-child[aria-sort=\(order)]").count == 1
            }
        }
    }

    /// On a phone it is folded.
    private func useMenu(_ browser: Browser, _ site: String) async throws {
        try await browser.wear(Look(width: 390))
        try await browser.open("\(site)/projects")
        let isOpen = "return document.querySelector('.folded').open"
        #expect(try await browser.evaluate(isOpen) == false)
        try await browser.tab(to: "Menu")
        try await browser.press(.space)
        try await browser.wait(for: "the open menu") { try await browser.evaluate(isOpen) == true }
        try await browser.tab(to: "Data", limit: 10)
        try await browser.press(.enter)
        try await browser.wait(for: "the page of the link") { try await browser.address.hasPrefix("\(site)/data") }
        try await browser.find("heading", named: "Data")
    }
}
