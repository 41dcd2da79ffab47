import Resources

/// A resource with its conditions and last revisions, in sections.
struct Description: Sendable {
    static let revisionsShown = 5

    private let resource: JSONValue
    private let history: [JSONValue]
    private let now: Timestamp

    init(_ resource: JSONValue, history: [JSONValue], now: Timestamp = .now) {
        self.resource = resource
        self.history = history
        self.now = now
    }

    func text(for terminal: Terminal) -> String {
        var lines = head(terminal)
        lines += section("Spec", yaml(resource["spec"] ?? [:]), terminal)
        lines += section("Conditions", conditions(terminal), terminal)
        var status = resource["status"]?.object ?? [:]
        status["conditions"] = nil
        if !status.isEmpty { lines += section("Status", yaml(.object(status)), terminal) }
        let hidden = history.count - Self.revisionsShown
        let title = hidden > 0 ? "Revisions (the last \(Self.revisionsShown) of \(history.count))" : "Revisions"
        lines += section(title, revisions(terminal), terminal)
        return lines.joined(separator: "\n")
    }

    private func head(_ terminal: Terminal) -> [String] {
        let text = ResourceText(resource)
        let metadata = resource["metadata"] ?? [:]
        var pairs: [(String, String)] = [("Name", text.name), ("Kind", text.kind)]
        if let tenant = text.tenant { pairs.append(("Tenant", tenant)) }
        if let project = text.project { pairs.append(("Project", project)) }
        pairs.append(("State", text.state.text))
        pairs.append(("Labels", text.labels))
        pairs.append(("Created", time(metadata["creationTimestamp"])))
        if text.isBeingDeleted { pairs.append(("Deletion asked", time(metadata["deletionTimestamp"]))) }
        if let finalizers = metadata["finalizers"]?.array, !finalizers.isEmpty {
            pairs.append(("Finalizers", finalizers.compactMap(\.string).joined(separator: ", ")))
        }
        let owners = (metadata["ownerReferences"]?.array ?? []).map { owner in
            "\(owner["kind"]?.string ?? "?") \(owner["name"]?.string ?? "?")"
        }
        if !owners.isEmpty { pairs.append(("Owned by", owners.joined(separator: ", "))) }
        pairs.append(("Generation", CellText.text(metadata["generation"])))
        pairs.append(("Version", CellText.text(metadata["resourceVersion"])))
        pairs.append(("UID", text.uid))
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { name, value in
            let label = "\(name):" + String(repeating: " ", count: width - name.count)
            return terminal.paint(label, .strong) + " " + TerminalText.line(value)
        }
    }

    private func section(_ title: String, _ body: [String], _ terminal: Terminal) -> [String] {
        ["", terminal.paint(title + ":", .strong)]
            + (body.isEmpty ? ["  none"] : body.map { $0.isEmpty ? "" : "  " + $0 })
    }

    private func yaml(_ value: JSONValue) -> [String] {
        if value.object?.isEmpty == true { return [] }
        return TerminalText.lines(YAMLWriter.write(value)).split(separator: "\n").map(String.init)
    }

    private func time(_ value: JSONValue?) -> String {
        guard let text = value?.string else { return "-" }
        return "\(text) (\(Age.text(value, now: now)) ago)"
    }

    private func conditions(_ terminal: Terminal) -> [String] {
        let conditions = (resource["status"]?["conditions"]?.array ?? []).compactMap(Condition.init(json:))
        if conditions.isEmpty { return [] }
        let generation = resource["metadata"]?["generation"]?.integer ?? 0
        var table = TextTable(["TYPE", "STATUS", "REASON", "AGE", "MESSAGE"])
        for condition in conditions {
            let colour: Colour = condition.status == .isTrue ? .good : condition.status == .isFalse ? .bad : .warning
            let isStale = condition.observedGeneration < generation
            table.add([
                .init(condition.type), .init(condition.status.rawValue, colour), .init(condition.reason),
                .init(Age.text(since: condition.lastTransitionTime, now: now)),
                .init(condition.message + (isStale ? " (of generation \(condition.observedGeneration))" : "")),
            ])
        }
        return lines(of: table, terminal)
    }

    private func revisions(_ terminal: Terminal) -> [String] {
        if history.isEmpty { return [] }
        return lines(of: RevisionTable.table(history.suffix(Self.revisionsShown), now: now), terminal)
    }

    private func lines(of table: TextTable, _ terminal: Terminal) -> [String] {
        table.text(for: terminal.narrowed(by: 2)).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
    }
}
