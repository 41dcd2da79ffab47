import ArgumentParser
import Resources

/// `atoll data offer`.
struct DataOfferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer",
        abstract: "Show the columns of a dataset to a peer, so that it can ask for a grant.",
        usage: "atoll data offer NAME --peer PEER [--withdraw] [<options>]",
        discussion: """
            The peer sees names and types of columns, ids and label; no rows, and not how many.

            EXAMPLES:
              atoll data offer takings --peer bank --tenant risk --project cards
              atoll data offer takings --peer bank --withdraw --tenant risk --project cards
            """
    )

    @OptionGroup var dataset: DatasetOptions

    @Option(name: .long, help: ArgumentHelp("To whom.", valueName: "peer"))
    var peer: String

    @Flag(name: .long, help: "Do not show it any more.")
    var withdraw = false

    func run() async throws {
        let path = try dataset.path("offer")
        let body: JSONValue = ["peer": .string(peer), "isOffered": .bool(!withdraw)]
        _ = try await dataset.connection.connect { try await $0.post(path, .json(body)) }
        try Console.write("dataset \(dataset.name) \(withdraw ? "not offered any more" : "offered") to \(peer)")
    }
}
