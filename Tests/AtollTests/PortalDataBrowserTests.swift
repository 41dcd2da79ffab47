import Faults
import Foundation
import NIOHTTP1
import PortalTestKit
import Resources
import Testing

@testable import atoll

/// The data center in a real browser: its script sends files, and its pages keep the rules of all pages.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Browser.isHere, "\(Browser.missing)"))
struct PortalDataBrowserTests {
    private static let place = "tenant=risk&project=cards"
    private static let csv =
        "id,amount,<img src=x onerror=window.injected=1>,y\n"
        + (0..<300).map { "k\($0),\($0 % 40),<b>\($0 % 3)</b>,\($0 % 2)\n" }.joined()

    @Test func aFileIsSentInChunksAndGoesOnAfterAReload() async throws {
        try await GuardedSite.with { guarded in
            let applied = try await guarded.site.run(["apply", "-f", "-"], input: FileUploadTests.places)
            try #require(applied.status == 0, "\(applied.errors)")
            try await guarded.user("steward", roles: "{role: data-steward, tenant: risk}")
            let folder = ClientFolder()
            // Six chunks of rows that are alike.
            let large = URL(filePath: folder.path + "/large.csv")
            let line = "k,\(String(repeating: "w", count: 97))\n"
            let block = Data(String(repeating: line, count: 10_000).utf8)
            try (Data("id,a\n".utf8) + (0..<45).reduce(into: Data()) { all, _ in all += block }).write(to: large)
            let small = URL(filePath: folder.write("Small Table.csv", Self.csv))
            try await Browser.with { browser in
                let site = "https://127.0.0.1:\(guarded.port)"
                try await browser.open("\(site)/login?next=\(APIPath.encoded("/data/upload?\(Self.place)"))")
                try await browser.control("Name").fill("steward")
                try await browser.control("Password").fill(GuardedSite.password)
                try await browser.press("Log in")

                // The third of six chunks waits, so that there is something to pause.
                _ = try await browser.evaluate(
                    """
                    const send = window.fetch;
                    const held = new Promise(done => { window.letGo = done; });
                    let count = 0;
                    window.onItsWay = 0;
                    window.fetch = async (...all) => {
                        if (all[1]?.method !== 'PUT') return send(...all);
                        count += 1;
                        window.onItsWay += 1;
                        try {
                            window.isHeld = count === 3;
                            if (window.isHeld) await held;
                            return await send(...all);
                        } finally {
                            window.onItsWay -= 1;
                        }
                    };
                    """)
                try await begin(large, named: "large", browser)
                try await browser.wait(for: "the third chunk on its way") {
                    try await browser.evaluate("return window.isHeld === true").bool ?? false
                }
                try await browser.press("Pause")
                try await browser.wait(forText: "Paused")
                _ = try await browser.evaluate("window.letGo()")
                // What is on its way arrives, and nothing is sent after it.
                try await browser.wait(for: "the pause before the fourth chunk") {
                    try await browser.evaluate(
                        """
                        return window.onItsWay === 0 && document.querySelector('progress').value > 0.5
                            && document.querySelector('[data-said]').textContent === 'Paused'
                        """
                    ).bool ?? false
                }
                try await browser.open("\(site)/data/files?\(Self.place)")
                try await browser.wait(forText: "Go on")
                #expect(try await arrived(guarded) == 3)
                try await browser.follow("Go on")
                #expect(try await browser.control("Name of the dataset").value == "large")
                try await expectQuiet(browser, site)
                try await begin(large, named: "large", browser)
                try await browser.wait(for: "the dataset, made or being made") {
                    let address = try await browser.address
                    return address.contains("/data/datasets/large") || address.contains("/data/makings/")
                }
                let log = try await browser.takeLog()
                #expect(log.troubles(origins: [site]) == [])
                let sent = log.requests.compactMap { $0.address.firstMatch(of: /\/chunks\/(\d+)/)?.1 }
                #expect(sent == ["3", "4", "5"], "what is here is not sent again")

                // Of a small one the name and the columns are taken from the file.
                try await browser.open("\(site)/data/upload?\(Self.place)")
                try await browser.control("File").choose(small)
                try await browser.wait(for: "the name of the file") {
                    try await browser.control("Name of the dataset").value == "small-table"
                }
                #expect(try await browser.findAll("datalist option").count == 4)
                try await browser.control("Id columns").fill("id")
                try await browser.control("Label column").fill("y")
                try await browser.press("Upload")
                try await browser.wait(forText: "Digest of the content")
                try await sorted(browser, site, guarded, small)
                try await rules(browser, site)
            }
        }
    }

