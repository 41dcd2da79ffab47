import ArgumentParser
import Resources

/// `atoll rollback`: writes an old spec as a new revision.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Write the spec of an old revision as a new one.",
        usage: "atoll rollback <kind> <name> --to <number> [<options>]",
        discussion: """
            Nothing of the history is lost: the old spec passes the same checks as any change and becomes the newest \
            revision. Kinds that cannot change are refused.

            EXAMPLES:
              atoll history tenant retail-risk
              atoll rollback tenant retail-risk --to 2
              atoll rollback project/merchants --tenant retail-risk --to 1 --reason "wrong purpose"
            """
    )

    @Argument(help: ArgumentHelp("KIND NAME or KIND/NAME.", valueName: "kind"))
    var words: [String]

    @Option(name: .long, help: ArgumentHelp("The revision to return to.", valueName: "number"))
    var to: Int64

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let target = try Target.one(words)
        var body: [String: JSONValue] = ["to": .integer(to)]
        if let reason { body["reason"] = .string(reason) }
        let resource = try await connection.connect { [body] client in
            try await client.post(
                APIPath([target.kind, target.name, "rollback"], query: scope.query),
                .json(.object(body))
            )
        }
        if let document = output.document(resource) { return try Console.write(document) }
        let generation = CellText.text(resource, at: ["metadata", "generation"])
        let title = TerminalText.line(ResourceText(resource).title)
        try Console.write("\(title) has the spec of revision \(to) again, as revision \(generation)")
    }
}
