import ArgumentParser
import Faults
import Objects
import Resources

/// `atoll file`: files as they came.
struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Upload files and see what became of uploads.",
        discussion: """
            Files are resources: `atoll get files`, `atoll describe file` and `atoll delete file` work as well. They are \
            removed when their retention is over.

            EXAMPLES:
              atoll file upload loans.csv --name loans --tenant risk --project cards
              atoll file list --tenant risk --project cards
              atoll file uploads
            """,
        subcommands: [
            FileUploadCommand.self, FileListCommand.self, FileUploadsCommand.self, FileAbortCommand.self,
            FileDeleteCommand.self,
        ]
    )
}

/// What every command that sends a file takes.
struct SendOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Days after which the file is removed: 1 to 3650.", valueName: "days"))
    var retentionDays = Int(NewUpload.usualRetentionDays)

    @Flag(name: .long, help: "The first record is a row and no header.")
    var noHeader = false
}

/// `atoll file upload`.
struct FileUploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Send a file; the same command goes on with an upload that was interrupted.",
        usage: "atoll file upload FILE --name NAME [<options>]",
        discussion: """
            The file goes in chunks of 8 MiB. Every chunk and the whole are checked by digest, with --rows the number of \
            rows of a CSV file too; nothing is registered unless all of it is right. A file that changes meanwhile is \
            refused.

            EXAMPLES:
              atoll file upload loans.csv --name loans --rows --tenant risk --project cards
              atoll file upload scan.tar --name scan --retention-days 7 --tenant risk --project cards
            """
    )

    @Argument(help: "The file.")
    var file: String

    @Option(name: .long, help: ArgumentHelp("The name it gets here: a-z, 0-9 and '-'.", valueName: "name"))
    var name: String

    @Flag(name: .long, help: "It is a CSV file: count its rows here and where it arrives.")
    var rows = false

    @OptionGroup var send: SendOptions
    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "--name")
        let upload = try await connection.connect { client in
            try await FileSender(
                client: client, name: name, scope: scope, retentionDays: send.retentionDays, hasHeader: !send.noHeader,
                countsRows: rows
            ).send(file)
        }
        try Console.write(output.document(upload) ?? Self.text(upload))
    }

    static func text(_ upload: JSONValue) -> String {
        let rows = upload["rows"]?.integer.map { ", \($0) row\($0 == 1 ? "" : "s")" } ?? ""
        let bytes = Pace.bytes(Double(upload["bytes"]?.integer ?? 0))
        return "file \(TerminalText.line(upload["name"]?.string ?? "")) stored, \(bytes)\(rows), digest "
            + TerminalText.line(upload["digest"]?.string ?? "")
    }
}

/// `atoll file list`.
struct FileListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the files that are here.",
        discussion: """
            EXAMPLES:
              atoll file list
              atoll file list --tenant risk --project cards -o json
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["files"], query: scope.query)
        let files = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, files.isEmpty { return Console.note("There are no files.") }
        try output.print(output == .table ? files.map(Self.row) : files, columns: Self.columns)
    }

    static let columns = [
        ("NAME", "name"), ("TENANT", "tenant"), ("PROJECT", "project"), ("BYTES", "bytes"), ("ROWS", "rows"),
        ("STATE", "state"), ("EXPIRES", "expires"),
    ]

    static func row(_ file: JSONValue) -> JSONValue {
        var row: [String: JSONValue] = [:]
        for member in ["name", "tenant", "project"] { row[member] = file["metadata"]?[member] }
        for member in ["bytes", "rows"] { row[member] = file["spec"]?[member] }
        for member in ["state", "expires"] { row[member] = file["status"]?[member] }
        return .object(row)
    }
}

/// `atoll file uploads`.
struct FileUploadsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uploads",
        abstract: "List uploads: open ones and those that ended in the last day.",
        usage: "atoll file uploads [<options>]",
        discussion: """
            EXAMPLES:
              atoll file uploads
              atoll file uploads -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["uploads"], query: scope.query)
        let uploads = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, uploads.isEmpty { return Console.note("There are no uploads.") }
        try output.print(
            uploads,
            columns: [
                ("ID", "id"), ("NAME", "name"), ("PROJECT", "project"), ("STATE", "state"), ("BYTES", "bytes"),
                ("ARRIVED", "arrived"), ("AUTHOR", "author"), ("LAST CHUNK", "touched"),
            ])
    }
}

/// `atoll file abort`.
struct FileAbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Give an upload up; nothing of it is kept.",
        discussion: """
            EXAMPLES:
              atoll file abort 01J8Z6QW4N8E0V3T5B7KX2M9RC
            """
    )

    @Argument(help: "The id of the upload.")
    var id: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.connect { try await $0.delete(APIPath(["uploads", id], query: scope.query)) }
        try Console.write("upload \(TerminalText.line(id)) aborted")
    }
}

/// `atoll file delete`.
struct FileDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a file with its content; datasets made from it stay.",
        discussion: """
            EXAMPLES:
              atoll file delete loans --tenant risk --project cards
            """
    )

    @Argument(help: "The name of the file.")
    var name: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "file name")
        _ = try await connection.connect { try await $0.delete(APIPath(["files", name], query: scope.query)) }
        try Console.write("file \(name) deleted")
    }
}
