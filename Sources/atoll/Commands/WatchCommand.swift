import ArgumentParser
import Faults
import Resources

/// `atoll watch`: a line for every change of a kind.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print a line for every change of a kind, or of one resource.",
        usage: "atoll watch <kind> [<name>] [<options>]",
        discussion: """
            Goes on until interrupted, over restarts of the server; it ends with an error when the server stays away. With \
            -o json every line is {"resource": {...}, "type": "added" | "modified" | "deleted"}.

            EXAMPLES:
              atoll watch tenants
              atoll watch project merchants --tenant retail-risk
              atoll watch tenants -o json | jq -c '[.type, .resource.metadata.name]'
              atoll watch tenants --from 42                   changes after version 42 of a list
            """
    )

    @Argument(help: ArgumentHelp("KIND, KIND NAME or KIND/NAME.", valueName: "kind"))
    var words: [String]

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("Only resources with these labels: a=b,c!=d,e,!f.", valueName: "labels")
    )
    var selector: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .long, help: ArgumentHelp("Begin after this resourceVersion instead of now.", valueName: "version"))
    var from: String?

    @Option(name: .shortAndLong, help: "How to write the changes.")
    var output: StreamForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let target = try Target(words)
        guard target.names.count <= 1 else {
            throw Fault(ProgramFaults.usage, "Only one name is taken here.", wanted: "KIND [NAME] or KIND/NAME")
        }
        try await connection.connect { client in
            let watcher = ResourceWatcher(
                client,
                plural: target.kind,
                selector: selector,
                scope: scope,
                name: target.names.first
            )
            try await watcher.run(after: from) { event in
                switch output {
                case .json: try Console.write(JSONLine.text(event.json))
                case .table: try Console.write(Self.line(event, at: .now, for: .output))
                }
            }
        }
    }

    /// `2026-01-31T08:00:00Z modified  Tenant retail-risk  Ready  generation 2`.
    static func line(_ event: WatchEvent, at time: Timestamp, for terminal: Terminal) -> String {
        let resource = ResourceText(event.resource)
        let colour: Colour? =
            switch event.kind {
            case .added: .good
            case .deleted: .bad
            case .modified, .bookmark: nil
            }
        let word = event.kind.rawValue
        let padding = String(repeating: " ", count: max(0, 9 - word.count))
        let state = event.kind == .deleted ? "" : "  \(terminal.paint(resource.state.text, resource.state.colour))"
        let generation = CellText.text(event.resource, at: ["metadata", "generation"])
        return "\(time) \(terminal.paint(word, colour))\(padding) "
            + TerminalText.line(resource.title) + state + "  generation \(generation)"
    }
}
