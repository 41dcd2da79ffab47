public import Foundation
import Resources

/// Something on a page. Once the page is another one, every use throws `stale element reference`.
public struct Element {
    let browser: Browser
    let id: String

    /// The key that WebDriver names elements by (W3C, WebDriver, section 11).
    static let key = "element-6066-11e4-a52e-4f735466cecf"
    var reference: JSONValue { [Self.key: .string(id)] }

    init?(_ browser: Browser, _ value: JSONValue) {
        guard let id = value[Self.key]?.string else { return nil }
        (self.browser, self.id) = (browser, id)
    }

    // MARK: What it is

    /// As it is seen: nothing of what is hidden.
    public var text: String {
        get async throws { try await ask(.get, "/text").string ?? "" }
    }

    /// What a control holds.
    public var value: String {
        get async throws { try await ask(.get, "/property/value").string ?? "" }
    }

    public var isShown: Bool {
        get async throws { try await ask(.get, "/displayed").bool ?? false }
    }

    public var isChosen: Bool {
        get async throws { try await ask(.get, "/selected").bool ?? false }
    }

    /// As a screen reader says it.
    public var name: String {
        get async throws { try await ask(.get, "/computedlabel").string ?? "" }
    }

    public var role: String {
        get async throws { try await ask(.get, "/computedrole").string ?? "" }
    }

    // MARK: What one does with it

    /// Fails where something else lies above it. Waits for the page that it leads to.
    public func click() async throws {
        try await ask(.post, "/click")
    }

    /// Types behind what is there already; a file's path for a control of files.
    public func type(_ text: String) async throws {
        try await ask(.post, "/value", ["text": .string(text)])
    }

    /// Types in the place of what is there.
    public func fill(_ text: String) async throws {
        try await ask(.post, "/clear")
        try await type(text)
    }

    /// Chooses a file of this machine.
    public func choose(_ file: URL) async throws {
        try await type(file.path)
    }

    /// Chooses the option of a `select` that reads so.
    public func choose(_ option: String) async throws {
        let found = try await browser.evaluate(
            "return [...arguments[0].options].find(o => o.label.trim() === arguments[1]) ?? null",
            [reference, .string(option)])
        guard let element = Element(browser, found) else { throw BrowserFailure("no such option", option) }
        try await element.click()
    }

    /// Checks or unchecks a box.
    public func check(_ wanted: Bool = true) async throws {
        if try await isChosen != wanted { try await click() }
    }

    @discardableResult
    private func ask(
        _ method: ChromeDriver.Method, _ path: String, _ body: JSONValue = .object([:])
    ) async throws -> JSONValue {
        try await browser.ask(method, "/element/\(id)\(path)", body)
    }
}
