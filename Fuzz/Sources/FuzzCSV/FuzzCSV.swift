import Faults
import Glibc
import Tables

/// Any bytes as a CSV file: they end in a numbered fault, or in a schema by which they can be read, written and read again
/// to the same content.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    var reading = CSVReading()
    reading.mostRecordBytes = 1 << 16
    do {
        let inferred = try CSVInference.schema(of: MemoryInput(input), reading: reading)
        guard inferred.schema.columns.count <= 64 else { return 0 }
        try roundTrip(input, inferred.schema, reading)
    } catch {
        precondition(error is Fault, "an error without a number")
    }
    return 0
}

private let folder = "/tmp/atoll-fuzz-csv-\(getpid())"
private let made = mkdir(folder, 0o700)

private func roundTrip(_ input: [UInt8], _ schema: TableSchema, _ reading: CSVReading) throws {
    _ = made
    let (first, second) = ("\(folder)/first", "\(folder)/second")
    defer {
        unlink(first)
        unlink(second)
    }
    // What was inferred from the whole file must be readable, bar texts that are no UTF-8 and rows with texts too long.
    let imported = try CSVImporter(schema: schema, reading: reading, scratch: folder).run(MemoryInput(input), to: first)
    var writing = CSVWriting()
    writing.guardsFormulas = false
    var output = MemoryOutput()
    try CSVExporter(writing).run(ColumnFile(path: first), to: &output)
    var again = CSVReading()
    again.delimiter = ","
    let read: CSVImportSummary
    do {
        read = try CSVImporter(schema: schema, reading: again, scratch: folder).run(
            MemoryInput(output.bytes), to: second)
    } catch {
        preconditionFailure("what was written cannot be read: \(error)")
    }
    precondition(read.table.contentDigest == imported.table.contentDigest, "another content")
}
