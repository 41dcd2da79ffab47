import ArgumentParser
import Resources

/// `atoll kinds`: what can be declared.
struct KindsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds",
        abstract: "List the kinds of resources that can be declared.",
        discussion: """
            Every command takes a kind by its name, its plural or a short name, in any case. Without a server the kinds of
            this program are listed.

            EXAMPLES:
              atoll kinds
              atoll kinds -o json | jq -r '.items[].name'
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let list = try await KindList.known(connection)
        if let document = output.document(["items": .array(list.kinds.map(\.json))]) {
            return try Console.write(document)
        }
        var table = TextTable(["NAME", "PLURAL", "SHORT", "SCOPE", "SUMMARY"])
        for kind in list.kinds {
            let short = kind.shortNames.isEmpty ? "-" : kind.shortNames.joined(separator: ",")
            table.add([
                .init(kind.name), .init(kind.plural), .init(short), .init(kind.scope),
                .init(kind.isImmutable ? "\(kind.summary) Never changes." : kind.summary),
            ])
        }
        try Console.write(table.text(for: .output))
    }
}
