import Foundation
import Testing

@testable import Trials

/// The report in a real browser.
@Suite(.enabled(if: Browser.program != nil, "no Chromium here: set ATOLL_CHROMIUM or install chromium and python3"))
struct ReportBrowserTests {
    private static let documents = [
        "binary": ReportExample.binary(), "three": ReportExample.binary(parties: 3), "numbers": ReportExample.numbers(),
        "plain": ReportExample.withoutLearning(), "failed": ReportExample.failed(),
    ]

    @Test(arguments: ["binary", "three", "numbers", "plain", "failed"])
    func thePageWorksInEveryForm(name: String) async throws {
        let html = ReportPage(document: try #require(Self.documents[name])).html
        let charts = html.components(separatedBy: "<figure ").count - 1
        // ATOLL_TEST_PICTURES=folder keeps page and pictures to look at.
        let pictures = ProcessInfo.processInfo.environment["ATOLL_TEST_PICTURES"]
        if let pictures { try Data(html.utf8).write(to: URL(filePath: "\(pictures)/\(name).html")) }
        var looks: [Browser.Look] = []
        for (width, language, dark) in [
            (1280, "en-US", false), (1280, "zh-CN", true), (390, "en-US", true), (390, "zh-CN", false),
        ] {
            let picture = pictures.map { "\($0)/\(name)-\(width)-\(language)-\(dark ? "dark" : "light").png" }
            looks.append(.init(width: width, language: language, dark: dark, screenshot: picture))
        }
        looks.append(.init(width: 800, print: true))
        let seen = try await Browser.look(at: html, looks)
        #expect(seen.count == looks.count)
        for (look, found) in zip(looks, seen) {
            let which: Comment = "\(name) \(look.width) \(look.language)"
            #expect(found.console == [] && found.exceptions == [], which)
            #expect(
                found.requests.allSatisfy { $0.hasPrefix("file:") && $0.hasSuffix("/report.html") || $0 == "data:," },
                which)
            #expect(found.page.charts == charts && found.page.named == charts, which)
            #expect(found.page.overflowing == [], which)
            #expect(found.page.scrollWidth <= found.page.width && found.page.width == look.width, which)
            #expect(found.page.ids == found.page.distinctIds, which)
            #expect(found.page.language == (look.language == "zh-CN" ? "zh-CN" : "en"), which)
        }
        #expect(seen[0].page.heading != seen[1].page.heading && seen[1].page.title.contains("试运行报告"))
        #expect(seen[0].page.ground != seen[1].page.ground && seen[0].page.ground == seen[3].page.ground)
    }

    @Test func theSwitchChangesTheLanguageAndBack() async throws {
        let html = ReportPage(document: ReportExample.binary()).html
        let seen = try await Browser.look(
            at: html,
            [.init(), .init(press: "[data-lang=zh]"), .init(language: "zh-CN", press: "[data-lang=en]")])
        #expect(seen[0].page.switchShown && seen[0].page.language == "en")
        #expect(seen[1].page.language == "zh-CN" && seen[1].page.heading != seen[0].page.heading)
        #expect(seen[2].page.language == "en" && seen[2].page.heading == seen[0].page.heading)
        #expect(seen[2].page.title == seen[0].page.title && seen[2].page.text == seen[0].page.text)
    }

    @Test func withoutScriptsItIsEnglish() async throws {
        let seen = try await Browser.look(
            at: ReportPage(document: ReportExample.binary()).html, [.init(language: "zh-CN", scripts: false), .init()])
        #expect(seen[0].page.language == "en" && !seen[0].page.switchShown)
        #expect(seen[0].page.heading == seen[1].page.heading && seen[0].page.charts == seen[1].page.charts)
    }

    @Test func hostileAndVeryLongNamesBreakNothing() async throws {
        let hostile = ReportPageTests.hostile(
            "</script><script>window.injected=1</script><img src=x onerror=injected=1>'\"&{0}")
        let long = ReportPageTests.hostile(String(repeating: "Wechselkursänderungsrisiko长名称", count: 60))
        for document in [hostile, long] {
            let seen = try await Browser.look(
                at: ReportPage(document: document).html, [.init(), .init(width: 390, language: "zh-CN")])
            for found in seen {
                #expect(found.console == [] && found.exceptions == [] && found.page.injected == "undefined")
                #expect(
                    found.requests.allSatisfy {
                        $0.hasPrefix("file:") && $0.hasSuffix("/report.html") || $0 == "data:,"
                    })
                #expect(found.page.overflowing == [])
                #expect(found.page.scrollWidth <= found.page.width)
            }
        }
    }
}
