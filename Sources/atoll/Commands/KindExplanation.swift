import Faults
import Resources

/// A kind with its fields, or one field with those inside it.
struct KindExplanation: Sendable {
    let kind: KindInfo
    /// The field that was asked for, or nil for the whole kind.
    let field: KindInfo.Field?
    /// The fields to show: all of the kind, or those inside the field.
    let fields: [KindInfo.Field]

    /// Reads `tenant`, `tenant.displayName` and `tenant.spec.displayName`.
    ///
    /// - Throws: `ProgramFaults.unknownFault` for a kind that is none, with the nearest name; `ResourceFaults.unknownField`.
    init(_ subject: String, in list: KindList) throws(Fault) {
        let parts = subject.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let kind: KindInfo
        do {
            kind = try list.kind(parts[0])
        } catch {
            throw Fault(
                ProgramFaults.unknownFault,
                "There is no error and no kind '\(TerminalText.line(String(parts[0].prefix(40))))'.",
                wanted: error.wanted
            )
        }
        self.kind = kind
        guard parts.count == 2 else {
            (field, fields) = (nil, kind.fields)
            return
        }
        let path = parts[1] == "spec" || parts[1].hasPrefix("spec.") ? parts[1] : "spec.\(parts[1])"
        let inner = kind.fields.filter { $0.path.hasPrefix("\(path).") || $0.path.hasPrefix("\(path)[]") }
        if path == "spec" {
            (field, fields) = (nil, kind.fields)
            return
        }
        guard let found = kind.fields.first(where: { $0.path == path }) else {
            let nearest = Nearest.name(to: path, among: kind.fields.map(\.path))
            throw Fault(
                ResourceFaults.unknownField,
                "A \(kind.name) has no field '\(TerminalText.line(String(path.prefix(80))))'.",
                wanted: nearest.map { "did you mean '\(kind.name.lowercased()).\($0)'?" }
                    ?? kind.fields.map(\.path).joined(separator: ", "),
                fix: "`atoll explain \(kind.name.lowercased())` lists the fields."
            )
        }
        (field, fields) = (found, inner)
    }

    /// The kind as the server describes it, with only the fields that were asked for.
    var json: JSONValue {
        guard let field else { return kind.json }
        let wanted = Set([field.path] + fields.map(\.path))
        let all = kind.json["fields"]?.array ?? []
        return [
            "kind": .string(kind.name),
            "fields": .array(all.filter { $0["path"]?.string.map(wanted.contains) ?? false }),
        ]
    }

    func text(for terminal: Terminal) -> String {
        guard let field else { return kindText(terminal) }
        var lines = [
            terminal.paint("\(kind.name) \(field.path)", .strong), "  \(field.summary)", "  \(Self.rules(field))",
        ]
        if !fields.isEmpty { lines += ["", terminal.paint("Fields inside:", .strong)] + list(fields) }
        return lines.joined(separator: "\n")
    }

    private func kindText(_ terminal: Terminal) -> String {
        let words = ([kind.plural] + kind.shortNames).joined(separator: ", ")
        var lines = [
            terminal.paint(kind.name, .strong) + " (\(words))", "  \(kind.summary)", "  " + scopeText, "",
            terminal.paint("Fields:", .strong),
        ]
        lines += list(kind.fields)
        if !kind.example.isEmpty {
            lines += ["", terminal.paint("Example:", .strong)]
            lines += kind.example.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.isEmpty ? "" : "  \($0)"
            }
        }
        return lines.joined(separator: "\n")
    }

    private var scopeText: String {
        let place =
            switch kind.scope {
            case "tenant": "Lives in a tenant."
            case "project": "Lives in a project of a tenant."
            default: "Lives on the whole site."
            }
        return kind.isImmutable ? place + " Never changes after creation." : place
    }

    private func list(_ fields: [KindInfo.Field]) -> [String] {
        fields.flatMap { ["  \($0.path)", "    \($0.summary)", "    \(Self.rules($0))"] }
    }

    /// `a text of 1 to 80 characters; required; cannot change`.
    private static func rules(_ field: KindInfo.Field) -> String {
        var rules = [field.type]
        if field.isRequired { rules.append("required") }
        if field.isImmutable { rules.append("cannot change after creation") }
        if let value = field.defaultValue { rules.append("default \(CellText.literal(value))") }
        return rules.joined(separator: "; ")
    }
}
