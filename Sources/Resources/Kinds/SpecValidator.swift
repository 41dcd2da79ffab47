import Faults

/// Holds a spec against its fields: fills defaults in, collects every mistake with its path, and lists the references.
struct SpecValidator {
    /// A field that names another resource.
    struct Reference {
        let path: String
        let kind: String
        let name: String
    }

    private(set) var faults: [Fault] = []
    private(set) var references: [Reference] = []
    /// Says where in the user's file a path stands, if known.
    private let locate: (String) -> String

    init(locate: @escaping (String) -> String) {
        self.locate = locate
    }

    /// - Returns: the value with defaults; meaningful only when `faults` stays empty.
    mutating func group(_ value: JSONValue, _ fields: [Field], path: String) -> JSONValue {
        guard let members = value.object else { return wrong(value, "a group of fields", path) }
        for key in members.keys.sorted() where !fields.contains(where: { $0.name == key }) {
            faults.append(unknown(key, among: fields.map(\.name), path: path))
        }
        var result: [String: JSONValue] = [:]
        for field in fields {
            let fieldPath = path.isEmpty ? field.name : "\(path).\(field.name)"
            if let member = members[field.name], member != .null {
                result[field.name] = check(member, field.type, path: fieldPath)
            } else if let value = field.defaultValue {
                result[field.name] = value
            } else if field.isRequired {
                faults.append(
                    Fault(
                        ResourceFaults.missingField,
                        "The field '\(field.name)' is missing.",
                        at: locate(fieldPath),
                        wanted: field.type.summary
                    )
                )
            }
        }
        return .object(result)
    }

    /// Every change of a field that must stay.
    mutating func immutable(_ old: JSONValue, _ new: JSONValue, _ fields: [Field], path: String) {
        for field in fields {
            let fieldPath = "\(path).\(field.name)"
            let before = old[field.name] ?? field.defaultValue
            let after = new[field.name] ?? field.defaultValue
            if field.isImmutable, before != after {
                faults.append(
                    Fault(
                        ResourceFaults.immutableField,
                        "The field '\(field.name)' cannot change after creation.",
                        at: locate(fieldPath),
                        wanted: "the value it has"
                    )
                )
            } else if case .group(let inner) = field.type, let before, let after {
                immutable(before, after, inner, path: fieldPath)
            }
        }
    }

