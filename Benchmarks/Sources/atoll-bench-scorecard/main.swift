import BenchKit
import Foundation

let options = try? BenchOptions(Array(CommandLine.arguments.dropFirst()))
let environment = ProcessInfo.processInfo.environment
let folder = options?.data ?? environment["ATOLL_DATA"]
let isHelp = options?.help == true

var rows: [BenchRow] = []
if PairedTables.hasCredit(in: folder) || isHelp {
    rows += ScorecardSubject(isCredit: true) { [folder] in try PairedTables.credit(in: folder ?? ".") }.rows("")
} else {
    let said =
        "atoll bench scorecard: no rows of credit data: --data and ATOLL_DATA name no folder with "
        + "default_credit_hetero_guest.csv.gz and default_credit_hetero_host.csv.gz\n"
    FileHandle.standardError.write(Data(said.utf8))
}
if environment["ATOLL_BENCH_LARGE"] != nil || isHelp {
    rows += ScorecardSubject(isCredit: false) { PairedTables.synthetic(rows: 100_000, columns: 50) }
        .rows("synthetic_100k.")
}

let bench = Bench(
    name: "scorecard",
    summary:
        "Weights of evidence and the exact regression between two sites, on public credit data (30,000 rows, 13 and 10 "
        + "columns) where the folder of data is named, and with ATOLL_BENCH_LARGE=1 on 100,000 rows of 50 columns each.",
    rows: rows
)
exit(await bench.main())
