import Faults

/// Writes tables as CSV, a group of rows at a time.
public struct CSVExporter: Sendable {
    public let writing: CSVWriting

    public init(_ writing: CSVWriting = CSVWriting()) {
        self.writing = writing
    }

    /// Writes all rows of the file's columns named, or of all. Answers how many bytes.
    /// Throws `TableFaults.noSuchColumn`, `csvFormat`, `fileDamaged`, and what the output throws; what `progress` throws,
    /// which is called after every group, ends it.
    @discardableResult
    public func run(
        _ file: ColumnFile, columns names: [String]? = nil, to output: inout some ByteOutput,
        progress: ((TableProgress) throws -> Void)? = nil
    ) throws -> Int {
        try writing.check()
        let columns = try (names ?? file.schema.columns.map(\.name)).map { name in
            guard let place = file.schema.index(of: name) else { throw Fault(TableFaults.noSuchColumn, at: "columns") }
            return place
        }
        guard !columns.isEmpty else {
            throw Fault(TableFaults.csvFormat, "No column is to be written.", at: "columns")
        }
        let texts = CSVCellText(writing)
        let buffer = CSVBuffer()
        if writing.hasHeader {
            for (index, column) in columns.enumerated() {
                if index > 0 { buffer.put(delimiter) }
                var name = file.schema.columns[column].name
                name.withUTF8 { buffer.put(texts.cell($0)) }
            }
            buffer.put(writing.lineEnd.bytes)
        }
        let categories = try columns.map { column in
            let list = try file.categoryTexts(column)
            return (0..<list.count).map { list[$0].withUnsafeBufferPointer(texts.cell) }
        }
        for group in 0..<file.groups {
            let chunks = try columns.map { try file.read(column: $0, group: group) }
            try write(chunks, categories, texts, into: buffer) { try output.write($0) }
            let rows = min((group + 1) * file.groupRows, file.rows)
            try progress?(TableProgress(bytes: buffer.total, rows: rows))
        }
        try buffer.flush { try output.write($0) }
        return buffer.total
    }

    private func write(
        _ chunks: [ColumnChunk], _ categories: [[[UInt8]]], _ texts: CSVCellText, into buffer: CSVBuffer,
        flush: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let missing = chunks.count == 1 && writing.missing.isEmpty ? Array("\"\"".utf8) : Array(writing.missing.utf8)
        let lineEnd = writing.lineEnd.bytes
        for row in 0..<(chunks.first?.count ?? 0) {
            for column in chunks.indices {
                if column > 0 { buffer.put(delimiter) }
                guard chunks[column].presence[row] else {
                    buffer.put(missing)
                    continue
                }
                switch chunks[column].values {
                case .integers(let list):
                    switch chunks[column].type {
                    case .decimal(let scale): buffer.put(list[row], scale: scale)
                    case .date: buffer.put(date: list[row])
                    default: buffer.put(list[row], scale: 0)
                    }
                case .floats(let list): buffer.put(list[row])
                case .codes(let list): buffer.put(categories[column][Int(list[row])])
                case .texts(let list):
                    let (start, end) = (list.offsets[row], list.offsets[row + 1])
                    list.bytes.withUnsafeBufferPointer { bytes in
                        let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
                        if texts.isPlain(text) { buffer.put(text) } else { buffer.put(texts.cell(text)) }
                    }
                }
            }
            buffer.put(lineEnd)
            if buffer.isLong { try buffer.flush(flush) }
        }
    }

    private var delimiter: UInt8 { writing.delimiter.asciiValue ?? 0x2C }
}
