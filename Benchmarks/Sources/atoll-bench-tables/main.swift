import BenchKit
import Foundation

let bench = Bench(
    name: "tables",
    summary: "Reading and writing CSV beside pandas, column files, profiles. Processor time of one core.",
    rows: CSVRows.all + ProfileRows.all
)
let status = await bench.main()
Fixture.removeAll()
exit(status)
