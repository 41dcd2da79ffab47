import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What became of a CSV file that was read whole. Compare bytes, digest and rows with what the sender says.
public struct CSVImportSummary: Sendable {
    /// The column file.
    public let table: ColumnFileSummary
    /// Bytes of the source as they came: before gzip is undone.
    public let sourceBytes: Int
    /// SHA-256 of those bytes.
    public let sourceDigest: TableDigest
    /// Rows of the source, those left out for their ids included.
    public let sourceRows: Int
    /// Rows left out because another row with their id counts.
    public let duplicatesRemoved: Int
}

/// What a CSV file is, read whole and found to fit its schema.
public struct CSVCheck: Equatable, Sendable {
    public let rows: Int
    /// Bytes of the source as they came: before gzip is undone.
    public let sourceBytes: Int
    /// SHA-256 of those bytes.
    public let sourceDigest: TableDigest
}

/// How far reading has come.
public struct TableProgress: Sendable {
    /// Bytes of the source as they come, read so far.
    public let bytes: Int
    public let rows: Int
}

/// Makes column files of CSV files in bounded memory: a block of text, one group of rows, the lists of categories, and a
/// piece of the ids (the rest of them goes through files of `scratch`).
public struct CSVImporter: Sendable {
    public let schema: TableSchema
    public let reading: CSVReading
    /// A folder for temporary files; it must be there, and what is put into it is removed again.
    public let scratch: String

    public init(schema: TableSchema, reading: CSVReading = CSVReading(), scratch: String) {
        self.schema = schema
        self.reading = reading
        self.scratch = scratch
    }

    /// Reads `input` to its end and makes the column file at `path`, which must not be there yet. After a throw there is
    /// no file.
    ///
    /// `progress` is called about every 4,096 rows; what it throws ends the import.
    ///
    /// Throws what the scanner, the header and the columns find (52xx); `TableFaults.csvCells` with its parts for cells and
    /// rows that do not fit, after the whole file was read; `duplicateIDs`; `fileUnwritable`.
    public func run(
        _ input: any ByteInput, to path: String, progress: ((TableProgress) throws -> Void)? = nil
    ) throws -> CSVImportSummary {
        try run(input, to: path, groupRows: nil, idsInMemory: DuplicateFinder.usualInMemory, progress: progress)
    }

    /// Reads `input` to its end as `run` would and makes nothing: what a sender does before sending. Ids are not compared.
    /// Throws as `run`.
    public func check(
        _ input: any ByteInput, progress: ((TableProgress) throws -> Void)? = nil
    ) throws -> CSVCheck {
        let table = try CSVTable(input, reading) { _ in schema }
        let builders = schema.columns.map { ColumnBuilder($0.type, capacity: CSVScanner.mostBatchRows) }
        while try table.read(into: builders, most: CSVScanner.mostBatchRows) > 0 {
            for builder in builders { builder.clear() }
            try progress?(TableProgress(bytes: table.scanner.input.source.count, rows: table.rows))
        }
        if let fault = table.problems.fault { throw fault }
        let source = table.scanner.input.source
        return CSVCheck(rows: table.rows, sourceBytes: source.count, sourceDigest: source.digest)
    }

    /// The two numbers are set by tests alone.
    func run(
        _ input: any ByteInput, to path: String, groupRows: Int?, idsInMemory: Int, block: Int = 256 << 10,
        progress: ((TableProgress) throws -> Void)? = nil
    ) throws -> CSVImportSummary {
        let table = try CSVTable(input, reading, block: block) { _ in schema }
        let finder = try schema.ids.isEmpty ? nil : DuplicateFinder(scratch: scratch, inMemory: idsInMemory)
        // Rows can still be taken away only from a file that is no result yet.
        let isDraft = finder != nil && reading.duplicates != .refuse
        let target = isDraft ? "\(scratch)/\(ScratchName.fresh("table"))" : path
        let writer = try ColumnFileWriter(path: target, schema: schema, groupRows: groupRows)
        try readRows(of: table, into: writer, finder, progress)
        if let fault = table.problems.fault { throw fault }
        let summary: ColumnFileSummary
        var removed = 0
        if let finder {
            let repeated = try finder.finish(keeping: reading.duplicates == .last ? .last : .first)
            if isDraft {
                defer { unlink(target) }
                _ = try writer.finish()
                summary = try TableFilter.copy(
                    ColumnFile(path: target), to: path, leavingOut: repeated, groupRows: groupRows)
                removed = repeated.count
            } else {
                guard repeated.count == 0 else { throw duplicates(repeated) }
                summary = try writer.finish()
            }
        } else {
            summary = try writer.finish()
        }
        let source = table.scanner.input.source
        return CSVImportSummary(
            table: summary, sourceBytes: source.count, sourceDigest: source.digest, sourceRows: table.rows,
            duplicatesRemoved: removed)
    }

    private func readRows(
        of table: CSVTable, into writer: ColumnFileWriter, _ finder: DuplicateFinder?,
        _ progress: ((TableProgress) throws -> Void)?
    ) throws {
        let ids = schema.idIndices.map { writer.builders[$0] }
        while true {
            let before = writer.builders[0].count
            let rows = try table.read(into: writer.builders, most: writer.room)
            guard rows > 0 else { break }
            try progress?(TableProgress(bytes: table.scanner.input.source.count, rows: table.rows))
            if table.problems.count > 0 {
                // Nothing is kept any more; the rest is read to count what is wrong.
                for builder in writer.builders { builder.clear() }
                continue
            }
            try finder?.add(ids, rows: before..<before + rows)
            try writer.flushIfFull()
        }
    }

    private func duplicates(_ repeated: RowSet) -> Fault {
        let rows = repeated.first(10).map { String($0 + 1) }.joined(separator: ", ")
        let more = repeated.count > 10 ? ", …" : ""
        return Fault(
            TableFaults.duplicateIDs,
            "\(repeated.count) row\(repeated.count == 1 ? " has" : "s have") an id that a row above has.",
            at: "rows \(rows)\(more), counted from 1 without the line of names")
    }
}
