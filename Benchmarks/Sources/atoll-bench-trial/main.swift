import BenchKit
import Foundation

let options = try? BenchOptions(Array(CommandLine.arguments.dropFirst()))
let environment = ProcessInfo.processInfo.environment
let folder = options?.data ?? environment["ATOLL_DATA"]

let demo = TrialSubject("trial.sme_demo", runs: TrialSubject.isShort ? 1 : 3, document: TrialSubject.demo)
var rows = demo.rows(totalGoal: nil)
if TrialSubject.hasCredit(in: folder) || options?.help == true {
    let credit = TrialSubject("trial.default_credit", runs: 1, document: TrialSubject.credit, files: folder)
    rows += credit.rows(totalGoal: 40)
} else {
    let said =
        "atoll bench trial: no trial.default_credit rows: --data and ATOLL_DATA name no folder with "
        + "default_credit_hetero_guest.csv.gz and default_credit_hetero_host.csv.gz\n"
    FileHandle.standardError.write(Data(said.utf8))
}
rows.append(TrialSubject.idleMemory)

let bench = Bench(
    name: "trial",
    summary:
        "The whole life of a federation as one run: two sites of the program on this machine, by phase. The rows of "
        + "trial.default_credit are there with the folder of data. ATOLL_BENCH_SHORT=1 makes trials of 2 trees.",
    rows: rows
)
exit(await bench.main())
