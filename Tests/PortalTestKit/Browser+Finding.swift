import Foundation
import Resources

/// Each waits until there is one that is seen.
extension Browser {
    /// The first that answers to a selector of CSS.
    @discardableResult
    public func find(_ selector: String) async throws -> Element {
        try await first("an element \(selector)") { try await findAll(selector) }
    }

    /// All that are there now, seen or not.
    public func findAll(_ selector: String) async throws -> [Element] {
        let found = try await ask(.post, "/elements", ["using": "css selector", "value": .string(selector)])
        return (found.array ?? []).compactMap { Element(self, $0) }
    }

    /// The control whose label reads so.
    public func control(_ label: String) async throws -> Element {
        try await first("a control labelled \(label)") {
            let found = try await evaluate(
                """
                const wanted = arguments[0], plain = text => text.replace(/\\s+/g, ' ').trim();
                // What the label wraps is no part of its words.
                const words = label => {
                    const copy = label.cloneNode(true);
                    copy.querySelectorAll('input,select,textarea,button').forEach(e => e.remove());
                    return plain(copy.textContent);
                };
                return [...document.querySelectorAll('label')].filter(l => words(l) === wanted && l.control)
                    .map(l => l.control)
                    .concat([...document.querySelectorAll('[aria-label]')].filter(e =>
                        e.matches('input,select,textarea') && plain(e.getAttribute('aria-label')) === wanted));
                """, [.string(label)])
            return (found.array ?? []).compactMap { Element(self, $0) }
        }
    }

    /// What a screen reader calls so: `button` and `Save`, `link` and `Jobs`, `heading` and `Peers`.
    @discardableResult
    public func find(_ role: String, named name: String) async throws -> Element {
        try await first("a \(role) named \(name)") { try await findAll(role, named: name) }
    }

    /// All that are there now, by the browser's own rules of what a thing is called.
    public func findAll(_ role: String, named name: String) async throws -> [Element] {
        let document = try await command("DOM.getDocument", ["depth": 0])
        let answer = try await command(
            "Accessibility.queryAXTree",
            [
                "nodeId": document[path: "root", "nodeId"] ?? 0, "role": .string(role), "accessibleName": .string(name),
            ])
        var elements: [Element] = []
        for node in answer["nodes"]?.array ?? [] where node["ignored"]?.bool != true {
            guard let number = node["backendDOMNodeId"] else { continue }
            let object = try await command("DOM.resolveNode", ["backendNodeId": number])
            guard let id = object[path: "object", "objectId"] else { continue }
            let keep: JSONValue = "function() { window.foundByName = this; }"
            try await command("Runtime.callFunctionOn", ["objectId": id, "functionDeclaration": keep])
            let found = try await evaluate("const e = window.foundByName; delete window.foundByName; return e")
            if let element = Element(self, found) { elements.append(element) }
        }
        return elements
    }

    /// Clicks the button that is called so.
    public func press(_ name: String) async throws {
        try await click("button", name)
    }

    /// A live page may replace what was found before it is clicked; then it is looked for again.
    private func click(_ role: String, _ name: String) async throws {
        for _ in 0..<3 {
            do {
                return try await find(role, named: name).click()
            } catch let failure as BrowserFailure where failure.isPassing {
                continue
            }
        }
        try await find(role, named: name).click()
    }

    /// Follows the link that is called so.
    public func follow(_ name: String) async throws {
        try await click("link", name)
    }

    /// Until the page's text has these words.
    public func wait(forText words: String) async throws {
        try await wait(for: "the words \(words)") { try await text.contains(words) }
    }

    private func first(_ what: String, _ find: () async throws -> [Element]) async throws -> Element {
        var found: Element?
        try await wait(for: what) {
            for element in try await find() where try await element.isShown {
                found = element
                return true
            }
            return false
        }
        guard let found else { throw BrowserFailure("no such element", what) }
        return found
    }
}
