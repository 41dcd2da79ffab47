import Hummingbird
import People
public import Resources

/// How the site was set when it was started, for those who see its checks.
public struct SettingRoutes: APIRoutes {
    /// One setting, as it may be shown.
    public struct Setting: Sendable {
        /// `log.level`.
        public let name: String
        /// Of secrets no more than that there is one.
        public let value: String
        /// `flag`, `environment`, `file` or `default`.
        public let source: String
        public let summary: String

        public init(name: String, value: String, source: String, summary: String) {
            self.name = name
            self.value = value
            self.source = source
            self.summary = summary
        }
    }

    private let settings: [Setting]

    public init(_ settings: [Setting]) {
        self.settings = settings
    }

    public func add(to door: Door) {
        door.get("settings", asks: .view(.checks)) { [settings] _, _ in
            Response.list(
                settings.map {
                    [
                        "name": .string($0.name), "value": .string($0.value), "source": .string($0.source),
                        "summary": .string($0.summary),
                    ]
                })
        }
    }

    public var paths: [String: JSONValue] {
        [
            "/api/v1/settings": [
                "get": OpenAPI.operation(
                    "listSettings", "How the site was set when it was started; secret values are not told.",
                    parameters: [], answer: OpenAPI.items)
            ]
        ]
    }
}
