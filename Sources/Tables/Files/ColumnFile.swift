import CTables
import Crypto
import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A column file, open for reading: column by column, in groups of a fixed number of rows. Everything that is read is
/// checked first, so whatever a file holds ends in values or in a numbered fault. Several threads may read at once.
public final class ColumnFile: Sendable {
    public let schema: TableSchema
    public let rows: Int
    /// Rows of every group but the last.
    public let groupRows: Int
    public let groups: Int
    /// Of the content alone: the digest of a dataset. Checked against the columns' digests when the file is opened.
    public let contentDigest: TableDigest
    /// What the file says is the digest of its bytes; `verify` compares.
    public let fileDigest: TableDigest
    private let file: MappedFile
    private let footer: ColumnFileFooter

    /// Throws `TableFaults.fileUnreadable`, `notColumnFile`, `fileVersion`, `fileDamaged`.
    public convenience init(path: String) throws {
        let descriptor = try FileCalls.openToRead(path)
        defer { close(descriptor) }
        try self.init(MappedFile(descriptor: descriptor, path: path))
    }

    /// Reads what an open descriptor stands for, from its start; the descriptor may be closed afterwards.
    public convenience init(descriptor: Int32) throws {
        try self.init(MappedFile(descriptor: descriptor))
    }

    private init(_ file: MappedFile) throws {
        let bytes = file.bytes
        let least = ColumnFileLayout.headerSize + ColumnFileLayout.trailerSize
        guard bytes.count >= least, bytes.starts(with: ColumnFileLayout.magic) else {
            throw Fault(TableFaults.notColumnFile)
        }
        var header = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[8..<16]), place: "header")
        guard try header.get(UInt32.self) == ColumnFileLayout.version else { throw Fault(TableFaults.fileVersion) }
        guard try header.get(UInt32.self) == 0 else { throw header.damage("A reserved field is not zero.") }
        guard bytes.suffix(8).elementsEqual(ColumnFileLayout.endMagic) else {
            throw Fault(TableFaults.notColumnFile, "The file has no end: it was cut short or never finished.")
        }
        let trailerStart = bytes.count - ColumnFileLayout.trailerSize
        var trailer = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[trailerStart...]), place: "trailer")
        let offset = try trailer.get(UInt64.self)
        let length = Int(try trailer.get(UInt32.self))
        let crc = try trailer.get(UInt32.self)
        guard offset <= UInt64(trailerStart), Int(offset) >= ColumnFileLayout.headerSize,
            Int(offset) + length == trailerStart
        else { throw trailer.damage("The footer does not lie where the trailer says.") }
        let footerBytes = UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<trailerStart])
        guard Self.crc(footerBytes) == crc else { throw trailer.damage("The footer is not what was written.") }
        footer = try ColumnFileFooter(footerBytes, blocksEnd: Int(offset))
        contentDigest = TableDigest(try trailer.take(32))
        fileDigest = TableDigest(try trailer.take(32))
        schema = footer.schema
        rows = footer.rows
        groupRows = footer.groupRows
        groups = footer.groups
        self.file = file
        guard ContentDigest.table(schema, rows: rows, columns: footer.digests) == contentDigest else {
            throw trailer.damage("The content's digest is not that of schema and columns.")
        }
    }

    /// Size of the file.
    public var bytes: Int { file.bytes.count }

    /// Rows of a group; `group` in `0..<groups`.
    public func rows(inGroup group: Int) -> Int { footer.rows(inGroup: group) }

    /// Missing values of a column, known without reading it; `column` is a place in the schema.
    public func missing(inColumn column: Int) -> Int { footer.blocks[column].reduce(0) { $0 + $1.count } }

    /// One group of one column; `column` in the schema's range, `group` in `0..<groups`.
    /// Throws `TableFaults.fileDamaged`.
    public func read(column: Int, group: Int) throws -> ColumnChunk {
        let place = footer.blocks[column][group]
        let name = "column \(column + 1), group \(group + 1)"
        return try BlockCoding.decode(
            block(place, name), type: schema.columns[column].type, rows: rows(inGroup: group), missing: place.count,
            categories: footer.categories[column]?.count ?? 0, place: name)
    }

    /// The texts of a category column by code; empty for other types. Throws `TableFaults.fileDamaged`.
    public func categories(ofColumn column: Int) throws -> [String] {
        let texts = try categoryTexts(column)
        return (0..<texts.count).map { String(decoding: texts[$0], as: UTF8.self) }
    }

    /// A run of rows as cells, for showing: from `first`, at most `count`. Reads whole groups.
    public func cells(from first: Int = 0, count: Int) throws -> [[Cell]] {
        let range = max(first, 0)..<min(max(first, 0) + max(count, 0), rows)
        guard !range.isEmpty else { return [] }
        var table = range.map { _ in [Cell]() }
        for column in schema.columns.indices {
            let categories = try categories(ofColumn: column)
            for group in range.lowerBound / groupRows...(range.upperBound - 1) / groupRows {
                let chunk = try read(column: column, group: group)
                let start = group * groupRows
                for row in range.clamped(to: start..<start + chunk.count) {
                    table[row - range.lowerBound].append(chunk.cell(row - start, categories: categories))
                }
            }
        }
        return table
    }

    /// Reads every byte and compares the file's digest. Throws `TableFaults.fileDamaged`.
    public func verify() throws {
        let end = file.bytes.count - ColumnFileLayout.trailerSize + ColumnFileLayout.digestedTrailer
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: file.bytes[..<end]))
        guard TableDigest(hash.finalize()) == fileDigest else {
            throw Fault(TableFaults.fileDamaged, "The file's bytes are not those that were written.")
        }
    }

    /// Reads every value and compares the columns' digests, so that rows and `contentDigest` are known to belong together.
    /// Throws `TableFaults.fileDamaged`.
    public func verifyContent() throws {
        for column in schema.columns.indices {
            var hasher = ColumnHasher()
            let texts = try categoryTexts(column)
            for group in 0..<groups {
                hasher.update(try read(column: column, group: group)) { texts[$0] }
            }
            guard hasher.finalize() == footer.digests[column] else {
                throw Fault(
                    TableFaults.fileDamaged, "A column's values are not those of its digest.",
                    at: "column \(column + 1)")
            }
        }
    }

    func categoryTexts(_ column: Int) throws -> TextValues {
        guard let place = footer.categories[column] else { return TextValues(offsets: [0], bytes: []) }
        let name = "categories of column \(column + 1)"
        return try BlockCoding.decodeCategories(block(place, name), count: place.count, place: name)
    }

    private func block(_ place: BlockPlace, _ name: String) throws -> UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[place.offset..<place.offset + place.length])
        guard Self.crc(bytes) == place.crc else {
            throw Fault(TableFaults.fileDamaged, "A block is not what was written.", at: name)
        }
        return bytes
    }

    private static func crc(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        return ct_crc32(0, start, bytes.count)
    }
}
