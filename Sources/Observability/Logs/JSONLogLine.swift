import Faults
import Logging

/// A log line as one JSON object: `time`, `level`, `logger`, `source`, `message`, the labels of `LogKeys` that are
/// known, `error` with `fault` (its number) and `thrown_at` where it has them, and `metadata` with everything else.
enum JSONLogLine {
    static func text(_ record: LogRecord) -> String {
        var members = [
            member("time", record.time.description),
            member("level", record.level.rawValue),
            member("logger", record.logger),
            member("source", record.source),
            member("message", record.message),
        ]
        members += record.labels.map { member($0.key, $0.value) }
        if let error = record.error {
            members.append(member("error", String(describing: error)))
            if let fault = error as? Fault {
                members += [member("fault", fault.number.description), member("thrown_at", fault.source)]
            }
        }
        if !record.metadata.isEmpty {
            members.append("\"metadata\":" + object(record.metadata))
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A JSON string with its quotes. Besides what JSON asks for, the controls from U+007F to U+009F and the line and
    /// paragraph separators are escaped: a terminal or a line reader may act on them.
    static func quote(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func member(_ key: String, _ value: String) -> String {
        quote(key) + ":" + quote(value)
    }

    private static func object(_ members: [(key: String, value: Logger.MetadataValue)]) -> String {
        "{" + members.map { quote($0.key) + ":" + value($0.value) }.joined(separator: ",") + "}"
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .array(let items):
            "[" + items.map(self.value).joined(separator: ",") + "]"
        case .dictionary(let inner):
            object(inner.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        default:
            quote(value.description)
        }
    }
}
