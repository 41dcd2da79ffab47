import Foundation

/// JSON Schema (2020-12), as far as `docs/trial-report.schema.json` uses it; an unknown keyword is an error, so that nothing of
/// the schema is passed over in silence.
struct Schema {
    private let root: [String: Any]

    struct Broken: Error {
        let what: String
    }

    init(_ data: Data) throws {
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Broken(what: "root")
        }
        self.root = root
    }

    /// What does not fit, each as path and reason.
    func problems(of data: Data) throws -> [String] {
        try check(try JSONSerialization.jsonObject(with: data), root, at: "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], at path: String) throws -> [String] {
        var problems: [String] = []
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$id", "$defs", "title", "description", "format", "required", "additionalProperties": break
            case "$ref":
                guard let name = (rule as? String)?.components(separatedBy: "/").last,
                    let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
                else { throw Broken(what: "\(rule)") }
                problems += try check(value, target, at: path)
            case "type":
                if !isKind(value, rule as? String ?? "") { problems.append("\(path): not of type \(rule)") }
            case "const":
                if value as? String != rule as? String { problems.append("\(path): not \(rule)") }
            case "enum":
                if !(rule as? [String] ?? []).contains(value as? String ?? "") {
                    problems.append("\(path): none of \(rule)")
                }
            case "pattern":
                let text = value as? String ?? ""
                if text.range(of: rule as? String ?? "", options: .regularExpression) == nil {
                    problems.append("\(path): does not look like \(rule)")
                }
            case "minimum", "maximum":
                guard let bound = (rule as? NSNumber)?.doubleValue else { throw Broken(what: keyword) }
                if let number = (value as? NSNumber)?.doubleValue,
                    keyword == "minimum" ? number < bound : number > bound
                {
                    problems.append("\(path): beyond \(bound)")
                }
            case "maxItems":
                if let list = value as? [Any], list.count > (rule as? NSNumber)?.intValue ?? 0 {
                    problems.append("\(path): too many")
                }
            case "items":
                guard let items = rule as? [String: Any] else { throw Broken(what: keyword) }
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    problems += try check(item, items, at: "\(path)[\(index)]")
                }
            case "properties":
                guard let properties = rule as? [String: [String: Any]] else { throw Broken(what: keyword) }
                for (name, member) in value as? [String: Any] ?? [:] {
                    if let property = properties[name] {
                        problems += try check(member, property, at: "\(path).\(name)")
                    }
                }
            default: throw Broken(what: "the keyword \(keyword)")
            }
        }
        guard let members = value as? [String: Any] else { return problems }
        for name in schema["required"] as? [String] ?? [] where members[name] == nil {
            problems.append("\(path): lacks \(name)")
        }
        let known = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
        for (name, member) in members where !known.contains(name) {
            switch schema["additionalProperties"] {
            case let rule as [String: Any]: problems += try check(member, rule, at: "\(path).\(name)")
            case let allowed as Bool where !allowed: problems.append("\(path): unknown \(name)")
            default: break
            }
        }
        return problems
    }

    private func isKind(_ value: Any, _ kind: String) -> Bool {
        // JSONSerialization gives booleans as numbers, too; only their type tells them apart.
        let isBoolean = (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
        switch kind {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "boolean": return isBoolean
        case "number": return value is NSNumber && !isBoolean
        case "integer":
            guard let number = value as? NSNumber, !isBoolean else { return false }
            return number.doubleValue.rounded() == number.doubleValue
        default: return false
        }
    }
}