    /// Nothing was said in the console and nobody else was asked since the log was taken last.
    private func expectQuiet(_ browser: Browser, _ site: String, _ place: Comment? = nil) async throws {
        let troubles = try await browser.takeLog().troubles(origins: [site])
        #expect(troubles == [], place)
    }

    private func begin(_ file: URL, named name: String, _ browser: Browser) async throws {
        try await browser.control("Name of the dataset").fill(name)
        try await browser.control("File").choose(file)
        try await browser.press("Upload")
    }

    /// A table that was sorted is so after the page has renewed itself.
    private func sorted(_ browser: Browser, _ site: String, _ guarded: GuardedSite, _ file: URL) async throws {
        func names() async throws -> [String] {
            try await browser.evaluate(
                "return [...document.querySelectorAll('tbody th')].map(th => th.textContent.trim())"
            )
            .array?.compactMap(\.string) ?? []
        }
        try await browser.open("\(site)/data?\(Self.place)")
        try await browser.wait(for: "both tables") { try await Set(names()) == ["large", "small-table"] }
        for order in ["ascending", "descending"] {
            // The page may renew itself between the look for the button and the click.
            try await browser.wait(for: order) {
                if try await browser.findAll("th[aria-sort=\(order)]").count == 1 { return true }
                try await browser.find("thead th:first-child button").click()
                return false
            }
        }
        #expect(try await names() == ["small-table", "large"])
        let made = try await guarded.site.run(
            ["data", "upload", file.path, "--name", "middle", "--id", "id", "--tenant", "risk", "--project", "cards"])
        #expect(made.status == 0, "\(made.errors)")
        try await browser.wait(for: "the new table in its place") {
            try await names() == ["small-table", "middle", "large"]
        }
        #expect(try await browser.findAll("th[aria-sort=descending]").count == 1)
    }

    /// Chunks of the open upload that are here.
    private func arrived(_ guarded: GuardedSite) async throws -> Int64 {
        let session = try await guarded.login("steward")
        let answer = try await guarded.call(.GET, "/api/v1/uploads?\(Self.place)", proof: session)
        let upload = answer.body["items"]?.array?.first { $0["state"]?.string == "open" }
        return (upload?["arrived"]?.integer ?? 0) / (8 << 20)
    }

    /// Every page in two looks, by the rules of all pages; names in the data are no markup.
    private func rules(_ browser: Browser, _ site: String) async throws {
        let paths = [
            "/data", "/data/datasets/small-table", "/data/datasets/small-table/schema",
            "/data/datasets/small-table/rows",
            "/data/datasets/small-table/profile", "/data/datasets/small-table/compare",
            "/data/datasets/small-table/grants",
            "/data/datasets/small-table/history", "/data/datasets/small-table/delete", "/data/upload", "/data/files",
            "/data/requests", "/data/ask", "/data/make",
        ]
        try await expectQuiet(browser, site)
        for look in [Look(), Look(width: 390, language: "zh-CN", isDark: true)] {
            try await browser.wear(look)
            for path in paths {
                try await browser.open("\(site)\(path)?\(Self.place)")
                let findings = try await browser.check(Set(PageRule.allCases).subtracting([.inline]))
                #expect(findings.isEmpty, "\(path), \(look.name): \(findings)")
                #expect(try await browser.evaluate("return typeof window.injected").string == "undefined", "\(path)")
                try await expectQuiet(browser, site, "\(path), \(look.name)")
            }
        }
    }
}
