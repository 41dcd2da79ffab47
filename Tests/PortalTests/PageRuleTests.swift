import Foundation
import PortalTestKit
import Resources
import Testing

/// The rules for pages, each at a page that keeps all of them and at pages that break it.
@Suite(.enabled(if: Browser.isHere, "\(Browser.missing)"))
struct PageRuleTests {
    /// What stands in the place of what, and what is to be found.
    struct Break: Sendable, CustomTestStringConvertible {
        let rule: PageRule
        let from: String
        let to: String
        let words: String
        var look = Look()
        var testDescription: String { "\(rule.rawValue): \(words)" }

        init(_ rule: PageRule, _ from: String, _ to: String, _ words: String, look: Look = Look()) {
            (self.rule, self.from, self.to, self.words, self.look) = (rule, from, to, words, look)
        }
    }

    @Test func aPageThatKeepsThemHasNoFindings() async throws {
        try await Browser.with { browser in
            let pages = try SamplePages()
            for look in [
                Look(), Look(isDark: true), Look(width: 390), Look(width: 390, language: "zh-CN", hasScripts: false),
            ] {
                try await browser.wear(look)
                try await browser.open(pages.address(of: SamplePages.good))
                let found = try await browser.check()
                #expect(found.isEmpty, "\(look.name): \(found)")
                let folds = try await browser.evaluate(
                    "return [...document.querySelectorAll('details')].map(e => `${e.name} ${e.open}`).join()")
                #expect(folds.string == "fold false,fold false", "what was folded is so again")
            }
            let log = try await browser.takeLog()
            #expect(log.troubles(origins: ["file://"]) == [])
        }
    }

    @Test func eachBreachIsFound() async throws {
        try await Browser.with { browser in
            let pages = try SamplePages()
            #expect(Set(Self.breaks.map(\.rule)) == Set(PageRule.allCases))
            for breach in Self.breaks {
                let page = SamplePages.good.replacing(breach.from, with: breach.to)
                try #require(page != SamplePages.good, "\(breach.testDescription) changes nothing")
                if browser.look != breach.look { try await browser.wear(breach.look) }
                try await browser.open(pages.address(of: page))
                let found = try await browser.check()
                let isFound = found.contains { $0.rule == breach.rule && $0.text.contains(breach.words) }
                #expect(isFound, "\(breach.testDescription): \(found)")
                // A breach of one rule is none of another, so that findings can be believed.
                let others = found.filter { $0.rule != breach.rule }
                #expect(others.isEmpty, "\(breach.testDescription): \(others)")
            }
        }
    }

    private static let breaks: [Break] = [
        .init(.language, "<html lang=\"en\">", "<html>", "no lang"),
        .init(.title, "<title>Peers</title>", "", "no title"),
        .init(.headings, "<h1>Peers</h1>", "<p>Peers</p><h2>Peers</h2>", "0 headings of the first level"),
        .init(.headings, "<h2>Links</h2>", "<h3>Links</h3>", "h3 follows h1"),
        .init(.headings, "<h2>Links</h2>", "<h2> </h2>", "an empty heading"),
        .init(.headings, "<h2>Links</h2>", "<h1>Links</h1>", "2 headings of the first level"),
        .init(.landmarks, "<header>", "<div>", "not one header"),
        .init(.landmarks, "<nav aria-label=\"Main\">", "<div>", "no nav"),
        .init(.landmarks, "</main>", "<nav><a href=\"#top\">Up again</a></nav></main>", "one of many nav"),
        .init(.skipLink, "<a class=\"skip\" href=\"#content\">Skip to content</a>", "", "the first thing"),
        .init(.skipLink, "href=\"#content\">Skip", "href=\"#top\">Skip", "does not lead to main"),
        .init(.focusOrder, "<button type=\"submit\">", "<button type=\"submit\" tabindex=\"3\">", "tabindex above 0"),
        .init(.labels, "<label for=\"name\">Name</label>", "", "a control without a label"),
        .init(.labels, "<label for=\"port\">Port</label>", "", "a control without a label"),
        .init(.labels, "<label for=\"note\">Note</label>", "", "a control without a label"),
        .init(.labels, "<label>Theme <select>", "<label><select>", "a control without a label"),
        .init(
            .labels, "<button type=\"submit\">Save</button>", "<button type=\"submit\"></button>", "a button without"),
        .init(.labels, "<legend>Kind</legend>", "", "a group without a legend"),
        .init(.images, " alt=\"A lamp\"", "", "an img without alt"),
        .init(.images, "<title>Rows by day</title>", "", "neither named nor hidden"),
        .init(.tables, "<caption>All peers</caption>", "", "without a caption"),
        .init(.tables, "<th scope=\"row\">", "<th>", "a th without scope"),
        .init(.ids, "id=\"kind-a\"", "id=\"name\"", "the id name twice"),
        .init(.ids, "aria-describedby=\"hint\"", "aria-describedby=\"nothing\"", "names nothing, which is not there"),
        .init(.contrast, "--quiet: light-dark(#555, #bbb)", "--quiet: light-dark(#999, #bbb)", "wanted 4.5:1"),
        .init(
            .contrast, "--quiet: light-dark(#555, #bbb)", "--quiet: light-dark(#555, #555)", "wanted 4.5:1",
            look: Look(isDark: true)),
        .init(.contrast, ".hint { ", ".hint { opacity: 0.5; ", "wanted 4.5:1"),
        .init(.contrast, "--edge: light-dark(#767676, #8a8a8a)", "--edge: light-dark(#ccc, #8a8a8a)", "the border"),
        .init(
            .contrast, "::placeholder { color: light-dark(#555, #bbb)", "::placeholder { color: light-dark(#aaa, #bbb)",
            "the placeholder"),
        .init(
            .contrast, "background: transparent; color: inherit",
            "background: transparent; color: light-dark(#999, #777)", "the text of a control"),
        .init(.contrast, ".bar { fill: #9ecae1", ".bar { fill: #333", "wanted 4.5:1"),
        .init(.contrast, ".hint { ", ".hint { background: linear-gradient(red, white); ", "text on a picture"),
        .init(
            .focus, ":focus-visible { outline: 3px solid light-dark(#0b57d0, #a8c7fa)", ":focus { outline: none",
            "nothing shows"),
        .init(.focus, "solid light-dark(#0b57d0, #a8c7fa)", "solid light-dark(#eee, #222)", "the ring round it"),
        .init(.focus, ".skip:focus { left: 0; }", "", "is not seen"),
        .init(
            .targetSize, ".tools button { min-width: 24px; min-height: 24px;",
            ".tools button { width: 12px; height: 12px; overflow: hidden;", "too near"),
        .init(
            .targetSize, "<h2>Links</h2>", "<p><a href=\"#links\">a</a> <a href=\"#top\">b</a></p><h2>Links</h2>",
            "too near"),
        .init(.overflow, ".wide { overflow-x: auto;", ".wide {", "px wide in a window of", look: Look(width: 390)),
        .init(.inline, "<h2>Links</h2>", "<h2 style=\"margin: 0\">Links</h2>", "a style attribute"),
        .init(.inline, "<h2>Links</h2>", "<h2 onclick=\"run()\">Links</h2>", "the attribute onclick"),
        .init(.inline, "</main>", "<script>1</script></main>", "a script in the page"),
        .init(.inline, "href=\"#links\"", "href=\"javascript:run()\"", "a script in href"),
    ]
}

