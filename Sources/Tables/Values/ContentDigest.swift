import Crypto

/// The digest of a table's content: schema, rows in their order, and nothing else. How the rows are grouped, encoded or
/// compressed does not change it. docs/tables.md states it byte by byte.
enum ContentDigest {
    private static let domain = Array("atoll table content 1\n".utf8)

    static func table(_ schema: TableSchema, rows: Int, columns: [TableDigest]) -> TableDigest {
        var hash = SHA256()
        let json = Array(schema.json.utf8)
        var head = ByteWriter()
        head.put(bytes: domain)
        head.put(UInt32(json.count))
        head.put(bytes: json)
        head.put(UInt64(rows))
        hash.update(data: head.bytes)
        for column in columns { hash.update(data: column.bytes) }
        return TableDigest(hash.finalize())
    }
}

/// The digest of one column, fed with its chunks in order. Each row adds a byte 0 when its value is missing, else a byte 1
/// and the value: 8 bytes little endian (integers, scaled decimals, days, bit patterns), or for text and categories the
/// length (4 bytes) and the UTF-8 bytes.
struct ColumnHasher {
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private static let piece = 1 << 16

    /// `categories` are the column's, as far as the chunk's codes name them.
    mutating func update(_ chunk: ColumnChunk, category: (Int) -> ArraySlice<UInt8>) {
        let presence = chunk.presence
        switch chunk.values {
        case .integers(let list): update(presence) { UInt64(bitPattern: list[$0]) }
        case .floats(let list): update(presence) { list[$0].bitPattern }
        case .codes(let codes): update(presence) { category(Int(codes[$0])) }
        case .texts(let texts): update(presence) { texts[$0] }
        }
    }

    func finalize() -> TableDigest {
        var hash = hash
        hash.update(data: buffer)
        return TableDigest(hash.finalize())
    }

    private mutating func update(_ presence: Presence, _ bits: (Int) -> UInt64) {
        var row = 0
        while row < presence.count {
            let end = min(presence.count, row + Self.piece / 9)
            let bytes = [UInt8](unsafeUninitializedCapacity: (end - row) * 9) { out, written in
                var place = 0
                let raw = UnsafeMutableRawPointer(out.baseAddress!)
                for row in row..<end {
                    guard presence[row] else {
                        out[place] = 0
                        place &+= 1
                        continue
                    }
                    out[place] = 1
                    raw.storeBytes(of: bits(row).littleEndian, toByteOffset: place &+ 1, as: UInt64.self)
                    place &+= 9
                }
                written = place
            }
            hash.update(data: bytes)
            row = end
        }
    }

    private mutating func update(_ presence: Presence, _ text: (Int) -> ArraySlice<UInt8>) {
        for row in 0..<presence.count {
            guard presence[row] else {
                buffer.append(0)
                continue
            }
            let bytes = text(row)
            buffer.append(1)
            withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { buffer.append(contentsOf: $0) }
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.piece { flush() }
        }
        if buffer.count >= Self.piece { flush() }
    }

    private mutating func flush() {
        hash.update(data: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
