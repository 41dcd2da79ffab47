import BenchKit
import Foundation
import Tables

/// CSV in and out. Megabytes are 10^6 bytes of the CSV file.
enum CSVRows {
    private static let peer = Result {
        try Pandas.measure(Fixture.csvTable.get().csvPath, runs: Fixture.isShort ? 1 : 5)
    }

    static let all: [BenchRow] = [
        BenchRow(
            "tables.csv.read", unit: "MB/s",
            doc: """
                Reading a CSV file of 25 columns from memory into typed columns, with the digest of its bytes: what a sender \
                does before sending. Ratio: ours over pandas' C reader, which makes no digest and does not round exactly.
                """,
            ratio: .measured, goal: .ratio(.atLeast, 1)
        ) { _ in
            let fixture = try Fixture.csvTable.get()
            let importer = CSVImporter(schema: fixture.schema, scratch: fixture.folder)
            let runs = try megabytes(fixture) { _ = try importer.check(MemoryInput(fixture.csv)) }
            return try against(runs, peer.get().read, fixture.csv.count)
        },
        BenchRow(
            "tables.csv.infer", unit: "MB/s", doc: "Finding the types of the same file's columns, reading all of it."
        ) { _ in
            let fixture = try Fixture.csvTable.get()
            return Measurement(try megabytes(fixture) { _ = try CSVInference.schema(of: MemoryInput(fixture.csv)) })
        },
        BenchRow(
            "tables.csv.import", unit: "MB/s",
            doc: "The whole import of the same file: typed, duplicates looked for, encoded, both digests, on the disk."
        ) { _ in
            let fixture = try Fixture.csvTable.get()
            let importer = CSVImporter(schema: fixture.schema, scratch: fixture.folder)
            return Measurement(
                try megabytes(fixture) {
                    let path = "\(fixture.folder)/import.atc"
                    _ = try importer.run(MemoryInput(fixture.csv), to: path)
                    try FileManager.default.removeItem(atPath: path)
                })
        },
        BenchRow(
            "tables.csv.write", unit: "MB/s",
            doc:
                "Writing the same table from its column file as CSV into memory. Ratio: ours over pandas' writer, to a file.",
            ratio: .measured, goal: .ratio(.atLeast, 1)
        ) { _ in
            let fixture = try Fixture.csvTable.get()
            let file = try ColumnFile(path: fixture.filePath)
            let runs = try megabytes(fixture) {
                var output = Counter()
                try CSVExporter().run(file, to: &output)
            }
            return try against(runs, peer.get().write, fixture.csv.count)
        },
        BenchRow(
            "tables.file.read", unit: "M values/s", doc: "Reading every column of the column file, checked and decoded."
        ) { _ in
            let file = try ColumnFile(path: Fixture.csvTable.get().filePath)
            let values = Double(file.rows * file.schema.columns.count)
            let runs = try Timing.runs(5, clock: .thread) {
                for column in file.schema.columns.indices {
                    for group in 0..<file.groups { _ = try file.read(column: column, group: group) }
                }
            }
            return Measurement(runs.map { values / $0 * 1e3 })
        },
        BenchRow("tables.file.size", unit: "share", doc: "Bytes of the column file over those of the CSV file.") { _ in
            let fixture = try Fixture.csvTable.get()
            return Measurement([Double(try ColumnFile(path: fixture.filePath).bytes) / Double(fixture.csv.count)])
        },
    ]

    private struct Counter: ByteOutput {
        var bytes = 0

        mutating func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes.count }
    }

    private static func megabytes(_ fixture: Fixture, _ body: () throws -> Void) rethrows -> [Double] {
        try Timing.runs(Fixture.isShort ? 2 : 5, clock: .thread, body).map { Double(fixture.csv.count) / $0 * 1e3 }
    }

    private static func against(_ runs: [Double], _ seconds: [Double], _ bytes: Int) throws -> BenchKit.Measurement {
        let theirs = Double(bytes) / Statistics.median(seconds) / 1e6
        return Measurement(
            runs, ratio: Statistics.median(runs) / theirs,
            against: Against(name: try peer.get().name, value: theirs, source: "this run"))
    }
}
