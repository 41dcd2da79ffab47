import BenchKit
import Foundation

let bench = Bench(
    name: "api",
    summary: "The API of one site over TLS on loopback: latency and rate of typical calls, watchers, logins, memory.",
    rows: MemoryRows.all + CallRows.all + WatcherRows.all
)
exit(await bench.main())
