import ArgumentParser
import Resources

/// `atoll history`: every spec that a resource had.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the revisions of a resource: when, by whom, why.",
        usage: "atoll history <kind> <name> [<options>]",
        discussion: """
            With -o json and -o yaml every revision comes with its whole spec.

            EXAMPLES:
              atoll history tenant retail-risk
              atoll history project/merchants --tenant retail-risk -o json
            """
    )

    @Argument(help: ArgumentHelp("KIND NAME or KIND/NAME.", valueName: "kind"))
    var words: [String]

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let target = try Target.one(words)
        let items = try await connection.connect { client in
            try await client.get(APIPath([target.kind, target.name, "history"], query: scope.query))["items"]?.array
                ?? []
        }
        if let document = output.document(["items": .array(items)]) { return try Console.write(document) }
        try Console.write(RevisionTable.table(items).text(for: .output))
    }
}
