import API
import ArgumentParser
import Faults
import Ledger
import People
import Resources

/// `atoll audit`: who did what, when, from where, and how it ended.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Search, verify and export the record of what was done.",
        discussion: """
            EXAMPLES:
              atoll audit list --kind refusal
              atoll audit export --output audit.jsonl
              atoll audit verify --file audit.jsonl
            """,
        subcommands: [AuditListCommand.self, AuditVerifyCommand.self, AuditExportCommand.self]
    )
}

/// `atoll audit list`.
struct AuditListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List records, newest first.",
        usage: "atoll audit list [<options>]",
        discussion: """
            EXAMPLES:
              atoll audit list
              atoll audit list --account "user ana" --kind change --since 2026-01-31T08:00:00Z
              atoll audit list --text loans --tenant risk -o json
            """
    )

    @Option(name: .long, help: ArgumentHelp("Who: \"user ana\", or \"root (uid 0)\".", valueName: "account"))
    var account: String?

    @Option(name: .long, help: ArgumentHelp("change, login, read or refusal.", valueName: "kind"))
    var kind: String?

    @Option(name: .long, help: ArgumentHelp("Found in path, detail, route or address.", valueName: "text"))
    var text: String?

    @Option(name: .long, help: ArgumentHelp("Not before, in UTC.", valueName: "time"))
    var since: String?

    @Option(name: .long, help: ArgumentHelp("Before, in UTC.", valueName: "time"))
    var until: String?

    @Option(name: .long, help: ArgumentHelp("Only records before this number: the next page.", valueName: "number"))
    var before: Int64?

    @Option(name: .long, help: ArgumentHelp("So many records, 1 to 1000.", valueName: "count"))
    var limit: Int = 100

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let query: [(String, String?)] = [
            ("account", account), ("kind", kind), ("text", text), ("since", since), ("until", until),
            ("before", before.map(String.init)), ("limit", String(limit)),
        ]
        let path = APIPath(["audit"], query: scope.query + query)
        let records = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, records.isEmpty { return Console.note("There are no such records.") }
        try output.print(
            output == .table ? records.map(Self.row) : records,
            columns: [
                ("NUMBER", "number"), ("TIME", "time"), ("WHO", "account"), ("FROM", "address"), ("KIND", "kind"),
                ("WHAT", "what"), ("RESULT", "result"),
            ])
    }

    private static func row(_ record: JSONValue) -> JSONValue {
        var row: [String: JSONValue] = [:]
        for member in ["number", "account", "address", "kind"] { row[member] = record[member] }
        row["time"] = .string(Timestamp(milliseconds: record["time"]?.integer ?? 0).description)
        func text(_ name: String) -> String { record[name]?.string ?? "" }
        let detail = text("detail").isEmpty ? "" : " (\(text("detail")))"
        row["what"] = .string("\(text("method")) \(text("path"))\(detail)")
        let fault = (record["fault"]?.integer).flatMap { UInt16(exactly: $0) } ?? 0
        row["result"] = fault == 0 ? "done" : .string(FaultNumber(rawValue: fault).description)
        return .object(row)
    }
}

/// `atoll audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the chain of records and its signed head, of the server or of an export.",
        discussion: """
            With --file no server is asked and nothing but the file is needed. Ends with 1 when something does not hold. \
            tools/verify_ledger.py checks the same without any code of this program.

            EXAMPLES:
              atoll audit verify
              atoll audit verify --file audit.jsonl
            """
    )

    @Option(name: .long, help: ArgumentHelp("An export.", valueName: "file"))
    var file: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let report: JSONValue
        if let file {
            report = try Self.verify(file)
        } else {
            report = try await connection.connect { try await $0.post(APIPath("audit", "verify"), .json([:])) }
        }
        let isWhole = report["whole"]?.bool == true
        if let document = output.document(report) {
            try Console.write(document)
        } else if isWhole {
            let count = LedgerText.count(report["records"]?.integer ?? 0, "record")
            let site = report["site"]?.string.map { " of site \(TerminalText.line($0))" } ?? ""
            try Console.write("The audit\(site) holds together: \(count).")
        }
        guard isWhole else {
            throw Fault(
                PeopleFaults.auditBroken,
                parts: (report["findings"]?.array ?? []).map { finding in
                    Fault(
                        PeopleFaults.auditBroken, TerminalText.line(finding["what"]?.string ?? ""),
                        at: finding["place"]?.string.map { TerminalText.line($0) })
                })
        }
    }

    static func verify(_ file: String) throws -> JSONValue {
        var verifier = AuditVerifier()
        try ExportFile.read(file) { line in
            do { verifier.take(try JSONParser.parse(line)) } catch { verifier.takeUnreadable() }
        }
        let findings = verifier.finish()
        return [
            "records": .integer(Int64(clamping: verifier.records)), "whole": .bool(findings.isEmpty),
            "site": verifier.site.map { .string($0.text) } ?? .null, "findings": .array(findings.map(\.json)),
        ]
    }
}

/// `atoll audit export`.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole audit as JSON lines that anyone can verify.",
        discussion: """
            EXAMPLES:
              atoll audit export --output audit.jsonl
              atoll audit export | gzip > audit.jsonl.gz
            """
    )

    @Option(name: .long, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let writer = try ExportFile.Writer(output)
        try await connection.connect { client in
            try await client.download(APIPath("audit", "export")) { try writer.write(Array($0)) }
        }
        let lines = try writer.finish()
        if let output {
            try Console.write("\(LedgerText.count(Int64(lines), "line")) written to \(TerminalText.line(output))")
        }
    }
}
