import Faults
import Logging

/// A log line for a person: time, level, message, then `key=value` pairs, the logger's name among them.
///
///     2026-03-01T08:15:30.250Z INFO     listening  app=site logger=atoll.api path=/run/atoll.sock
///
/// Text from outside cannot forge a line or move the cursor: controls, line separators and marks that turn the
/// direction of writing are shown as escapes (`\n`, `\u{1b}`).
enum HumanLogLine {
    static func text(_ record: LogRecord, colour: Bool) -> String {
        let level = record.level.rawValue.uppercased()
        let padded = level + String(repeating: " ", count: max(0, 8 - level.count))
        var pairs = record.labels.map { ($0.key, $0.value) }
        pairs.append(("logger", record.logger))
        pairs += record.metadata.map { ($0.key, $0.value.description) }
        if let error = record.error { pairs.append(("error", String(describing: error))) }
        let tail = pairs.map { quoted($0.0) + "=" + quoted($0.1) }.joined(separator: " ")
        let message = escape(record.message)
        guard colour else { return "\(record.time) \(padded) \(message)  \(tail)" }
        return "\(dim)\(record.time)\(plain) \(paint(record.level))\(padded)\(plain) \(message)  \(dim)\(tail)\(plain)"
    }

    /// The text with everything that a terminal would act on made visible. A backslash is doubled, so that what
    /// is read is what was meant.
    static func escape(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where isActive(scalar): out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// C0 and C1 controls, separators of lines and paragraphs, and the bidirectional marks and overrides.
    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF: true
        default: false
        }
    }

    /// A key or a value of a pair: as it is, or in quotes when it holds what could pass for the border of a pair. Looked
    /// at scalar by scalar, since a mark that combines with a blank or a quote makes another character of it.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar != "=" && scalar != "\"" && !scalar.properties.isWhitespace
        }
        if isPlain && !text.isEmpty { return escape(text) }
        var out = "\""
        for scalar in escape(text).unicodeScalars {
            if scalar == "\"" { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }

    private static let dim = "\u{1B}[2m"
    private static let plain = "\u{1B}[0m"

    private static func paint(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: dim
        case .info: "\u{1B}[32m"
        case .notice: "\u{1B}[36m"
        case .warning: "\u{1B}[33m"
        case .error, .critical: "\u{1B}[31m"
        }
    }
}
