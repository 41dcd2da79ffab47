import ArgumentParser

/// `atoll ledger`: what crossed between this site and its peers.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Show, verify and export the record of every frame that crossed.",
        discussion: """
            Each frame that leaves or enters is a line of a hash chain per job and peer; both sites sign the heads of \
            their chains, so neither alone can change what was co-signed.

            EXAMPLES:
              atoll ledger show --job 01J8Z6QW4N8E0V3T5B7KX2M9RC
              atoll ledger verify
              atoll ledger export --job 01J8Z6QW4N8E0V3T5B7KX2M9RC --output job.jsonl
            """,
        subcommands: [LedgerShowCommand.self, LedgerVerifyCommand.self, LedgerExportCommand.self]
    )
}
