import Resources

/// A job's resource as people want to read it.
struct JobText {
    private let resource: JSONValue
    private var status: JSONValue { resource["status"] ?? [:] }

    init(_ resource: JSONValue) {
        self.resource = resource
    }

    var name: String { TerminalText.line(resource["metadata"]?["name"]?.string ?? "?") }
    var state: String { TerminalText.line(status["state"]?.string ?? "New") }
    var isFinal: Bool { ["Succeeded", "Failed", "Cancelled"].contains(state) }
    var message: String { TerminalText.line(status["message"]?.string ?? "") }
    var progress: String { TerminalText.line(status["progress"]?.string ?? "") }

    /// `2m left`; empty while it cannot be told.
    var remaining: String {
        status["remainingSeconds"]?.integer.map { "\(Age.text(seconds: $0)) left" } ?? ""
    }

    /// `check Running 40 %  2m left start 2: …`.
    var line: String {
        [name, state, progress, remaining, message].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    static let columns = [
        ("NAME", "name"), ("TENANT", "tenant"), ("PROJECT", "project"), ("STATE", "state"), ("PROGRESS", "progress"),
        ("OWNER", "owner"), ("MESSAGE", "message"),
    ]

    var row: JSONValue {
        var row: [String: JSONValue] = ["name": .string(name), "state": .string(state)]
        for (member, value) in [
            ("tenant", resource["metadata"]?["tenant"]), ("project", resource["metadata"]?["project"]),
            ("progress", status["progress"]), ("owner", status["owner"]), ("message", status["message"]),
        ] {
            if let value { row[member] = value }
        }
        return .object(row)
    }

    /// Every party beside the others, then the tasks, then why it stands where it does.
    func text(for terminal: Terminal) -> String {
        var lines = [
            "Job \(name): \(terminal.paint(state, colour(state))) \([progress, remaining].filter { !$0.isEmpty }.joined(separator: ", "))"
        ]
        for (title, member) in [("id", "job"), ("owner", "owner"), ("plan", "planDigest")] {
            if let value = status[member]?.string { lines.append("  \(title): \(TerminalText.line(value))") }
        }
        if let epoch = status["epoch"]?.integer, epoch > 0 { lines.append("  start: \(epoch)") }
        if let reason = status["reason"] {
            lines.append(
                "  why: \(TerminalText.line("\(reason["number"]?.string ?? "") \(reason["text"]?.string ?? "")"))")
            lines.append("  fix: \(TerminalText.line(reason["fix"]?.string ?? ""))")
        } else if !message.isEmpty {
            lines.append("  why: \(message)")
        }
        let parties = status["parties"]?.array ?? []
        var table = TextTable(["PARTY", "ROLE", "STATE", "WAITS FOR", "WHY"])
        for party in parties {
            let state = party["state"]?.string ?? ""
            table.add([
                .init(Self.name(party)), .init(party["role"]?.string ?? ""), .init(state, colour(state)),
                .init(party["waitsFor"]?.string ?? ""), .init(party["message"]?.string ?? ""),
            ])
        }
        if !parties.isEmpty { lines += ["", table.text(for: terminal)] }
        lines += tasks(parties, terminal)
        return lines.joined(separator: "\n")
    }

    private func tasks(_ parties: [JSONValue], _ terminal: Terminal) -> [String] {
        let tasks = status["tasks"]?.array ?? []
        guard !tasks.isEmpty else { return [] }
        var table = TextTable(["TASK", "STATE"] + parties.map { Self.name($0).uppercased() })
        for task in tasks {
            let name = task["name"]?.string ?? ""
            let sides = parties.map { party -> TextTable.Cell in
                let side = party["tasks"]?.array?.first { $0["name"]?.string == name }
                return .init(side.map(Self.side) ?? "")
            }
            table.add([.init(name), .init(task["state"]?.string ?? "")] + sides)
        }
        return ["", table.text(for: terminal)]
    }

    private static func name(_ party: JSONValue) -> String {
        party["name"]?.string ?? String((party["site"]?.string ?? "?").prefix(8))
    }

    /// `running 40/100, 8.0/s, 8s left`, `done 3f2a91c0`.
    private static func side(_ side: JSONValue) -> String {
        let state = side["state"]?.string ?? ""
        if let digest = side["digest"]?.string, state == "done" { return "done \(digest.prefix(8))" }
        if let problem = side["problem"]?.string { return "\(state) \(problem)" }
        if let done = side["done"]?.integer, let total = side["total"]?.integer {
            var text = "\(state) \(done)/\(total)"
            if let rate = side["perSecond"]?.number { text += ", \(TrialText.decimal(rate, 1))/s" }
            if let left = side["remainingSeconds"]?.integer, left > 0 {
                text += ", \(Age.text(seconds: left)) left"
            }
            return text
        }
        return state
    }

    private func colour(_ state: String) -> Colour? {
        switch state {
        case "Succeeded", "Running": .good
        case "Paused", "AwaitingApproval": .warning
        case "Failed", "Cancelled": .bad
        default: nil
        }
    }
}
