import BenchKit
import Foundation

let bench = Bench(
    name: "ledger",
    summary: "Recording frames durably, the digests of their payloads, and verifying what was recorded.",
    rows: LedgerRows.all + CostRows.all
)
exit(await bench.main())
