import BenchKit
import Foundation

let program = AtollProgram.find()
if program == nil {
    let notice =
        "atoll bench store: no atoll beside this program and no ATOLL_BINARY; leaving out serve.* and binary.*\n"
    FileHandle.standardError.write(Data(notice.utf8))
}
let bench = Bench(
    name: "store",
    summary: "The resource store on disk, and the start, memory and size of the program that serves it.",
    rows: StoreRows.all + (program.map(ServeRows.all) ?? [])
)
exit(await bench.main())
