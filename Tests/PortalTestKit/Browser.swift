public import Foundation
public import Resources

/// A headless Chromium that a test drives as a person would: it looks for what is seen, clicks and types.
///
/// Everything waits for at most `patience`. One process and its profile: cookies, files and logs are its own and gone
/// at the end of the scope.
public final class Browser {
    /// Whether Chromium and ChromeDriver are on this machine (`Scripts/setup.sh test` brings them).
    public static let isHere = ChromeDriver.program != nil && ChromeDriver.browser != nil
    /// For `.enabled(if:)`.
    public static let missing = "no Chromium or no ChromeDriver here: run Scripts/setup.sh test"
    /// How long anything is waited for on a busy machine.
    public static let patience = Duration.seconds(60)

    let driver: ChromeDriver
    private let session: String
    private let agent: String
    /// What the page is looked at with; `wear` changes it.
    public private(set) var look = Look()

    /// The folder that the browser saves files into.
    public var downloads: URL { driver.folder.appending(path: "downloads") }

    /// Starts a browser, and ends it behind the scope.
    public static func with<Result>(_ body: (Browser) async throws -> Result) async throws -> Result {
        let driver = try await ChromeDriver.start()
        defer { driver.end() }
        let browser = try await Browser(driver)
        try await browser.wear(Look())
        // The browser's own first page is nobody's.
        try await browser.open("about:blank")
        _ = try await browser.takeLog()
        return try await body(browser)
    }

    private init(_ driver: ChromeDriver) async throws {
        self.driver = driver
        let flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb",
            "--user-data-dir=\(driver.folder.appending(path: "profile").path)",
        ]
        let saving: JSONValue = [
            "download.default_directory": .string(driver.folder.appending(path: "downloads").path),
            "download.prompt_for_download": false,
        ]
        let wanted: JSONValue = [
            "browserName": "chrome", "acceptInsecureCerts": true, "unhandledPromptBehavior": "dismiss and notify",
            "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
            "goog:chromeOptions": [
                "binary": .string(ChromeDriver.browser ?? ""), "args": .array(flags.map { .string($0) }),
                "prefs": saving,
            ],
        ]
        let answer = try await driver.ask(.post, "/session", ["capabilities": ["alwaysMatch": wanted]])
        guard let session = answer["sessionId"]?.string else { throw BrowserFailure("no session") }
        self.session = session
        let version = try await driver.ask(
            .post, "/session/\(session)/goog/cdp/execute", ["cmd": "Browser.getVersion", "params": [:]])
        // A headless browser says so; pages must not care.
        agent = version["userAgent"]?.string?.replacing("HeadlessChrome", with: "Chrome") ?? ""
    }

    // MARK: The page

    /// Opens an address and waits until the page and what it shows are loaded.
    public func open(_ address: String) async throws {
        try await ask(.post, "/url", ["url": .string(address)])
    }

    public func reload() async throws { try await ask(.post, "/refresh") }

    public var address: String {
        get async throws { try await ask(.get, "/url").string ?? "" }
    }

    /// The page's text as it is seen.
    public var text: String {
        get async throws { try await find("body").text }
    }

    /// Evaluates a script's `return` in the page; works where the page's own scripts are off.
    public func evaluate(_ script: String, _ arguments: [JSONValue] = []) async throws -> JSONValue {
        try await ask(.post, "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// Forgets every cookie, as if nobody had ever logged in here.
    public func forgetCookies() async throws {
        try await command("Network.clearBrowserCookies")
    }

    // MARK: The protocol

    @discardableResult
    func ask(
        _ method: ChromeDriver.Method, _ path: String, _ body: JSONValue = .object([:])
    ) async throws -> JSONValue {
        try await driver.ask(method, "/session/\(session)\(path)", body)
    }

    /// A command of the DevTools protocol.
    @discardableResult
    func command(_ name: String, _ parameters: JSONValue = .object([:])) async throws -> JSONValue {
        try await ask(.post, "/goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    /// Asks until it holds.
    ///
    /// - Throws: `BrowserFailure` with what was waited for and the page's text, after `patience`.
    public func wait(
        for what: String, within patience: Duration = Browser.patience, until holds: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + patience
        var last = ""
        while true {
            do {
                if try await holds() { return }
            } catch let failure as BrowserFailure where failure.isPassing {
                last = " (\(failure))"
            }
            guard ContinuousClock.now < deadline else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        let page = try await evaluate("return document.body?.innerText ?? ''").string ?? ""
        throw BrowserFailure("never came: \(what)\(last)", "\(try await address) shows: \(page.prefix(2000))".oneLine)
    }

    /// Changes what pages are looked at with, from the next page on; width, theme and medium at once.
    public func wear(_ look: Look) async throws {
        for (name, parameters) in look.changes(agent: agent) { try await command(name, parameters) }
        self.look = look
    }
}

extension BrowserFailure {
    /// It may go away by itself: the page is just being replaced.
    var isPassing: Bool {
        ["stale element reference", "no such element", "javascript error", "detached shadow root"].contains(name)
            // Of an element that was replaced between two commands of the driver's own.
            || "\(self)".contains("Could not find node with given id")
    }
}

extension String {
    var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " | ") }
}
