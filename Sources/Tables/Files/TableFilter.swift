import Faults

/// Copies of a table without some of its rows.
enum TableFilter {
    /// Copies all rows but those of the set, in their order. Memory as for writing.
    static func copy(
        _ file: ColumnFile, to path: String, leavingOut rows: RowSet, groupRows: Int? = nil
    ) throws -> ColumnFileSummary {
        let writer = try ColumnFileWriter(path: path, schema: file.schema, groupRows: groupRows)
        let categories = try file.schema.columns.indices.map { try file.categoryTexts($0) }
        for group in 0..<file.groups {
            let first = group * file.groupRows
            let kept = (first..<first + file.rows(inGroup: group)).filter { !rows.contains($0) }.map { $0 - first }
            let chunks = try file.schema.columns.indices.map { try file.read(column: $0, group: group) }
            var place = 0
            while place < kept.count {
                let piece = kept[place..<min(place + writer.room, kept.count)]
                for (column, chunk) in chunks.enumerated() {
                    try writer.builders[column].append(chunk, rows: piece, categories: categories[column])
                }
                place += piece.count
                try writer.flushIfFull()
            }
        }
        return try writer.finish()
    }
}

extension ColumnBuilder {
    /// Appends these rows of a chunk of the same type; `categories` are the texts of its codes.
    func append(_ chunk: ColumnChunk, rows: some Sequence<Int>, categories: TextValues) throws {
        try append(chunk, rows: rows) { code in
            let own = categories[Int(code)].withUnsafeBufferPointer { self.code(of: $0.baseAddress!, $0.count) }
            guard let own else { throw Fault(TableFaults.tooManyCategories, wanted: Self.categoriesWanted) }
            return own
        }
    }

    /// Appends these rows of a chunk of the same type, its codes as `code` says.
    func append(
        _ chunk: ColumnChunk, rows: some Sequence<Int>, code: (UInt32) throws -> UInt32
    ) rethrows {
        for row in rows {
            guard chunk.presence[row] else {
                appendMissing()
                continue
            }
            switch chunk.values {
            case .integers(let list): appendInteger(list[row])
            case .floats(let list): appendFloat(list[row])
            case .codes(let list): appendCode(try code(list[row]))
            case .texts(let texts): texts[row].withUnsafeBufferPointer { appendText($0.baseAddress!, $0.count) }
            }
        }
    }
}
