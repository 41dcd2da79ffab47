import Resources

/// The outcome of one check, from here or from the server.
struct CheckResult: Sendable, Hashable {
    enum Status: String, Sendable, CaseIterable {
        case pass, warn, fail
    }

    /// Stable, dotted: `client.socket`.
    let id: String
    let status: Status
    let found: String
    let wanted: String
    let fix: String

    init(_ id: String, _ status: Status, found: String, wanted: String = "", fix: String = "") {
        self.id = id
        self.status = status
        self.found = found
        self.wanted = wanted
        self.fix = fix
    }

    /// nil when the server's item has no id or a status that is not known.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let status = json["status"]?.string.flatMap(Status.init(rawValue:)) else {
            return nil
        }
        self.init(
            id,
            status,
            found: json["found"]?.string ?? "",
            wanted: json["wanted"]?.string ?? "",
            fix: json["fix"]?.string ?? ""
        )
    }

    var json: JSONValue {
        [
            "id": .string(id), "status": .string(status.rawValue), "found": .string(found), "wanted": .string(wanted),
            "fix": .string(fix),
        ]
    }
}
