/// The labels of one series, cleaned, in order of name. Two dimension lists that print alike are one label set.
struct LabelSet: Hashable {
    /// `a="x",b="y"` with values escaped; empty when there are no labels.
    let text: String

    /// When two names are alike after cleaning, the first one stays: a repeated label name makes the page unreadable.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = MetricName.label(name)
            if values[name] == nil { values[name] = value }
        }
        text = values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(Self.escape($0.value))\"" }
            .joined(separator: ",")
    }

    /// `{…}`, with one more label at the end when given; empty when there is none at all.
    func braces(adding extra: String? = nil) -> String {
        let all = [text, extra ?? ""].filter { !$0.isEmpty }
        return all.isEmpty ? "" : "{" + all.joined(separator: ",") + "}"
    }

    /// Backslash, quote and line feed are what the format escapes in a label's value.
    static func escape(_ value: String) -> String {
        var out = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
