import BenchKit
import Foundation

let bench = Bench(
    name: "link",
    summary: "Links between two sites over loopback, both in this process.",
    rows: GatewayRows.all + LinkRows.all + JoinRow.all
)
exit(await bench.main())
