import CTables
import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What became of a table that was written.
public struct ColumnFileSummary: Equatable, Sendable {
    public let schema: TableSchema
    public let rows: Int
    /// Of the content alone: the digest of a dataset.
    public let contentDigest: TableDigest
    /// SHA-256 of the file's bytes up to where the file itself holds it.
    public let fileDigest: TableDigest
    public let bytes: Int
}

/// Writes a column file, row by row, in groups of a fixed number of rows: memory is bounded by one group and the lists of
/// categories. Not for use by several threads.
///
/// After a throw the writer is of no more use; a file that it created is removed with the writer unless `finish` came to
/// its end.
public final class ColumnFileWriter {
    public let schema: TableSchema
    let groupRows: Int
    let builders: [ColumnBuilder]
    private let descriptor: Int32
    private let path: String?
    private let output: FileOutput
    private var hashers: [ColumnHasher]
    private var blocks: [[BlockPlace]]
    private var written = 0
    private var isFinished = false

    /// Creates the file, which must not be there yet. Throws `TableFaults.fileUnwritable`.
    public convenience init(path: String, schema: TableSchema) throws {
        try self.init(path: path, schema: schema, groupRows: nil)
    }

    /// Writes to an open descriptor from where it stands, which must be the start of an empty file; its owner closes it.
    public convenience init(descriptor: Int32, schema: TableSchema) throws {
        try self.init(descriptor: descriptor, path: nil, schema: schema, groupRows: nil)
    }

    /// `groupRows` is set by tests alone.
    convenience init(path: String, schema: TableSchema, groupRows: Int?) throws {
        let descriptor = try FileCalls.create(path)
        try self.init(descriptor: descriptor, path: path, schema: schema, groupRows: groupRows)
    }

    init(descriptor: Int32, path: String?, schema: TableSchema, groupRows: Int?) throws {
        let rows = groupRows ?? ColumnFileLayout.groupRows(columns: schema.columns.count)
        self.schema = schema
        self.groupRows = rows
        self.descriptor = descriptor
        self.path = path
        builders = schema.columns.map { ColumnBuilder($0.type, capacity: rows) }
        output = FileOutput(descriptor: descriptor)
        hashers = schema.columns.map { _ in ColumnHasher() }
        blocks = schema.columns.map { _ in [] }
        try output.put(ColumnFileLayout.header)
    }

    deinit {
        guard let path else { return }
        close(descriptor)
        if !isFinished { unlink(path) }
    }

    /// Rows so far.
    public var rows: Int { written + builders[0].count }

    /// Appends one row. Throws `TableFaults.valueForeign` (a cell of another type, or not one for every column),
    /// `tooManyCategories`, `fileUnwritable`.
    public func append(_ row: [Cell]) throws {
        guard row.count == schema.columns.count else {
            throw Fault(TableFaults.valueForeign, wanted: "\(schema.columns.count) cells")
        }
        for (builder, cell) in zip(builders, row) { try builder.append(cell) }
        try flushIfFull()
    }

    /// How many rows the group that is being filled still takes.
    var room: Int { groupRows - builders[0].count }

    /// Writes the group when it is full. Every builder has the same number of rows then.
    func flushIfFull() throws {
        if room == 0 { try flush() }
    }

    /// Writes what is left, the lists of categories, footer and trailer, and brings all to the disk.
    public func finish() throws -> ColumnFileSummary {
        precondition(!isFinished, "a column file is finished once")
        if builders[0].count > 0 { try flush() }
        var categories: [BlockPlace?] = []
        for builder in builders {
            guard builder.type == .category else {
                categories.append(nil)
                continue
            }
            let bytes = BlockCoding.encode(categories: builder.dictionary)
            categories.append(try put(bytes, count: builder.dictionary.count))
        }
        let digests = hashers.map { $0.finalize() }
        let footer = ColumnFileFooter(
            schema: schema, rows: written, groupRows: groupRows, digests: digests, blocks: blocks,
            categories: categories)
        let content = ContentDigest.table(schema, rows: written, columns: digests)
        let fileDigest = try putEnd(footer, content)
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw FileCalls.unwritable(path) }
        isFinished = true
        return ColumnFileSummary(
            schema: schema, rows: written, contentDigest: content, fileDigest: fileDigest, bytes: output.written)
    }

    private func putEnd(_ footer: ColumnFileFooter, _ content: TableDigest) throws -> TableDigest {
        let offset = output.written
        let bytes = footer.encoded()
        guard bytes.count <= ColumnFileLayout.mostBlockBytes else {
            throw Fault(TableFaults.fileUnwritable, "The table has too many columns and rows for one file.", at: path)
        }
        try output.put(bytes)
        var trailer = ByteWriter()
        trailer.put(UInt64(offset))
        trailer.put(UInt32(bytes.count))
        trailer.put(ct_crc32(0, bytes, bytes.count))
        trailer.put(bytes: content.bytes)
        try output.put(trailer.bytes)
        let digest = try output.digest()
        try output.put(digest.bytes + ColumnFileLayout.endMagic)
        try output.flush()
        return digest
    }

    private func flush() throws {
        let count = builders[0].count
        for (column, builder) in builders.enumerated() {
            let chunk = builder.chunk()
            hashers[column].update(chunk) { builder.dictionary[$0] }
            blocks[column].append(try put(BlockCoding.encode(chunk), count: chunk.presence.missing))
            builder.clear()
        }
        written += count
    }

    private func put(_ bytes: [UInt8], count: Int) throws -> BlockPlace {
        guard bytes.count <= ColumnFileLayout.mostBlockBytes else {
            throw Fault(TableFaults.fileUnwritable, "The texts of one group of rows are too long.", at: path)
        }
        let place = BlockPlace(
            offset: output.written, length: bytes.count, crc: ct_crc32(0, bytes, bytes.count), count: count)
        try output.put(bytes)
        return place
    }
}
