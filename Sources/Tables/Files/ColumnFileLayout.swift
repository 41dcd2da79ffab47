import CTables
import Faults

/// The column file's fixed parts and its footer; docs/tables.md draws them byte by byte.
enum ColumnFileLayout {
    static let magic = Array("ATOLLTBL".utf8)
    static let endMagic = Array("ATOLLEND".utf8)
    static let version: UInt32 = 1
    /// Magic, version (u32), zero (u32).
    static let headerSize = 16
    /// Footer's offset (u64), length (u32) and CRC (u32), content digest, file digest, end magic.
    static let trailerSize = 8 + 4 + 4 + 32 + 32 + 8
    /// Bytes of the trailer before the file digest, which covers everything up to there.
    static let digestedTrailer = 8 + 4 + 4 + 32
    static let mostGroupRows = 1 << 20
    static let mostBlockBytes = 1 << 30

    /// Rows of a group for so many columns: 65,536 up to 64 columns, then fewer, so that a group has at most about four
    /// million cells; at least 1,024.
    static func groupRows(columns: Int) -> Int {
        var rows = 65_536
        while rows > 1024, rows * columns > 1 << 22 { rows /= 2 }
        return rows
    }

    static var header: [UInt8] {
        var writer = ByteWriter()
        writer.put(bytes: magic)
        writer.put(version)
        writer.put(UInt32(0))
        return writer.bytes
    }
}

/// Where a block lies and what it must be.
struct BlockPlace: Equatable, Sendable {
    var offset = 0
    let length: Int
    let crc: UInt32
    /// Missing values of a chunk; entries of a list of categories.
    let count: Int
}

/// What the end of the file says about its blocks.
struct ColumnFileFooter: Sendable {
    let schema: TableSchema
    let rows: Int
    let groupRows: Int
    /// By column.
    var digests: [TableDigest]
    /// By column, then by group.
    var blocks: [[BlockPlace]]
    /// By column; only of category columns.
    var categories: [BlockPlace?]

    var groups: Int { (rows + groupRows - 1) / groupRows }

    func rows(inGroup group: Int) -> Int { min(groupRows, rows - group * groupRows) }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        let json = Array(schema.json.utf8)
        writer.put(UInt32(json.count))
        writer.put(bytes: json)
        writer.put(UInt64(rows))
        writer.put(UInt32(groupRows))
        for column in schema.columns.indices {
            writer.put(bytes: digests[column].bytes)
            for block in [categories[column]].compactMap({ $0 }) + blocks[column] {
                writer.put(UInt32(block.length))
                writer.put(block.crc)
                writer.put(UInt32(block.count))
            }
        }
        return writer.bytes
    }

    /// Reads a footer whose CRC was checked; `blocksEnd` is where it begins, and its blocks must fill the file up to there.
    init(_ bytes: UnsafeRawBufferPointer, blocksEnd: Int) throws {
        var reader = ByteReader(bytes, place: "footer")
        let json = Array(try reader.take(Int(try reader.get(UInt32.self))))
        let schema = try TableSchema(json: json)
        guard Array(schema.json.utf8) == json else { throw reader.damage("The schema is not in its canonical form.") }
        let rows = try reader.get(UInt64.self)
        let groupRows = Int(try reader.get(UInt32.self))
        guard rows <= UInt64(Limits.rows), (1...ColumnFileLayout.mostGroupRows).contains(groupRows) else {
            throw reader.damage("The number of rows is out of range.")
        }
        self.schema = schema
        self.rows = Int(rows)
        self.groupRows = groupRows
        digests = []
        blocks = []
        categories = []
        let groups = (Int(rows) + groupRows - 1) / groupRows
        // Every block takes 12 bytes here, so nothing small claims a lot of memory.
        guard groups <= reader.remaining / 12 else { throw reader.damage("It ends too early.") }
        for column in schema.columns {
            digests.append(TableDigest(try reader.take(32)))
            categories.append(column.type == .category ? try Self.place(from: &reader) : nil)
            blocks.append(try (0..<groups).map { _ in try Self.place(from: &reader) })
        }
        try reader.end()
        try placeBlocks(end: blocksEnd, reader)
    }

    init(
        schema: TableSchema, rows: Int, groupRows: Int, digests: [TableDigest], blocks: [[BlockPlace]],
        categories: [BlockPlace?]
    ) {
        self.schema = schema
        self.rows = rows
        self.groupRows = groupRows
        self.digests = digests
        self.blocks = blocks
        self.categories = categories
    }

    /// Blocks lie one after the other: by group and in it by column, then the lists of categories by column.
    private mutating func placeBlocks(end: Int, _ reader: ByteReader) throws {
        var offset = ColumnFileLayout.headerSize
        for group in 0..<groups {
            for column in schema.columns.indices {
                guard blocks[column][group].count <= rows(inGroup: group) else {
                    throw reader.damage("More values are missing than there are rows.")
                }
                blocks[column][group].offset = offset
                offset += blocks[column][group].length
            }
        }
        for column in schema.columns.indices {
            guard let list = categories[column] else { continue }
            guard list.count <= Limits.categories else { throw reader.damage("A column has too many categories.") }
            categories[column]?.offset = offset
            offset += list.length
        }
        guard offset == end else { throw reader.damage("The blocks do not fill the file.") }
    }

    private static func place(from reader: inout ByteReader) throws -> BlockPlace {
        let length = Int(try reader.get(UInt32.self))
        guard length <= ColumnFileLayout.mostBlockBytes else { throw reader.damage("A block is too long.") }
        return BlockPlace(length: length, crc: try reader.get(), count: Int(try reader.get(UInt32.self)))
    }
}