    private mutating func check(_ value: JSONValue, _ type: FieldType, path: String) -> JSONValue {
        switch type {
        case .text(let length, let form):
            guard let text = value.string else { return wrong(value, type.summary, path) }
            if !length.contains(text.count) || !form.accepts(text) { outside(type, path) }
        case .choice(let words):
            guard let word = value.string else { return wrong(value, type.summary, path) }
            if !words.contains(word) {
                let near = Nearest.name(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
                faults.append(
                    Fault(
                        ResourceFaults.outOfRange,
                        "The word in '\(path)' is not one of the choices.",
                        at: locate(path),
                        wanted: type.summary + near
                    )
                )
            }
        case .integer(let range):
            guard let number = value.integer else { return wrong(value, type.summary, path) }
            if !range.contains(number) { outside(type, path) }
        case .number(let range):
            guard let number = value.number else { return wrong(value, type.summary, path) }
            if !range.contains(number) { outside(type, path) }
        case .boolean:
            if value.bool == nil { return wrong(value, type.summary, path) }
        case .list(let element, let count):
            guard let elements = value.array else { return wrong(value, type.summary, path) }
            if !count.contains(elements.count) { outside(type, path) }
            return .array(
                elements.prefix(count.upperBound).enumerated().map { check($1, element, path: "\(path)[\($0)]") }
            )
        case .map(let element, let most):
            guard let members = value.object else { return wrong(value, type.summary, path) }
            if members.count > most || !members.keys.allSatisfy(Names.isValid) { outside(type, path) }
            var result: [String: JSONValue] = [:]
            for (key, member) in members.sorted(by: { $0.key < $1.key }).prefix(most) {
                result[key] = check(member, element, path: "\(path).\(key.shortened)")
            }
            return .object(result)
        case .scalars(let most):
            return scalars(value, atMost: most, type, path: path)
        case .group(let fields):
            return group(value, fields, path: path)
        case .reference(let kind):
            guard let name = value.string else { return wrong(value, type.summary, path) }
            if Names.isValid(name) {
                references.append(Reference(path: path, kind: kind, name: name))
            } else {
                outside(type, path)
            }
        }
        return value
    }

    /// A member that is null counts as absent.
    private mutating func scalars(_ value: JSONValue, atMost most: Int, _ type: FieldType, path: String) -> JSONValue {
        guard let members = value.object?.filter({ $0.value != .null }) else { return wrong(value, type.summary, path) }
        if members.count > most { outside(type, path) }
        for (key, member) in members.sorted(by: { $0.key < $1.key }).prefix(most) {
            let memberPath = "\(path).\(key.shortened)"
            if !Names.isParameter(key) {
                faults.append(
                    Fault(
                        ResourceFaults.outOfRange, "A name in '\(path)' is not allowed.", at: locate(memberPath),
                        wanted: "1 to 63 letters and digits, beginning with a letter"
                    )
                )
            }
            switch member {
            case .bool, .integer: break
            case .number(let number): if !number.isFinite { outside(type, memberPath) }
            case .string(let text): if text.utf8.count > FieldType.longestScalar { outside(type, memberPath) }
            case .null, .array, .object: _ = wrong(member, "a text, a number, or true or false", memberPath)
            }
        }
        return .object(members)
    }

    private mutating func wrong(_ value: JSONValue, _ wanted: String, _ path: String) -> JSONValue {
        faults.append(
            Fault(
                ResourceFaults.wrongType,
                "'\(path)' is \(value.typeName).",
                at: locate(path),
                wanted: wanted
            )
        )
        return value
    }

    private mutating func outside(_ type: FieldType, _ path: String) {
        faults.append(
            Fault(ResourceFaults.outOfRange, "'\(path)' is outside its range.", at: locate(path), wanted: type.summary)
        )
    }

    private func unknown(_ key: String, among known: [String], path: String) -> Fault {
        let fieldPath = path.isEmpty ? key.shortened : "\(path).\(key.shortened)"
        return .unknownField(key, among: known, at: locate(fieldPath))
    }
}

extension Fault {
    static func unknownField(_ key: String, among known: [String], at place: String) -> Fault {
        let near = Nearest.name(to: key, among: known)
        return Fault(
            ResourceFaults.unknownField,
            "The field '\(key.shortened)' is not known here.",
            at: place,
            wanted: near.map { "did you mean '\($0)'?" } ?? known.joined(separator: ", ")
        )
    }
}

extension TextForm {
    func accepts(_ text: String) -> Bool {
        switch self {
        case .any: true
        case .name: Names.isValid(text)
        case .dottedName: Names.isDotted(text)
        case .timestamp: Timestamp(text) != nil
        case .line: text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        }
    }
}

extension FieldType {
    /// What a message says was wanted: `a text of 1 to 63 characters`.
    public var summary: String {
        switch self {
        case .text(let length, .any), .text(let length, .line):
            "a text of \(length.lowerBound) to \(length.upperBound) characters"
        case .text(_, .name): "a name: 1 to 63 of a-z, 0-9 and '-'"
        case .text(_, .dottedName): "names of a-z, 0-9 and '-', joined by dots"
        case .text(_, .timestamp): "a time such as 2026-01-31T08:00:00Z"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .list(let element, let count):
            "a list of \(count.lowerBound) to \(count.upperBound) elements, each \(element.summary)"
        case .map(let element, let most): "at most \(most) named entries, each \(element.summary)"
        case .scalars(let most): "at most \(most) named texts, numbers or truth values"
        case .group: "a group of fields"
        case .reference(let kind): "the name of a \(kind)"
        }
    }
}
