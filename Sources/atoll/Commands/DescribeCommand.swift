import ArgumentParser
import Faults
import Resources

/// `atoll describe`: one resource as people want to read it.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show one resource with its conditions and last revisions.",
        usage: "atoll describe <kind> <name> [<options>]",
        discussion: """
            For people. Programs read `atoll get KIND NAME -o json` and `atoll history KIND NAME -o json`.

            EXAMPLES:
              atoll describe tenant retail-risk
              atoll describe project/merchants --tenant retail-risk
            """
    )

    @Argument(help: ArgumentHelp("KIND NAME or KIND/NAME.", valueName: "kind"))
    var words: [String]

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let target = try Target.one(words)
        let (resource, history) = try await connection.connect { client in
            let resource = try await client.get(APIPath([target.kind, target.name], query: scope.query))
            let history = try await client.get(APIPath([target.kind, target.name, "history"], query: scope.query))
            return (resource, history["items"]?.array ?? [])
        }
        try Console.write(Description(resource, history: history).text(for: .output))
    }
}
