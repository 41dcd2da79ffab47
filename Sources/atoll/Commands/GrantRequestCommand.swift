import ArgumentParser
import Faults
import Resources

/// `atoll grant request`.
struct GrantRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask a peer for a grant on one of its datasets.",
        usage: "atoll grant request NAME --peer PEER --dataset DATASET ... [<options>]",
        discussion: """
            The peer's people decide; `atoll grant requests` shows how it stands, `atoll delete accessrequest NAME` takes it \
            back. `atoll grant offers PEER` shows what the peer offers.

            EXAMPLES:
              atoll grant request <name> --peer partner --dataset takings --column shop_no --column turnover \\
                  --purpose scoring --algorithm align --algorithm bin --until 2026-12-31T00:00:00Z
            """
    )

    @Argument(help: "The name of the request.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Of whom it is asked.", valueName: "peer"))
    var peer: String

    @Option(name: .long, help: ArgumentHelp("NAME, or TENANT/PROJECT/NAME, at the peer.", valueName: "dataset"))
    var dataset: String

    @Option(name: .customLong("column"), help: ArgumentHelp("A column that would be read.", valueName: "column"))
    var columns: [String]

    @Option(name: .long, help: ArgumentHelp("What for.", valueName: "text"))
    var purpose: String

    @Option(name: .customLong("algorithm"), help: ArgumentHelp("An operator that would read it.", valueName: "name"))
    var algorithms: [String]

    @Option(
        name: .long, help: ArgumentHelp("What would be told: bins, partial_scores, model.", valueName: "what"))
    var reveals: [String] = []

    @Option(name: .long, help: ArgumentHelp("The most jobs.", valueName: "count"))
    var uses: Int64 = 1

    @Option(name: .long, help: ArgumentHelp("The latest time, such as 2026-12-31T00:00:00Z.", valueName: "time"))
    var until: String

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "request name")
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "AccessRequest", "metadata": ["name": .string(name)],
            "spec": [
                "peer": .string(peer), "dataset": .string(dataset), "columns": GrantCreateCommand.list(columns),
                "purpose": .string(purpose), "algorithms": GrantCreateCommand.list(algorithms),
                "reveals": GrantCreateCommand.list(reveals), "uses": .integer(uses), "notAfter": .string(until),
            ],
        ]
        let request = try await connection.connect {
            try await $0.post(APIPath(["accessrequests"], query: scope.query), .json(document))
        }
        try Console.write(output.document(request) ?? "request \(name) made; the people of \(peer) decide")
    }
}

/// `atoll grant requests`.
struct GrantRequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "List what this site asks of peers and they of it, open ones first.",
        usage: "atoll grant requests [--incoming] [<options>]",
        discussion: """
            EXAMPLES:
              atoll grant requests
              atoll grant requests --incoming -o json
            """
    )

    @Flag(name: .long, help: "Only what peers ask of this site.")
    var incoming = false

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let found = try await connection.connect {
            try await ResourceLister($0).list("accessrequests", selector: nil, scope: scope).items
        }
        let shown = found.filter { !incoming || $0["spec"]?["direction"]?.string == "incoming" }
        let sorted = shown.filter(Self.isOpen) + shown.filter { !Self.isOpen($0) }
        if output == .table, sorted.isEmpty { return Console.note("There are no requests here.") }
        try output.print(
            output == .table ? sorted.map(Self.row) : sorted,
            columns: [
                ("NAME", "name"), ("PROJECT", "project"), ("DIRECTION", "direction"), ("PEER", "peer"),
                ("DATASET", "dataset"), ("STATE", "state"), ("GRANT", "grant"), ("REASON", "reason"),
                ("PURPOSE", "purpose"),
            ])
    }

    private static func isOpen(_ request: JSONValue) -> Bool {
        [nil, "Waiting", "Sending"].contains(request["status"]?["state"]?.string)
    }

    private static func row(_ request: JSONValue) -> JSONValue {
        var row: [String: JSONValue] = [:]
        for member in ["name", "project"] { row[member] = request["metadata"]?[member] }
        for member in ["direction", "peer", "dataset", "purpose"] { row[member] = request["spec"]?[member] }
        for member in ["state", "grant", "reason"] { row[member] = request["status"]?[member] ?? "" }
        if let problem = request["status"]?["problem"], row["reason"] == "" { row["reason"] = problem }
        return .object(row)
    }
}

