import Resources

extension Browser {
    /// A key that is no character (W3C, WebDriver, section 17.4.2).
    public enum Key: String, Sendable {
        case tab = "\u{E004}"
        case enter = "\u{E007}"
        case shift = "\u{E008}"
        case escape = "\u{E00C}"
        case space = " "
        case left = "\u{E012}"
        case up = "\u{E013}"
        case right = "\u{E014}"
        case down = "\u{E015}"
    }

    /// Presses keys one after the other, wherever the focus is; with shift held where asked.
    public func press(_ keys: Key..., holding held: Key? = nil) async throws {
        var strokes = keys.flatMap { [Self.stroke("keyDown", $0), Self.stroke("keyUp", $0)] }
        if let held { strokes = [Self.stroke("keyDown", held)] + strokes + [Self.stroke("keyUp", held)] }
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
