import ArgumentParser
import Faults
import Objects
import Resources

/// `atoll data upload`.
struct DataUploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Send a CSV file and make a dataset of it.",
        usage: "atoll data upload FILE --name NAME [--id COLUMN ...] [--label COLUMN] [<options>]",
        discussion: """
            The same command goes on where one was interrupted. Digest and rows are counted here and must be what \
            arrived; the whole file is read strictly, and nothing is kept when a cell does not fit. Without --schema the \
            types are found out.

            EXAMPLES:
              atoll data upload loans.csv --name loans --id id --label y --tenant risk --project cards
              atoll data upload l.csv.gz --name loans --id id --duplicates last --tenant risk --project cards
            """
    )

    @Argument(help: "The file: CSV, or CSV in gzip.")
    var file: String

    @Option(name: .long, help: ArgumentHelp("The name of the dataset, and of the file.", valueName: "name"))
    var name: String

    @Option(name: .customLong("id"), help: ArgumentHelp("A column that tells rows apart.", valueName: "column"))
    var ids: [String] = []

    @Option(name: .long, help: ArgumentHelp("The column to predict.", valueName: "column"))
    var label: String?

    @Option(name: .long, help: ArgumentHelp("The columns' types, as JSON (docs/tables.md).", valueName: "file"))
    var schema: String?

    @Option(name: .long, help: ArgumentHelp("Rows of one id: refuse, first, last.", valueName: "rule"))
    var duplicates = "refuse"

    @Option(name: .long, help: ArgumentHelp("What separates cells; found out when not said.", valueName: "char"))
    var delimiter: String?

    @Option(name: .long, help: ArgumentHelp("What stands for a missing value; may be repeated.", valueName: "text"))
    var missing: [String] = []

    @Option(name: .long, help: ArgumentHelp("Form of dates: dashes, slashes, compact.", valueName: "form"))
    var dates: String?

    @Flag(name: .long, help: "Leave out columns that the schema does not have.")
    var ignoreOtherColumns = false

    @OptionGroup var send: SendOptions
    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "--name")
        let request = try request()
        let dataset = try await connection.connect { client in
            // What cannot be made is not sent.
            if try await exists(client, "datasets") {
                throw Fault(ResourceFaults.alreadyExists, "There is a dataset '\(name)' already.", at: "--name")
            }
            let isSent = try await store(client)
            do {
                try await Self.make(client, name, request, scope)
            } catch let fault as Fault where isSent && !fault.is(ProgramFaults.notRunning) {
                _ = try? await client.delete(APIPath(["files", name], query: scope.query))
                throw fault
            }
            return try await client.get(APIPath(["datasets", name], query: scope.query))
        }
        try Console.write(output.document(dataset) ?? Self.text(dataset))
    }

    static func text(_ dataset: JSONValue) -> String {
        let spec = dataset["spec"]
        return "dataset \(TerminalText.line(dataset["metadata"]?["name"]?.string ?? "")) made: "
            + "\(spec?["rows"]?.integer ?? 0) rows, \(spec?["columns"]?.array?.count ?? 0) columns, digest "
            + TerminalText.line(spec?["digest"]?.string ?? "")
    }

    /// A dataset of the file that has its name; everything else as the site takes it.
    static func request(_ name: String, ids: [String], label: String?) -> [String: JSONValue] {
        var request: [String: JSONValue] = [
            "name": .string(name), "file": .string(name), "ids": .array(ids.map { .string($0) }),
        ]
        if let label { request["label"] = .string(label) }
        return request
    }

    private func request() throws -> JSONValue {
        var request = Self.request(name, ids: ids, label: label)
        request["duplicates"] = .string(duplicates)
        request["header"] = .string(send.noHeader ? "absent" : "present")
        request["ignoreOtherColumns"] = .bool(ignoreOtherColumns)
        if let delimiter { request["delimiter"] = .string(delimiter == "\\t" ? "\t" : delimiter) }
        if let dates { request["dates"] = .string(dates) }
        if !missing.isEmpty { request["missing"] = .array(missing.map { .string($0) }) }
        if let schema { request["schema"] = try JSONParser.parse(try FileInput.read(schema)) }
        return .object(request)
    }

    private func exists(_ client: APIClient, _ plural: String) async throws -> Bool {
        do {
            _ = try await client.get(APIPath([plural, name], query: scope.query))
            return true
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {
            return false
        }
    }

    /// Sends the file, unless an earlier attempt did.
    ///
    /// - Returns: whether this attempt did.
    private func store(_ client: APIClient) async throws -> Bool {
        if try await exists(client, "files") {
            let stored = try await client.get(APIPath(["files", name], query: scope.query))
            guard stored["spec"]?["digest"]?.string == (try digest()) else {
                throw Fault(
                    ResourceFaults.alreadyExists, "There is another file '\(name)' already.", at: "--name",
                    fix: "Choose another name, or delete the file: `atoll file delete \(name)`.")
            }
            return false
        }
        _ = try await FileSender(
            client: client, name: name, scope: scope, retentionDays: send.retentionDays, hasHeader: !send.noHeader,
            countsRows: true
        ).send(file)
        return true
    }

    private func digest() throws -> String {
        let source = try SourceFile(file)
        let chunks = try (0..<FileDigest.count(source.bytes)).map { FileDigest.chunk(try source.read($0)) }
        return FileDigest.whole(chunks).hexadecimal
    }

    /// Has the dataset made and waits for its end.
    static func make(
        _ client: APIClient, _ name: String, _ request: JSONValue, _ scope: ScopeOptions
    ) async throws {
        let begun = try await client.post(APIPath(["makings"], query: scope.query), .json(request))
        guard let id = begun["id"]?.string else { throw Fault(ProgramFaults.strangeAnswer, at: "makings") }
        let progress = ProgressLine("\(name): reading", total: max(1, begun["total"]?.integer ?? 1))
        defer { progress.finish() }
        while true {
            let making = try await client.get(APIPath(["makings", id], query: scope.query))
            switch making["state"]?.string {
            case "done":
                let removed = making["removed"]?.integer ?? 0
                if removed > 0 { Console.note("\(removed) rows of repeated ids were left out.") }
                return
            case "failed":
                throw making["fault"].flatMap(Fault.init(problem:)) ?? Fault(ProgramFaults.strangeAnswer, at: "making")
            default:
                progress.update(making["bytes"]?.integer ?? 0, of: making["total"]?.integer)
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}
