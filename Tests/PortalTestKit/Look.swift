import Resources

/// What a page is looked at with.
public struct Look: Sendable, Hashable {
    /// Of the window, in CSS pixels; below 600 as a telephone shows it.
    public var width: Int
    /// What the browser asks for, such as `zh-CN`.
    public var language: String
    public var isDark: Bool
    public var isPrinted: Bool
    /// Whether the page's scripts run.
    public var hasScripts: Bool

    public init(
        width: Int = 1200, language: String = "en-US", isDark: Bool = false, isPrinted: Bool = false,
        hasScripts: Bool = true
    ) {
        self.width = width
        self.language = language
        self.isDark = isDark
        self.isPrinted = isPrinted
        self.hasScripts = hasScripts
    }

    /// For names of pictures: `1200-en-US-light`.
    public var name: String {
        "\(width)-\(language)-\(isPrinted ? "print" : isDark ? "dark" : "light")\(hasScripts ? "" : "-no-scripts")"
    }

    /// Commands of the DevTools protocol that bring it about.
    func changes(agent: String) -> [(String, JSONValue)] {
        [
            (
                "Emulation.setDeviceMetricsOverride",
                [
                    "width": .integer(Int64(width)), "height": 900, "deviceScaleFactor": 1,
                    "mobile": .bool(width < 600),
                ]
            ),
            ("Emulation.setTouchEmulationEnabled", ["enabled": .bool(width < 600)]),
            (
                "Emulation.setEmulatedMedia",
                [
                    "media": .string(isPrinted ? "print" : ""),
                    "features": [["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]],
                ]
            ),
            (
                "Emulation.setUserAgentOverride",
                ["userAgent": .string(agent), "acceptLanguage": .string(language)]
            ),
            ("Emulation.setScriptExecutionDisabled", ["value": .bool(!hasScripts)]),
        ]
    }
}
