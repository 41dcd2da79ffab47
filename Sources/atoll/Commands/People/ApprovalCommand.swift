import ArgumentParser
import Faults
import Resources

/// `atoll approval`: the second pair of eyes.
struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "See what waits for a second person, decide on it, and ask for releases of results.",
        discussion: """
            A tenant says in its document what needs two pairs of eyes: `approvals: [job, dataUse, resultRelease]`. \
            Who asks for something cannot decide on it.

            EXAMPLES:
              atoll approval list --tenant risk --project cards
              atoll approval show job-train-9f86 --tenant risk --project cards
              atoll approval approve job-train-9f86 --tenant risk --project cards
              atoll approval request models/merchants:3 --why "the pilot" --tenant risk --project cards
            """,
        subcommands: [
            ApprovalListCommand.self, ApprovalShowCommand.self, ApprovalApproveCommand.self,
            ApprovalRefuseCommand.self, ApprovalRequestCommand.self,
        ]
    )
}

/// `atoll approval list`.
struct ApprovalListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List approvals, those that wait first.",
        usage: "atoll approval list [--waiting] [<options>]",
        discussion: """
            EXAMPLES:
              atoll approval list --tenant risk --project cards
              atoll approval list --waiting -o json
            """
    )

    @Flag(name: .long, help: "Only what waits for a decision.")
    var waiting = false

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let found = try await connection.connect {
            try await ResourceLister($0).list("approvals", selector: nil, scope: scope).items
        }
        let shown = found.filter { !waiting || Self.isWaiting($0) }
        let sorted = shown.filter(Self.isWaiting) + shown.filter { !Self.isWaiting($0) }
        if output == .table, sorted.isEmpty { return Console.note("There are no approvals here.") }
        try output.print(
            output == .table ? sorted.map(Self.row) : sorted,
            columns: [
                ("NAME", "name"), ("ABOUT", "about"), ("SUBJECT", "subject"), ("REQUESTER", "requester"),
                ("STATE", "state"), ("DECIDED BY", "decidedBy"), ("UNTIL", "until"),
            ])
    }

    private static func isWaiting(_ approval: JSONValue) -> Bool { state(approval) == "Waiting" }

    static func state(_ approval: JSONValue) -> String { approval["status"]?["state"]?.string ?? "Waiting" }

    private static func row(_ approval: JSONValue) -> JSONValue {
        let spec = approval["spec"]
        return [
            "name": approval["metadata"]?["name"] ?? .null, "about": spec?["about"] ?? .null,
            "subject": spec?["subject"] ?? .null, "requester": spec?["requester"] ?? .null,
            "state": .string(state(approval)), "decidedBy": approval["status"]?["decidedBy"] ?? "",
            "until": spec?["until"] ?? .null,
        ]
    }
}

/// `atoll approval show`.
struct ApprovalShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is asked for: what, why, at what cost, and who learns what by it.",
        usage: "atoll approval show NAME [<options>]",
        discussion: """
            EXAMPLES:
              atoll approval show job-train-9f86 --tenant risk --project cards
            """
    )

    @Argument(help: "The name of the approval.")
    var name: String

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["approvals", name], query: scope.query)
        let approval = try await connection.connect { try await $0.get(path) }
        if let text = output.document(approval) { return try Console.write(text) }
        try Console.write(Self.lines(approval).joined(separator: "\n"))
    }

    static func lines(_ approval: JSONValue) -> [String] {
        let (spec, status) = (approval["spec"], approval["status"])
        func line(_ name: String, _ text: String?) -> String? {
            guard let text, !text.isEmpty else { return nil }
            return name + String(repeating: " ", count: max(1, 12 - name.count)) + TerminalText.line(text)
        }
        let cost = spec?["cost"]
        let costs = [
            cost?["seconds"]?.number.map { "\(Int64($0.rounded(.up))) s" },
            cost?["bytes"]?.integer.map { "\(LedgerText.bytes($0)) leave this site" },
            cost?["memory"]?.integer.map { "\(LedgerText.bytes($0)) of memory" },
        ].compactMap { $0 }.joined(separator: ", ")
        var lines = [
            line("What", spec?["what"]?.string), line("Why", spec?["why"]?.string), line("Cost", costs),
            line("Asked by", spec?["requester"]?.string), line("Until", spec?["until"]?.string),
            line("State", ApprovalListCommand.state(approval)), line("Decided by", status?["decidedBy"]?.string),
            line("Reason", status?["reason"]?.string),
        ].compactMap { $0 }
        let leaks = (spec?["leaks"]?.array ?? []).compactMap(\.string)
        if !leaks.isEmpty { lines += ["", "Who learns what:"] + leaks.map { "  - " + TerminalText.line($0) } }
        return lines
    }
}

/// `atoll approval approve`.
struct ApprovalApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve what another person asks for.",
        usage: "atoll approval approve NAME [<options>]",
        discussion: """
            EXAMPLES:
              atoll approval approve job-train-9f86 --tenant risk --project cards --reason "seen"
            """
    )

    @OptionGroup var decision: ApprovalDecision

    func run() async throws { try await decision.send("approve", "is approved") }
}

/// `atoll approval refuse`.
struct ApprovalRefuseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Refuse what another person asks for; a job that waits for it is cancelled.",
        usage: "atoll approval refuse NAME [<options>]",
        discussion: """
            EXAMPLES:
              atoll approval refuse job-train-9f86 --tenant risk --project cards --reason "too much"
            """
    )

    @OptionGroup var decision: ApprovalDecision

    func run() async throws { try await decision.send("refuse", "is refused") }
}

/// What both decisions take.
struct ApprovalDecision: ParsableArguments {
    @Argument(help: "The name of the approval.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Why, for everybody who may see it.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func send(_ verb: String, _ done: String) async throws {
        let path = APIPath(["approvals", name, verb], query: scope.query + [("reason", reason)])
        _ = try await connection.connect { try await $0.post(path, .json([:])) }
        try Console.write("\(TerminalText.line(name)) \(done)")
    }
}

/// `atoll approval request`.
struct ApprovalRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask for the approval of taking a result of jobs out of the site.",
        usage: "atoll approval request SUBJECT --why TEXT [<options>]",
        discussion: """
            Once another person has approved it, who asked can export it for 24 hours: exactly what was asked for, a \
            version of a model, a dataset that a job has left, or the scorecard of a job.

            EXAMPLES:
              atoll approval request models/merchants:3 --why "the pilot" --tenant risk --project cards
              atoll approval request datasets/scored --why "campaign" --tenant risk --project cards
            """
    )

    @Argument(help: "jobs/NAME, models/NAME:VERSION or datasets/NAME.")
    var subject: String

    @Option(name: .long, help: ArgumentHelp("What for.", valueName: "text"))
    var why: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["releases"], query: scope.query)
        let body: JSONValue = ["subject": .string(subject), "why": .string(why)]
        let approval = try await connection.connect { try await $0.post(path, .json(body)) }
        let name = TerminalText.line(approval["metadata"]?["name"]?.string ?? "")
        try Console.write("\(name): \(ApprovalListCommand.state(approval))")
    }
}
