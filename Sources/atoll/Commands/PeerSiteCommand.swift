import ArgumentParser
import Faults
import Resources

/// `atoll site`: who this site is.
struct PeerSiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Show this site's identity.",
        discussion: """
            The site id is the hash of the site's root key. It is no secret; two people who compare it by telephone \
            know that their sites met each other and nobody else.

            EXAMPLES:
              atoll site
              atoll site -o json | jq -r .id
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let site = try await connection.connect { try await $0.get(APIPath("site")) }
        if let document = output.document(site) { return try Console.write(document) }
        let addresses = (site["addresses"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        let lines = [
            ("name", CellText.text(site["displayName"])), ("id", CellText.text(site["id"])),
            ("read as", CellText.text(site["fingerprint"])),
            ("reached at", addresses.isEmpty ? "nowhere: it can only dial out" : addresses),
            ("certificate", "serial " + CellText.text(site, at: ["leaf", "serial"])),
            ("valid until", CellText.text(site, at: ["leaf", "notAfter"])),
        ]
        for (title, text) in lines {
            let gap = String(repeating: " ", count: 13 - title.count)
            try Console.write("\(title)\(gap)\(TerminalText.line(text))")
        }
    }
}
