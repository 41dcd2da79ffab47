import Foundation
import PortalTestKit
import Resources
import Testing

@testable import Trials

/// The report in a real browser.
@Suite(.enabled(if: Browser.isHere, "\(Browser.missing)"))
struct ReportBrowserTests {
    private static let documents = [
        "binary": ReportExample.binary(), "three": ReportExample.binary(parties: 3), "numbers": ReportExample.numbers(),
        "plain": ReportExample.withoutLearning(), "failed": ReportExample.failed(),
    ]

    @Test(arguments: ["binary", "three", "numbers", "plain", "failed"])
    func thePageWorksInEveryForm(name: String) async throws {
        let html = ReportPage(document: try #require(Self.documents[name])).html
        let charts = html.components(separatedBy: "<figure ").count - 1
        let looks = [
            Look(width: 1280), Look(width: 1280, language: "zh-CN", isDark: true), Look(width: 390, isDark: true),
            Look(width: 390, language: "zh-CN"), Look(width: 800, isPrinted: true),
        ]
        let seen = try await Self.look(at: html, looks, picture: name == "binary" ? name : nil)
        #expect(seen.count == looks.count)
        for (look, found) in zip(looks, seen) {
            let which: Comment = "\(name) \(look.name)"
            #expect(found.troubles == [], which)
            #expect(
                found.page["charts"]?.integer == Int64(charts) && found.page["named"]?.integer == Int64(charts), which)
            #expect(found.page["overflowing"]?.array == [], which)
            #expect(found.width <= look.width && found.page["width"]?.integer == Int64(look.width), which)
            #expect(found.page["ids"] == found.page["distinctIds"], which)
            #expect(found.text("language") == (look.language == "zh-CN" ? "zh-CN" : "en"), which)
        }
        #expect(seen[0].text("heading") != seen[1].text("heading") && seen[1].text("title").contains("试运行报告"))
        #expect(seen[0].text("ground") != seen[1].text("ground") && seen[0].text("ground") == seen[3].text("ground"))
    }

    @Test func theSwitchChangesTheLanguageAndBack() async throws {
        let html = ReportPage(document: ReportExample.binary()).html
        let chinese = Look(language: "zh-CN")
        let seen =
            try await Self.look(at: html, [Look()]) + Self.look(at: html, [Look()], press: "[data-lang=zh]")
            + Self.look(at: html, [chinese], press: "[data-lang=en]")
        #expect(seen[0].page["switchShown"]?.bool == true && seen[0].text("language") == "en")
        #expect(seen[1].text("language") == "zh-CN" && seen[1].text("heading") != seen[0].text("heading"))
        #expect(seen[2].text("language") == "en" && seen[2].text("heading") == seen[0].text("heading"))
        #expect(seen[2].text("title") == seen[0].text("title") && seen[2].page["text"] == seen[0].page["text"])
    }

    @Test func withoutScriptsItIsEnglish() async throws {
        let html = ReportPage(document: ReportExample.binary()).html
        let seen = try await Self.look(at: html, [Look(language: "zh-CN", hasScripts: false), Look()])
        #expect(seen[0].text("language") == "en" && seen[0].page["switchShown"]?.bool == false)
        #expect(
            seen[0].text("heading") == seen[1].text("heading") && seen[0].page["charts"] == seen[1].page["charts"])
    }

    @Test func hostileAndVeryLongNamesBreakNothing() async throws {
        let hostile = ReportPageTests.hostile(
            "</script><script>window.injected=1</script><img src=x onerror=injected=1>'\"&{0}")
        let long = ReportPageTests.hostile(String(repeating: "Wechselkursänderungsrisiko长名称", count: 60))
        for document in [hostile, long] {
            let looks = [Look(), Look(width: 390, language: "zh-CN")]
            for (look, found) in zip(looks, try await Self.look(at: ReportPage(document: document).html, looks)) {
                #expect(found.troubles == [] && found.text("injected") == "undefined")
                #expect(found.page["overflowing"]?.array == [])
                #expect(found.width <= look.width)
            }
        }
    }

    private struct Seen {
        /// Errors and warnings of the console, and every request but that for the page.
        let troubles: [String]
        let page: JSONValue

        func text(_ key: String) -> String { page[key]?.string ?? "" }
        var width: Int { page["scrollWidth"]?.integer.map { Int($0) } ?? .max }
    }

    /// Opens a page once for each look and keeps pictures where they have a name.
    private static func look(
        at html: String, _ looks: [Look], press: String? = nil, picture: String? = nil
    ) async throws -> [Seen] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "report.html")
        try Data(html.utf8).write(to: file)
        return try await Browser.with { browser in
            var seen: [Seen] = []
            for look in looks {
                try await browser.wear(look)
                try await browser.open(file.absoluteString)
                if let press { try await browser.find(press).click() }
                let page = try await browser.evaluate(Self.measure)
                if let picture { try await browser.keepPicture("report/\(picture)") }
                seen.append(
                    .init(troubles: try await browser.takeLog().troubles(origins: [file.absoluteString]), page: page))
            }
            return seen
        }
    }

    private static let measure = """
        const root = document.documentElement;
        const text = e => (e ? e.textContent.trim() : '');
        const charts = [...document.querySelectorAll('svg.chart')];
        const overflowing = [];
        for (const chart of charts) {
            const box = chart.getBoundingClientRect();
            if (box.width === 0) continue;
            for (const t of chart.querySelectorAll('text')) {
                const r = t.getBoundingClientRect();
                if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
                    overflowing.push(chart.id + ': ' + t.textContent);
            }
        }
        return {
            language: root.lang, title: document.title, heading: text(document.querySelector('.sentence')),
            charts: charts.length,
            named: charts.filter(c => text(c.querySelector('title')) && text(c.querySelector('desc'))
                && c.getAttribute('role') === 'img' && c.closest('figure').querySelector('table tbody tr')).length,
            overflowing, scrollWidth: root.scrollWidth, width: window.innerWidth,
            text: document.body.innerText.length, ground: getComputedStyle(document.body).backgroundColor,
            ids: document.querySelectorAll('[id]').length,
            distinctIds: new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size,
            switchShown: !document.querySelector('.languages').hidden, injected: typeof window.injected
        };
        """
}
