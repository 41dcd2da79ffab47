import ArgumentParser
import Faults
import Resources

/// `atoll get`: lists resources of a kind, or shows one.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List resources of a kind, or show one of them.",
        usage: "atoll get <kind> [<name>] [<options>]",
        discussion: """
            Lists have the JSON shape {"items": [...], "resourceVersion": "..."}; one resource is written alone. A list in \
            YAML is a series of documents that `atoll apply` takes back.

            EXAMPLES:
              atoll get tenants
              atoll get tenant retail-risk -o yaml
              atoll get project/merchants --tenant retail-risk
              atoll get projects -l stage=pilot,!legacy -o wide
              atoll get tenants -o json | jq -r '.items[].metadata.name'
              atoll get tenants --watch                       the list, then a line for every change
            """
    )

    @Argument(help: ArgumentHelp("KIND, KIND NAME or KIND/NAME; `atoll kinds` lists the kinds.", valueName: "kind"))
    var words: [String]

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: ListForm = .table

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("Only resources with these labels: a=b,c!=d,e,!f.", valueName: "labels")
    )
    var selector: String?

    @OptionGroup var scope: ScopeOptions

    @Flag(name: .shortAndLong, help: "Go on with a line for every change until interrupted.")
    var watch = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if watch, [.yaml, .name].contains(output) {
            throw ValidationError("--watch writes a table or, with -o json, one JSON value per line.")
        }
    }

    func run() async throws {
        let target = try Target(words)
        guard target.names.count <= 1 else {
            throw Fault(ProgramFaults.usage, "Only one name is taken here.", wanted: "KIND [NAME] or KIND/NAME")
        }
        if selector != nil, !target.names.isEmpty {
            throw Fault(ProgramFaults.usage, "A selector and a name exclude each other.")
        }
        try await connection.connect { client in
            let kind = try await KindList.fetch(client).kind(target.kind)
            if let name = target.names.first, !watch {
                let answer = try await client.get(APIPath([kind.plural, name], query: scope.query))
                return try Console.write(Self.text(answer, kind, output, .output))
            }
            var answer = try await ResourceLister(client).list(kind.plural, selector: selector, scope: scope)
            if let name = target.names.first {
                answer.items = answer.items.filter { ResourceText($0).name == name }
            }
            try Self.write(answer, kind, output, isWatched: watch)
            guard watch else { return }
            try await follow(kind, name: target.names.first, after: answer, client)
        }
    }

    private func follow(_ kind: KindInfo, name: String?, after list: ResourceList, _ client: APIClient) async throws {
        let table = ResourceTable(kind, isWide: output == .wide, items: list.items, isWatched: true)
        let watcher = ResourceWatcher(client, plural: kind.plural, selector: selector, scope: scope, name: name)
        try await watcher.run(after: list.version) { event in
            if output == .json { return try Console.write(JSONLine.text(event.json)) }
            let state: TextTable.Cell? = event.kind == .deleted ? .init("Deleted", .warning) : nil
            try Console.write(table.line(table.cells(event.resource, state: state), for: .output))
        }
    }

    /// Writes a list; an empty table is a remark and no output.
    private static func write(
        _ list: ResourceList,
        _ kind: KindInfo,
        _ format: ListForm,
        isWatched: Bool
    ) throws(Fault) {
        switch format {
        case .json where isWatched:
            for item in list.items {
                try Console.write(JSONLine.text(["type": "added", "resource": item]))
            }
        case .json: try Console.write(JSONWriter.pretty(list.json))
        case .yaml:
            if !list.items.isEmpty {
                try Console.write(list.items.map(YAMLWriter.write).joined(separator: "---\n"))
            }
        case .name:
            if !list.items.isEmpty {
                try Console.write(list.items.map { ResourceText($0).word }.joined(separator: "\n"))
            }
        case .table, .wide:
            if list.items.isEmpty, !isWatched { return Console.note("There are no \(kind.plural) here.") }
            let table = ResourceTable(kind, isWide: format == .wide, items: list.items, isWatched: isWatched)
            try Console.write(table.text(for: .output))
        }
    }

    /// One resource.
    static func text(_ resource: JSONValue, _ kind: KindInfo, _ format: ListForm, _ terminal: Terminal) -> String {
        switch format {
        case .json: JSONWriter.pretty(resource)
        case .yaml: YAMLWriter.write(resource)
        case .name: ResourceText(resource).word
        case .table, .wide:
            ResourceTable(kind, isWide: format == .wide, items: [resource]).text(for: terminal)
        }
    }
}
