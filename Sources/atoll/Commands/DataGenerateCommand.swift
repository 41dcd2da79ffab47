import ArgumentParser
import Faults
import Resources
import Trials

/// `atoll data generate`.
struct DataGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write example data: small merchants that never were, as a bank and a partner know them.",
        usage: "atoll data generate sme --bank FILE --partner FILE [<options>]",
        discussion: """
            Loans, limits and repayment at the bank, takings, refunds, season and network at the partner, a label with a \
            cause that both see in part, missing values, and populations that differ. The same numbers make the same files.

            EXAMPLES:
              atoll data generate sme --bank bank.csv --partner partner.csv
              atoll data generate sme --bank bank.csv --partner partner.csv --rows 2000 --overlap 0.5 --seed 7
            """
    )

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case sme
    }

    @Argument(help: "What: sme.")
    var kind: Kind

    @Option(name: .long, help: ArgumentHelp("The bank's file, which must not be there.", valueName: "file"))
    var bank: String

    @Option(name: .long, help: ArgumentHelp("The partner's file, which must not be there.", valueName: "file"))
    var partner: String

    @Option(name: .long, help: ArgumentHelp("Merchants that the bank knows; 100 to 10000000.", valueName: "count"))
    var rows = 20_000

    @Option(
        name: .long, help: ArgumentHelp("Merchants that the partner knows; 1.5 times the bank's.", valueName: "count"))
    var partnerRows: Int?

    @Option(name: .long, help: ArgumentHelp("Share of the fewer that both know, 0 to 1.", valueName: "share"))
    var overlap = 0.8

    @Option(name: .long, help: ArgumentHelp("From which everything follows.", valueName: "number"))
    var seed: UInt64 = 1

    func run() async throws {
        let most = 10_000_000
        let partnerRows = partnerRows ?? min(most, 3 * min(rows, most) / 2)
        guard 100...most ~= rows, 100...most ~= partnerRows, 0...1 ~= overlap else {
            throw Fault(
                ProgramFaults.usage, "The numbers of merchants or their overlap are out of range.",
                wanted: "100 to 10000000 merchants, an overlap of 0 to 1")
        }
        for path in [bank, partner] where FileFacts(path) != nil || bank == partner {
            throw Fault(
                ProgramFaults.usage, "There is something at '\(path)' already, or both files are one.", at: path,
                wanted: "two files that are not there")
        }
        let generator = SMEGenerator(bank: rows, partner: partnerRows, overlap: overlap, seed: seed)
        for (party, path) in [(SMEGenerator.Party.bank, bank), (.partner, partner)] {
            let writer = try ExportFile.Writer(path)
            try generator.write(party) { try writer.write(Array($0.utf8)) }
            _ = try writer.finish()
        }
        try Console.write("\(rows) merchants of the bank, \(partnerRows) of the partner, \(generator.common) of both")
    }
}
