import BenchKit
import Foundation

let bench = Bench(
    name: "portal",
    summary:
        "The portal of one site over TLS on loopback: weight of the first page, pages by one and by 16, live streams.",
    rows: WeightRows.all + PageRows.all + StreamRows.all
)
exit(await bench.main())
