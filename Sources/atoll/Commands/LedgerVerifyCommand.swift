import ArgumentParser
import Faults
import Ledger
import Resources

/// `atoll ledger verify`.
struct LedgerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check chains, counts and co-signatures of the ledger or of exports.",
        discussion: """
            Without --file the ledger of the data directory is checked: by its server when one runs, else from its file, \
            which is only read. With --file an export is checked; with two, the two ends of the same jobs are held \
            against each other. Ends with 1 when something does not hold; every finding is told. \
            tools/verify_ledger.py checks the same without any code of this program.

            EXAMPLES:
              atoll ledger verify
              atoll ledger verify --file job.jsonl
              atoll ledger verify --file ours.jsonl --file theirs.jsonl
            """
    )

    @Option(name: .long, help: ArgumentHelp("An export; give a second one to compare both ends.", valueName: "file"))
    var file: [String] = []

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard file.count <= 2 else { throw ValidationError("At most two exports are compared.") }
    }

    func run() async throws {
        let report = try await report()
        if let document = output.document(report) {
            try Console.write(document)
        } else if report["whole"]?.bool == true {
            try Console.write(Self.text(report))
        }
        if report["whole"]?.bool != true { throw Self.fault(report) }
    }

    static func text(_ report: JSONValue) -> String {
        func count(_ name: String, _ noun: String) -> String {
            LedgerText.count(report[name]?.integer ?? 0, noun)
        }
        return "The ledger holds together: \(count("chains", "chain")), \(count("lines", "line")), "
            + "\(count("statements", "co-signed statement")), \(count("receipts", "closing receipt"))."
    }

    private func report() async throws -> JSONValue {
        if !file.isEmpty { return try Self.verify(files: file) }
        let location = try connection.location()
        let path = "\(location.directory)/ledger.db"
        if FileFacts(location.socket)?.kind == .socket {
            do {
                return try await connection.connect { try await $0.post(APIPath("ledger", "verify"), .json([:])) }
            } catch let fault as Fault where fault.is(ProgramFaults.notRunning) {
                // A socket that a killed server has left behind.
                return try await LedgerReader(stopped: path).verify().json
            }
        }
        return try await LedgerReader(stopped: path).verify().json
    }

    private static func verify(files: [String]) throws -> JSONValue {
        var verifiers: [LedgerVerifier] = []
        var reports: [LedgerReport] = []
        for file in files {
            var verifier = LedgerVerifier()
            try ExportFile.read(file) { line in
                do {
                    verifier.take(try JSONParser.parse(line))
                } catch {
                    verifier.takeUnreadable(error as? Fault ?? Fault(LedgerFaults.malformedExport))
                }
            }
            reports.append(verifier.finish())
            verifiers.append(verifier)
        }
        guard reports.count == 2 else { return reports[0].json }
        return LedgerReport.merged(reports, and: LedgerVerifier.compare(verifiers[0], verifiers[1])).json
    }

    static func fault(_ report: JSONValue) -> Fault {
        let findings = report["findings"]?.array ?? []
        let more = Int64(findings.count) + (report["moreFindings"]?.integer ?? 0)
        return Fault(
            LedgerFaults.notVerified, "The ledger does not hold together: \(LedgerText.count(more, "finding")).",
            parts: findings.map { finding in
                Fault(
                    LedgerFaults.notVerified, TerminalText.line(finding["what"]?.string ?? ""),
                    at: finding["place"]?.string.map { TerminalText.line($0) })
            })
    }
}
