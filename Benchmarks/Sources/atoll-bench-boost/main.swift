import BenchKit
import Foundation

let options = try? BenchOptions(Array(CommandLine.arguments.dropFirst()))
let environment = ProcessInfo.processInfo.environment
let folder = options?.data ?? environment["ATOLL_DATA"]
let isLarge = environment["ATOLL_BENCH_LARGE"] != nil

let credit = BoostSubject("boost.default_credit", rows: 30_000, trees: 4) { [folder] in
    try PairedTables.credit(in: folder ?? ".")
}
var rows: [BenchRow] = []
if PairedTables.hasCredit(in: folder) || options?.help == true {
    rows += credit.rows(isCredit: true) + credit.prediction
} else {
    let said =
        "atoll bench boost: no boost.default_credit rows: --data and ATOLL_DATA name no folder with "
        + "default_credit_hetero_guest.csv.gz and default_credit_hetero_host.csv.gz\n"
    FileHandle.standardError.write(Data(said.utf8))
}

/// Made up, 30 columns at each party.
func synthetic(_ name: String, _ rows: Int, trees: Int) -> BoostSubject {
    BoostSubject(name, rows: rows, trees: trees) { PairedTables.synthetic(rows: rows) }
}
rows += synthetic("boost.growth.1e4", 10_000, trees: 2).growth
if isLarge || options?.help == true {
    rows += synthetic("boost.synthetic_100k", 100_000, trees: 2).rows(isCredit: false)
    rows += synthetic("boost.growth.3e4", 30_000, trees: 2).growth
    rows += synthetic("boost.growth.3e5", 300_000, trees: 1).growth
}

let bench = Bench(
    name: "boost",
    summary:
        "Boosted trees between two sites, who have columns of the same rows. ATOLL_BENCH_TREES says how many trees are "
        + "grown (20 for the model that goals speak of; fewer by default, as each row says); the rows boost.synthetic_100k "
        + "and those of more than 10,000 rows of growth are there with ATOLL_BENCH_LARGE=1, and those of "
        + "boost.default_credit with the folder of data.",
    rows: rows
)
exit(await bench.main())
