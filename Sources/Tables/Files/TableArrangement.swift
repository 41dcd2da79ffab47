import Faults

/// Writes chosen rows of a table in any order: the rows of an alignment in the order that both parties share. Not for use
/// by several threads.
///
/// Values are gathered for as many rows at once as a bounded number of cells allows, so the table is read once for each
/// eight million cells that are written, and memory does not grow with its rows.
public final class TableArrangement {
    private let file: ColumnFile
    private let writer: ColumnFileWriter
    /// Rows that are gathered at once.
    private let batch: Int

    /// - Parameters:
    ///   - file: whose rows are written.
    ///   - descriptor: an empty file, open for writing at its start; its owner closes it.
    /// - Throws: `TableFaults.fileUnwritable`.
    public convenience init(of file: ColumnFile, to descriptor: Int32) throws {
        self.init(of: file, try ColumnFileWriter(descriptor: descriptor, schema: file.schema), mostCells: 1 << 23)
    }

    init(of file: ColumnFile, _ writer: ColumnFileWriter, mostCells: Int) {
        self.file = file
        self.writer = writer
        batch = min(max(writer.groupRows, mostCells / file.schema.columns.count), 1 << 21)
    }

    /// - Parameter rows: of the file, from 0; each may stand any number of times.
    /// - Throws: `TableFaults.fileDamaged`, `.fileUnwritable`, `.valueForeign` for a row that the file does not have.
    public func append(_ rows: [UInt32]) throws {
        guard rows.allSatisfy({ Int($0) < file.rows }) else {
            throw Fault(TableFaults.valueForeign, "A row is wanted that the table does not have.")
        }
        var first = 0
        while first < rows.count {
            let end = min(rows.count, first + batch)
            try Self.append(rows[first..<end], of: file, to: writer)
            first = end
        }
    }

    /// - Throws: `TableFaults.fileUnwritable`.
    public func finish() throws -> ColumnFileSummary { try writer.finish() }

    private static func append(
        _ rows: ArraySlice<UInt32>, of file: ColumnFile, to writer: ColumnFileWriter
    ) throws {
        let sorted = rows.indices.sorted { rows[$0] < rows[$1] }
        // Where the value of each row stands among those that were gathered.
        var places = [Int](repeating: 0, count: rows.count)
        for (place, index) in sorted.enumerated() { places[index - rows.startIndex] = place }
        let found = try file.schema.columns.indices.map { column in
            try gather(column, of: file, sorted.map { Int(rows[$0]) })
        }
        var first = 0
        while first < places.count {
            let piece = places[first..<min(first + writer.room, places.count)]
            for (column, values) in found.enumerated() {
                try writer.builders[column].append(values.chunk, rows: piece, categories: values.categories)
            }
            first += piece.count
            try writer.flushIfFull()
        }
    }

    /// The values of one column in rising rows.
    private static func gather(
        _ column: Int, of file: ColumnFile, _ rows: [Int]
    ) throws -> (chunk: ColumnChunk, categories: TextValues) {
        let builder = ColumnBuilder(file.schema.columns[column].type, capacity: max(rows.count, 1))
        let categories = try file.categoryTexts(column)
        var next = 0
        while next < rows.count {
            let group = rows[next] / file.groupRows
            let start = group * file.groupRows
            var end = next
            while end < rows.count, rows[end] < start + file.groupRows { end += 1 }
            let chunk = try file.read(column: column, group: group)
            // Codes as they are: they mean the chunk's categories.
            builder.append(chunk, rows: rows[next..<end].lazy.map { $0 - start }) { $0 }
            next = end
        }
        return (builder.chunk(), categories)
    }
}