/// Pages in a folder that is gone with this value.
final class SamplePages {
    private let folder: URL
    private var count = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.style.utf8).write(to: folder.appending(path: "style.css"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Style rules that a page names stand in a file beside it, with the same replacements.
    func address(of page: String) throws -> String {
        count += 1
        let parts = page.components(separatedBy: Self.seam)
        try Data(parts[0].utf8).write(to: folder.appending(path: "style\(count).css"))
        let file = folder.appending(path: "page\(count).html")
        try Data(parts[1].replacing("style.css", with: "style\(count).css").utf8).write(to: file)
        return file.absoluteString
    }

    private static let seam = "\u{0}"
    /// Style sheet and document in one text, so that a replacement reaches either.
    static let good = style + seam + document

    private static let style = """
        :root { color-scheme: light dark; --quiet: light-dark(#555, #bbb); --edge: light-dark(#767676, #8a8a8a); }
        body { margin: 0 1rem; background: light-dark(#fff, #111); color: light-dark(#111, #eee); font: 16px/1.5 sans-serif; }
        a { color: light-dark(#0b57d0, #a8c7fa); }
        nav a, .menu { display: inline-block; min-height: 24px; margin-right: 24px; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 0; }
        :focus-visible { outline: 3px solid light-dark(#0b57d0, #a8c7fa); }
        .hint { color: var(--quiet); }
        input, select { border: 1px solid var(--edge); background: transparent; color: inherit; min-height: 24px; }
        ::placeholder { color: light-dark(#555, #bbb); opacity: 1; }
        button { border: 1px solid var(--edge); background: light-dark(#eee, #333); color: inherit; min-height: 24px; }
        .tools button { min-width: 24px; min-height: 24px; padding: 0; }
        .wide { overflow-x: auto; }
        .wide table { width: 700px; }
        .bar { fill: #9ecae1; }
        .value { fill: #111; font-size: 14px; }
        .axis { fill: currentColor; font-size: 14px; }
        """

    private static let document = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Peers</title>
        <meta name="viewport" content="width=device-width"><link rel="stylesheet" href="style.css"></head>
        <body id="top"><a class="skip" href="#content">Skip to content</a>
        <header><a class="menu" href="?home">Atoll</a>
        <nav aria-label="Main"><a class="menu" href="#content">Peers</a><a class="menu" href="#links">Links</a></nav></header>
        <main id="content" tabindex="-1"><h1>Peers</h1>
        <p class="hint" id="hint">Those that this site knows; see <a href="#links">links</a> for how they are reached.</p>
        <form action="#" method="post">
        <label for="name">Name</label> <input id="name" placeholder="bank" aria-describedby="hint">
        <fieldset><legend>Kind</legend>
        <label><input type="radio" name="kind" id="kind-a" checked> Direct, at an address</label>
        <label><input type="radio" name="kind" id="kind-b"> By a relay, at its own</label></fieldset>
        <label>Theme <select><option>System</option><option>Dark</option></select></label>
        <details name="fold"><summary>Address</summary><label for="port">Port</label> <input id="port"></details>
        <details name="fold"><summary>Remark</summary><label for="note">Note</label> <input id="note"></details>
        <button type="submit">Save</button></form>
        <p class="tools"><button type="button" aria-label="Earlier">&lt;</button><button type="button" aria-label="Later">&gt;</button></p>
        <h2>Links</h2>
        <div class="wide" id="links" tabindex="0" role="region" aria-label="All peers"><table><caption>All peers</caption>
        <thead><tr><th scope="col">Peer</th><th scope="col">State</th></tr></thead>
        <tbody><tr><th scope="row"><a href="#links">bank</a></th><td>Ready</td></tr></tbody></table></div>
        <svg role="img" width="200" height="60"><title>Rows by day</title><rect class="bar" x="0" y="0" width="80" height="30"/>
        <text class="value" x="10" y="20">12</text><text class="axis" x="10" y="50">Monday</text></svg>
        <img alt="A lamp" width="24" height="24" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
        </main></body></html>
        """
}
