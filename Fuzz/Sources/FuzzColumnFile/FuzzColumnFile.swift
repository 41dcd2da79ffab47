import Faults
import Glibc
import Tables

/// Whatever a column file holds, opening and reading it ends in values or in a numbered fault. Checksums of the input are
/// made right first where that can be done, so that the readers behind them are reached.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    read(input)
    if let repaired = Repair.repaired(input) { read(repaired) }
    return 0
}

private func read(_ bytes: [UInt8]) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/atoll-fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    precondition(descriptor >= 0)
    unlink(path)
    defer { close(descriptor) }
    precondition(bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
    do {
        let file = try ColumnFile(descriptor: descriptor)
        let rows = min(file.rows, 1 << 16)
        let cells = try file.cells(count: rows)
        precondition(cells.allSatisfy { $0.count == file.schema.columns.count })
        _ = try TableProfile(of: file).json()
        var output = MemoryOutput()
        try CSVExporter().run(file, to: &output)
        try file.verifyContent()
        try file.verify()
    } catch {
        precondition(error is Fault, "an error without a number")
    }
}
