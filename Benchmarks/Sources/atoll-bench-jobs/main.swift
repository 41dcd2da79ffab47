import BenchKit
import Foundation

let bench = Bench(
    name: "jobs",
    summary: "Jobs between two sites: what one costs besides its work, a long queue, and the worker itself.",
    rows: JobRows.all + QueueRows.all + WorkerRows.all
)
exit(await bench.main())
