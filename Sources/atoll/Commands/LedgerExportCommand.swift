import ArgumentParser
import Faults

/// `atoll ledger export`.
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the ledger as JSON lines that anyone can verify.",
        usage: "atoll ledger export [<options>]",
        discussion: """
            Payloads are not in the ledger, only their salted digests. --with-salts adds the salts: whoever has a \
            payload can then check its digest, and whoever guesses one can test the guess.

            EXAMPLES:
              atoll ledger export --job 01J8Z6QW4N8E0V3T5B7KX2M9RC --output job.jsonl
              atoll ledger export --peer partner | gzip > partner.jsonl.gz
            """
    )

    @Option(help: "Only this job; without --job and --peer everything, with the chain over all chains.")
    var job: String?

    @Option(help: "Only this peer: its name or its site id.")
    var peer: String?

    @Option(name: .long, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Add the salts of the payload digests.")
    var withSalts = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let writer = try ExportFile.Writer(output)
        try await connection.connect { client in
            let site = try await LedgerPeers.fetch(client).site(peer)
            let path = APIPath(
                "ledger", "export", query: ["job": job, "peer": site, "withSalts": withSalts ? "true" : nil])
            try await client.download(path) { try writer.write(Array($0)) }
        }
        let lines = try writer.finish()
        if let output {
            try Console.write("\(LedgerText.count(Int64(lines), "line")) written to \(TerminalText.line(output))")
        }
    }
}
