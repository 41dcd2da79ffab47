/// Writes a value as YAML for people, in an order that reads well and that `YAMLReader` reads back to the same value.
public enum YAMLWriter {
    /// Top-level keys of a resource come in their usual order, all others sorted. Ends with a newline.
    public static func write(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 0, into: &text, isTop: true)
        if !text.hasSuffix("\n") { text += "\n" }
        return text
    }

    private static let usualOrder = ["apiVersion", "kind", "metadata", "spec", "status"]
    private static let metadataOrder = ["name", "tenant", "project"]

    private static func write(_ value: JSONValue, indent: Int, into text: inout String, isTop: Bool = false) {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            let order = isTop ? usualOrder : metadataOrder
            let keys = order.filter { members[$0] != nil } + members.keys.filter { !order.contains($0) }.sorted()
            for key in keys {
                text += "\(margin)\(scalar(key)):"
                child(members[key]!, indent: indent, into: &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for element in elements {
                text += "\(margin)-"
                child(element, indent: indent, into: &text)
            }
        default:
            text += margin + leaf(value) + "\n"
        }
    }

    private static func child(_ value: JSONValue, indent: Int, into text: inout String) {
        switch value {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            write(value, indent: indent + 2, into: &text)
        case .array(let elements) where !elements.isEmpty:
            text += "\n"
            write(value, indent: indent + 2, into: &text)
        default:
            text += " " + leaf(value) + "\n"
        }
    }

    private static func leaf(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): scalar(text)
        case .array: "[]"
        case .object: "{}"
        default: String(decoding: JSONWriter.compact(value), as: UTF8.self)
        }
    }

    /// Plain where that is safe beyond doubt, else double-quoted as in JSON (which YAML reads alike).
    private static func scalar(_ text: String) -> String {
        let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        let isPlain =
            text.first.map { $0.isLetter || $0 == "/" } == true && text.last != " " && text.last != ":"
            && !reserved.contains(text.lowercased()) && text.count <= 200
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || " -_./(),:".unicodeScalars.contains(scalar)
            } && !text.contains(": ") && !text.contains(" #")
        return isPlain ? text : String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self)
    }
}
