import Resources

/// The parts of a resource's document that people see in lists and sentences.
struct ResourceText: Sendable {
    let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    var kind: String { document["kind"]?.string ?? "?" }
    var name: String { document["metadata"]?["name"]?.string ?? "?" }
    var tenant: String? { document["metadata"]?["tenant"]?.string }
    var project: String? { document["metadata"]?["project"]?.string }
    var uid: String { document["metadata"]?["uid"]?.string ?? "" }
    var isBeingDeleted: Bool { document["metadata"]?["deletionTimestamp"] != nil }

    /// `Project merchants (tenant retail-risk)`, as in the server's messages.
    var title: String {
        ResourceID(kind: kind, scope: Scope(tenant: tenant, project: project), name: name).description
    }

    /// `project/merchants`: what every command takes in place of kind and name.
    var word: String { "\(kind.lowercased())/\(name)" }

    /// `Deleting` once deletion was asked for; else what the condition `Ready` says: `Ready`, or the reason why not.
    var state: TextTable.Cell {
        if isBeingDeleted { return .init("Deleting", .warning) }
        let conditions = (document["status"]?["conditions"]?.array ?? []).compactMap(Condition.init(json:))
        guard let ready = conditions.first(where: { $0.type == "Ready" }) else { return "-" }
        switch ready.status {
        case .isTrue: return .init("Ready", .good)
        case .isFalse: return .init(ready.reason.isEmpty ? "NotReady" : ready.reason, .bad)
        case .unknown: return .init(ready.reason.isEmpty ? "Unknown" : ready.reason, .warning)
        }
    }

    /// `env=test,team=risk`, sorted; `-` without labels.
    var labels: String {
        let labels = document["metadata"]?["labels"]?.object ?? [:]
        return labels.isEmpty
            ? "-" : labels.keys.sorted().map { "\($0)=\(labels[$0]?.string ?? "")" }.joined(separator: ",")
    }
}
