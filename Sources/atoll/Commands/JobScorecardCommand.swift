import ArgumentParser
import Faults
import Models

/// `atoll job scorecard`.
struct JobScorecardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scorecard",
        abstract: "Write this site's part of the scorecard of a regression: points by bin.",
        usage: "atoll job scorecard <name> [--form FORM] [<options>]",
        discussion: """
            Every party of a job with `train.logistic` has its own part: the points of its columns, and at the guest the base \
            points. A row's score is the sum of what the parts give it.

            EXAMPLES:
              atoll job scorecard fit --form csv --tenant risk --project cards
              atoll job scorecard fit --form sql --name merchants --pdo 20 --base 600 --odds 20 --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .long, help: ArgumentHelp("json, csv, sql or pmml.", valueName: "form"))
    var form = ScorecardExport.csv.rawValue

    @Option(name: .long, help: ArgumentHelp("Of the table that SQL reads, or the model in PMML.", valueName: "name"))
    var name = "scorecard"

    @Option(name: .long, help: ArgumentHelp("Points that double the odds.", valueName: "points"))
    var pdo = 20.0

    @Option(name: .long, help: ArgumentHelp("The score at the odds.", valueName: "points"))
    var base = 600.0

    @Option(name: .long, help: ArgumentHelp("Goods per bad at the base.", valueName: "odds"))
    var odds = 20.0

    @Option(
        name: .long,
        help: ArgumentHelp("Digits behind the point that points are rounded to, 0 to 3.", valueName: "digits"))
    var decimals = 0

    func run() async throws {
        guard ScorecardExport(rawValue: form) != nil else {
            throw Fault(
                ModelFaults.form, at: "--form", wanted: ScorecardExport.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        let path = try job.path(
            "scorecard",
            [
                ("form", form), ("name", name), ("pdo", "\(pdo)"), ("base", "\(base)"), ("odds", "\(odds)"),
                ("decimals", "\(decimals)"),
            ])
        let bytes = try await job.connection.connect { client in
            var bytes: [UInt8] = []
            try await client.download(path) { bytes += Array($0) }
            return bytes
        }
        try Console.write(String(decoding: bytes, as: UTF8.self))
    }
}
