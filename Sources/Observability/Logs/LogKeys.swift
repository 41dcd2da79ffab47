/// The metadata keys with a fixed meaning. In JSON they stand beside the message; all other keys stand in `metadata`.
///
/// | key | meaning |
/// |---|---|
/// | `app` | label of the long-running unit: `site`, `portal`, `job/<name>` |
/// | `app_id` | id of that unit, so that two of one label can be told apart |
/// | `site` | id or name of the site that speaks |
/// | `tenant`, `project` | whose work it is |
/// | `user` | name of the person who asked for it |
/// | `job` | name of the job |
/// | `trace_id` | id of the trace across sites, 32 hex digits |
public enum LogKeys {
    public static let app = "app"
    public static let appID = "app_id"
    public static let site = "site"
    public static let tenant = "tenant"
    public static let project = "project"
    public static let user = "user"
    public static let job = "job"
    public static let traceID = "trace_id"

    public static let all = [app, appID, site, tenant, project, user, job, traceID]
}

/// The label of an app: a long-running unit whose logs and metrics are found by this label.
public struct AppLabel: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let site = AppLabel(rawValue: "site")
    public static let portal = AppLabel(rawValue: "portal")

    /// - Parameter name: the job's name, `[a-z0-9-]{1,63}`.
    public static func job(_ name: String) -> AppLabel {
        AppLabel(rawValue: "job/\(name)")
    }
}
