import Resources

extension Browser {
    /// A key that is no character (W3C, WebDriver, section 17.4.2).
    public enum Key: String, Sendable {
        case tab = "\u{E004}"
        case enter = "\u{E007}"
        case space = " "
        case down = "\u{E015}"
    }

    /// Presses keys one after the other, wherever the focus is.
    public func press(_ keys: Key...) async throws {
        let strokes = keys.flatMap { [Self.stroke("keyDown", $0), Self.stroke("keyUp", $0)] }
        try await ask(
            .post, "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": .array(strokes)]]])
    }

    /// Where the focus is.
    public var focused: Element {
        get async throws {
            guard let element = Element(self, try await ask(.get, "/element/active")) else {
                throw BrowserFailure("no such element", "nothing has the focus")
            }
            return element
        }
    }

    /// Goes on with the tab key until something that is called so has the focus, at most once round the page.
    public func tab(to name: String, limit: Int = 200) async throws {
        for _ in 0..<limit {
            try await press(.tab)
            if try await focused.name == name { return }
        }
        throw BrowserFailure("not reached by keyboard", name)
    }

    private static func stroke(_ type: JSONValue, _ key: Key) -> JSONValue {
        ["type": type, "value": .string(key.rawValue)]
    }
}
