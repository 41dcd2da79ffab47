import ArgumentParser
import Faults
import Resources

/// `atoll grant uses`.
struct GrantUsesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uses",
        abstract: "List the jobs that used a grant, newest first.",
        usage: "atoll grant uses NAME [--before JOB] [--limit COUNT] [<options>]",
        discussion: """
            READING is how many read leases the job holds now; ENDED and HOW tell of the last one that ended, for 30 \
            days. Older jobs follow with --before and the last job of the list.

            EXAMPLES:
              atoll grant uses loans-to-partner --tenant risk --project cards
              atoll grant uses loans-to-partner --tenant risk --project cards -o json
            """
    )

    @Argument(help: "The name of the grant.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Only jobs older than this one.", valueName: "job"))
    var before: String?

    @Option(name: .long, help: ArgumentHelp("At most so many, 1 to 1000.", valueName: "count"))
    var limit: Int = 100

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "grant name")
        let path = APIPath(
            ["grants", name, "uses"], query: scope.query + [("before", before), ("limit", String(limit))])
        let uses = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, uses.isEmpty { return Console.note("No job has used the grant.") }
        try output.print(
            uses,
            columns: [
                ("JOB", "job"), ("SINCE", "time"), ("IDS TESTED", "idsTested"), ("READING", "reading"),
                ("ENDED", "ended"), ("HOW", "reason"),
            ])
    }
}
