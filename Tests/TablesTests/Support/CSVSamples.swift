import Faults

@testable import Tables

/// Importing small texts.
enum CSVSamples {
    static func schema(_ columns: [(String, ColumnType)], ids: [String] = [], label: String? = nil) throws
        -> TableSchema
    {
        try TableSchema(columns: columns.map { try ColumnSchema($0.0, $0.1) }, ids: ids, label: label)
    }

    struct Imported {
        let summary: CSVImportSummary
        let rows: [[Cell]]
    }

    static func `import`(
        _ text: some Sequence<UInt8>, _ schema: TableSchema, _ reading: CSVReading = CSVReading(), scratch: Scratch,
        groupRows: Int? = nil, idsInMemory: Int = 1000, block: Int = 256 << 10, step: Int = .max
    ) throws -> Imported {
        let path = scratch.file(ScratchName.fresh("test"))
        let importer = CSVImporter(schema: schema, reading: reading, scratch: scratch.path)
        let summary = try importer.run(
            MemoryInput(Array(text), step: step), to: path, groupRows: groupRows, idsInMemory: idsInMemory, block: block
        )
        return Imported(summary: summary, rows: try Samples.allRows(path))
    }
}
