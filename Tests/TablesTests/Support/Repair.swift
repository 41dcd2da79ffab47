import CTables
import Crypto

@testable import Tables

/// Makes the checksums of a damaged column file right again, as one who wants to do harm would.
enum Repair {
    /// Repairs the blocks' checksums as far as the footer can be read, then those of footer, content and file.
    static func repair(_ bytes: inout [UInt8]) {
        guard bytes.count >= 104 else { return }
        let trailer = bytes.count - 88
        let offset = Int(number(bytes, trailer, 8) & 0xFFFF_FFFF)
        guard offset >= 16, offset < trailer else { return }
        let footer = Array(bytes[offset..<trailer])
        if let read = try? footer.withUnsafeBytes({ try ColumnFileFooter($0, blocksEnd: offset) }) {
            var fixed = read
            func fix(_ place: BlockPlace) -> BlockPlace {
                let block = Array(bytes[place.offset..<place.offset + place.length])
                return BlockPlace(length: place.length, crc: ct_crc32(0, block, block.count), count: place.count)
            }
            fixed.blocks = read.blocks.map { $0.map(fix) }
            fixed.categories = read.categories.map { $0.map(fix) }
            bytes.replaceSubrange(offset..<trailer, with: fixed.encoded())
            let content = ContentDigest.table(fixed.schema, rows: fixed.rows, columns: fixed.digests)
            bytes.replaceSubrange(trailer + 16..<trailer + 48, with: content.bytes)
        }
        let crc = ct_crc32(0, Array(bytes[offset..<trailer]), trailer - offset)
        for place in 0..<4 { bytes[trailer + 12 + place] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * place)) }
        let digest = Array(SHA256.hash(data: bytes[..<(trailer + 48)]))
        bytes.replaceSubrange(trailer + 48..<trailer + 80, with: digest)
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
}
