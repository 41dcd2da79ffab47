import Resources

/// How long ago something was, in one or two units: `0s`, `59s`, `5m`, `3h20m`, `2d`, `400d`.
enum Age {
    static func text(since time: Timestamp, now: Timestamp = .now) -> String {
        text(seconds: (now.milliseconds - time.milliseconds) / 1000)
    }

    /// A length of time; less than none is none.
    static func text(seconds: Int64) -> String {
        let seconds = max(0, seconds)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<36_000: return seconds / 60 % 60 == 0 ? "\(seconds / 3600)h" : "\(seconds / 3600)h\(seconds / 60 % 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    /// The age of a time as it stands in a document; `-` when it is absent or unreadable.
    static func text(_ value: JSONValue?, now: Timestamp = .now) -> String {
        value?.string.flatMap(Timestamp.init(_:)).map { text(since: $0, now: now) } ?? "-"
    }
}
