import ArgumentParser
import Faults
import Resources

/// `atoll config show`: what a server started now would use, and where each value comes from.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings of `atoll serve`.",
        discussion: """
            EXAMPLES:
              atoll config show
              atoll config show --data /srv/atoll -o yaml
            """,
        subcommands: [Show.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every setting, its value and where it comes from.",
            usage: "atoll config show [<options>]",
            discussion: """
                Takes the same flags as `atoll serve`. Secret values are shown as [redacted].

                EXAMPLES:
                  atoll config show
                  ATOLL_LOG_LEVEL=debug atoll config show -o json
                """
        )

        @OptionGroup var options: ServeOptions

        @Option(name: [.short, .long], help: "The form of the output: table, json or yaml.")
        var output: OutputForm = .table

        func run() async throws {
            let settings = try options.settings(in: DataLocation(option: options.data))
            let items = settings.shown.map { row -> JSONValue in
                [
                    "name": .string(row.name), "value": .string(row.value), "source": .string(row.source.rawValue),
                    "summary": .string(row.summary),
                ]
            }
            try output.print(
                items,
                columns: [("NAME", "name"), ("VALUE", "value"), ("FROM", "source"), ("WHAT IT IS", "summary")]
            )
        }
    }
}