/// `atoll grant answer`.
struct GrantAnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Grant what a peer asks for, or less of it, or refuse it.",
        usage: "atoll grant answer NAME (--grant | --refuse) [<options>]",
        discussion: """
            What is not said is granted as it was asked for. The peer is told the reason and what was granted.

            EXAMPLES:
              atoll grant answer partner-takings --grant --tenant risk --project cards
              atoll grant answer partner-takings --grant --column shop_no --uses 2 --minimum-bin 50
              atoll grant answer partner-takings --refuse --reason "no agreement" --tenant risk --project cards
            """
    )

    @Argument(help: "The name of the request.")
    var name: String

    @Flag(name: .long, help: "Grant it.")
    var grant = false

    @Flag(name: .long, help: "Refuse it.")
    var refuse = false

    @Option(name: .long, help: ArgumentHelp("Why; needed to refuse.", valueName: "text"))
    var reason: String?

    @Option(name: .customLong("as"), help: ArgumentHelp("The grant's name; else the request's.", valueName: "name"))
    var grantName: String?

    @Option(name: .customLong("column"), help: ArgumentHelp("Only this column; may be repeated.", valueName: "column"))
    var columns: [String] = []

    @Option(
        name: .customLong("algorithm"), help: ArgumentHelp("Only this operator; may be repeated.", valueName: "name"))
    var algorithms: [String] = []

    @Option(name: .long, help: ArgumentHelp("At most so many jobs.", valueName: "count"))
    var uses: Int64?

    @Option(name: .long, help: ArgumentHelp("The latest time, no later than was asked for.", valueName: "time"))
    var until: String?

    @Option(name: .long, help: ArgumentHelp("The smallest intersection of ids.", valueName: "count"))
    var minimumIntersection: Int64?

    @Option(name: .long, help: ArgumentHelp("The smallest bin that may be told.", valueName: "count"))
    var minimumBin: Int64?

    @Option(name: .long, help: ArgumentHelp("The most ids that may be tested.", valueName: "count"))
    var distinctIds: Int64?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if grant == refuse { throw ValidationError("Say either --grant or --refuse.") }
        if refuse, reason == nil { throw ValidationError("Refusing needs a --reason.") }
    }

    func run() async throws {
        try Names.check(name, at: "request name")
        let path = APIPath(["accessrequests", name, grant ? "grant" : "refuse"], query: scope.query)
        let answered = try await connection.connect { try await $0.post(path, .json(.object(body))) }
        let granted = answered["status"]?["grant"]?.string
        try Console.write(
            output.document(answered) ?? "request \(name) \(granted.map { "granted as \($0)" } ?? "refused")")
    }

    private var body: [String: JSONValue] {
        var body: [String: JSONValue] = [:]
        body["reason"] = reason.map { .string($0) }
        guard grant else { return body }
        body["name"] = grantName.map { .string($0) }
        body["notAfter"] = until.map { .string($0) }
        if !columns.isEmpty { body["columns"] = GrantCreateCommand.list(columns) }
        if !algorithms.isEmpty { body["algorithms"] = GrantCreateCommand.list(algorithms) }
        for (member, value) in [
            ("uses", uses), ("minimumIntersection", minimumIntersection), ("minimumBin", minimumBin),
            ("distinctIds", distinctIds),
        ] {
            body[member] = value.map { .integer($0) }
        }
        return body
    }
}

/// `atoll grant offers`.
struct GrantOffersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offers",
        abstract: "Show the datasets whose columns a peer offers to this site.",
        usage: "atoll grant offers PEER [<options>]",
        discussion: """
            EXAMPLES:
              atoll grant offers partner
              atoll grant offers partner -o json
            """
    )

    @Argument(help: "The name of the peer.")
    var peer: String

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(peer, at: "peer name")
        let path = APIPath(["peers", peer, "offers"], query: scope.query)
        let offers = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, offers.isEmpty { return Console.note("\(peer) offers nothing to this site.") }
        try output.print(
            output == .table ? offers.map(Self.row) : offers,
            columns: [("DATASET", "name"), ("IDS", "ids"), ("LABEL", "label"), ("COLUMNS", "columns")])
    }

    private static func row(_ offer: JSONValue) -> JSONValue {
        func joined(_ texts: [String]) -> JSONValue { .string(texts.joined(separator: ", ")) }
        return [
            "name": offer["name"] ?? "", "ids": joined((offer["ids"]?.array ?? []).compactMap(\.string)),
            "label": offer["label"] ?? "",
            "columns": joined(
                (offer["columns"]?.array ?? []).map { "\($0["name"]?.string ?? "") \($0["type"]?.string ?? "")" }),
        ]
    }
}
