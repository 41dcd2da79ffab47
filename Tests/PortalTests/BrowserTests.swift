import Foundation
import PortalTestKit
import Resources
import Testing

/// What the other tests of pages stand on: that the browser does what is asked of it and hides nothing.
@Suite(.enabled(if: Browser.isHere, "\(Browser.missing)"))
struct BrowserTests {
    @Test func whatAPersonDoesReachesThePage() async throws {
        let pages = try SamplePages()
        let file = FileManager.default.temporaryDirectory.appending(path: "atoll-chosen-\(UUID().uuidString).csv")
        try Data("a,b\n1,2\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await Browser.with { browser in
            try await browser.open(pages.address(of: Self.page))
            try await browser.control("Name").fill("an old name")
            try await browser.control("Name").fill("贷款 <b>")
            try await browser.control("Theme").choose("Dark")
            try await browser.control("Accept").check()
            try await browser.control("Accept").check()
            try await browser.control("Table").choose(file)
            try await browser.press("Save it")
            try await browser.wait(forText: "贷款 <b>|Dark|true|\(file.lastPathComponent)")
            #expect(try await browser.find("heading", named: "Names & more").role == "heading")
            #expect(try await browser.findAll("link", named: "Nowhere").isEmpty)
            #expect(try await browser.findAll("link", named: "Hidden").isEmpty, "what is hidden has no name")

            try await browser.open(pages.address(of: Self.page))
            try await browser.tab(to: "Name")
            try await browser.press(.tab, .space)
            let focused = try await browser.focused
            #expect(try await focused.name == "Theme")
            await #expect(throws: BrowserFailure.self) { try await browser.tab(to: "Nowhere", limit: 10) }
            await #expect(throws: BrowserFailure.self) { try await browser.find("button", named: "Covered").click() }
            await #expect(throws: BrowserFailure.self) {
                try await browser.wait(for: "what never comes", within: .milliseconds(100)) { false }
            }
        }
    }

    @Test func aLookChangesWhatThePageIsTold() async throws {
        let pages = try SamplePages()
        try await Browser.with { browser in
            let address = try pages.address(of: Self.page)
            for look in [Look(), Look(width: 390, language: "zh-CN", isDark: true), Look(width: 700, isPrinted: true)] {
                try await browser.wear(look)
                try await browser.open(address)
                let told = try await browser.evaluate(
                    """
                    return [innerWidth, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches,
                        matchMedia('print').matches, document.getElementById('ran').textContent].join()
                    """)
                #expect(told.string == "\(look.width),\(look.language),\(look.isDark),\(look.isPrinted),yes")
                let picture = try await browser.picture()
                #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
                let width = picture[16..<20].reduce(0) { $0 << 8 | Int($1) }
                let height = picture[20..<24].reduce(0) { $0 << 8 | Int($1) }
                #expect(width == look.width && height >= 1500, "\(width) x \(height): the whole page")
            }
            try await browser.wear(Look(hasScripts: false))
            try await browser.open(address)
            let ran = try await browser.evaluate("return document.getElementById('ran').textContent")
            #expect(ran.string == "no")
            try await browser.control("Name").fill("typed")
            #expect(try await browser.control("Name").value == "typed")
        }
    }

    /// Every kind of thing that a page must not do is seen, once.
    @Test func errorsAndForeignRequestsAreSeen() async throws {
        let pages = try SamplePages()
        let cases = [
            ("<script>console.error('said so')</script>", "said so"),
            ("<script>setTimeout(() => { throw new Error('thrown') })</script>", "thrown"),
            ("<img alt='' src='http://127.0.0.1:9/picture.png'>", "a request to http://127.0.0.1:9/picture.png"),
            ("<link rel=stylesheet href='http://127.0.0.1:9/s.css'>", "a request to http://127.0.0.1:9/s.css"),
            ("<script>fetch('http://127.0.0.1:9/x').catch(() => 0)</script>", "a request to http://127.0.0.1:9/x"),
            ("<script>new WebSocket('ws://127.0.0.1:9/w')</script>", "a request to ws://127.0.0.1:9/w"),
            ("<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><script>1</script>", "script"),
        ]
        try await Browser.with { browser in
            try await browser.open(pages.address(of: SamplePages.good))
            #expect(try await browser.takeLog().troubles(origins: ["file://"]) == [])
            for (html, words) in cases {
                try await browser.open(pages.address(of: SamplePages.good.replacing("</head>", with: html + "</head>")))
                var troubles: [String] = []
                try await browser.wait(for: words) {
                    troubles += try await browser.takeLog().troubles(origins: ["file://"])
                    return troubles.contains { $0.contains(words) }
                }
                try await browser.open(pages.address(of: SamplePages.good))
                _ = try await browser.takeLog()
            }
        }
    }

    private static let page = """
        #over { position: absolute; left: 0; top: 1000px; width: 300px; height: 300px; background: white; }
        #under { position: absolute; left: 10px; top: 1010px; }
        \u{0}<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Names</title>
        <meta name="viewport" content="width=device-width"><link rel="stylesheet" href="style.css"></head><body>
        <h1>Names &amp; more</h1><a href="#x" hidden>Hidden</a><p id="ran">no</p>
        <form id="form"><label for="name">Name</label><input id="name">
        <label>Theme <select id="theme"><option>Light</option><option>Dark</option></select></label>
        <label><input type="checkbox" id="accept"> Accept</label>
        <label>Table <input type="file" id="table"></label><button>Save <span>it</span></button></form>
        <p id="said"></p><button type="button" id="under">Covered</button><div id="over"></div>
        <script>
        document.getElementById('ran').textContent = 'yes';
        document.getElementById('over').style.height = '500px';
        document.getElementById('form').addEventListener('submit', event => {
            event.preventDefault();
            const value = id => document.getElementById(id).value;
            document.getElementById('said').textContent = [value('name'), value('theme'),
                document.getElementById('accept').checked, document.getElementById('table').files[0].name].join('|');
        });
        </script></body></html>
        """
}
