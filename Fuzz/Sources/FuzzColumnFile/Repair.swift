import Crypto

/// Makes a column file's checksums right, as one who wants to do harm would; written from docs/tables.md and not from the
/// product's code. `nil` where footer and blocks cannot be told.
enum Repair {
    static func repaired(_ input: [UInt8]) -> [UInt8]? {
        guard input.count >= 104 else { return nil }
        var bytes = input
        bytes.replaceSubrange(0..<16, with: Array("ATOLLTBL".utf8) + [1, 0, 0, 0, 0, 0, 0, 0])
        bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: Array("ATOLLEND".utf8))
        let trailer = bytes.count - 88
        let offset = number(bytes, trailer, 8)
        guard offset >= 16, offset < trailer, trailer - offset >= 16 else { return nil }
        put(trailer - offset, 4, at: trailer + 8, in: &bytes)
        let schema = number(bytes, offset, 4)
        guard schema <= trailer - offset - 16 else { return nil }
        let json = bytes[(offset + 4)..<(offset + 4 + schema)]
        var at = offset + 4 + schema
        let rows = number(bytes, at, 8)
        let groupRows = number(bytes, at + 8, 4)
        guard groupRows > 0, rows < 1 << 20 else { return nil }
        at += 12
        let categories = types(json)
        let groups = (rows + groupRows - 1) / groupRows
        var digests: [UInt8] = []
        var places: [[Int]] = []
        var lists: [Int] = []
        for isCategory in categories {
            let entries = groups + (isCategory ? 1 : 0)
            guard at + 32 + entries * 12 <= trailer else { return nil }
            digests += bytes[at..<at + 32]
            at += 32
            if isCategory {
                lists.append(at)
                at += 12
            }
            places.append((0..<groups).map { at + $0 * 12 })
            at += groups * 12
        }
        var block = 16
        for place in (0..<groups).flatMap({ group in places.map { $0[group] } }) + lists {
            let length = number(bytes, place, 4)
            guard length <= offset - block else { return nil }
            put(crc(bytes[block..<block + length]), 4, at: place + 4, in: &bytes)
            block += length
        }
        put(crc(bytes[offset..<trailer]), 4, at: trailer + 12, in: &bytes)
        var content = Array("atoll table content 1\n".utf8)
        content += bytes[offset..<offset + 4 + schema] + bytes[(offset + 4 + schema)..<(offset + 12 + schema)] + digests
        bytes.replaceSubrange(trailer + 16..<trailer + 48, with: Array(SHA256.hash(data: content)))
        bytes.replaceSubrange(trailer + 48..<trailer + 80, with: Array(SHA256.hash(data: bytes[..<(trailer + 48)])))
        return bytes
    }

    /// For each column, whether it is a category.
    private static func types(_ json: ArraySlice<UInt8>) -> [Bool] {
        let mark = Array("\"type\":\"".utf8)
        let category = Array("category\"".utf8)
        return json.indices.filter { json[$0...].starts(with: mark) }
            .map { json[$0...].dropFirst(mark.count).starts(with: category) }
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        let value = (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        return Int(clamping: value)
    }

    private static func put(_ value: Int, _ count: Int, at start: Int, in bytes: inout [UInt8]) {
        for place in 0..<count { bytes[start + place] = UInt8(truncatingIfNeeded: value >> (8 * place)) }
    }

    /// CRC-32 of gzip (RFC 1952, section 8).
    private static func crc(_ bytes: ArraySlice<UInt8>) -> Int {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Int(~crc)
    }
}
