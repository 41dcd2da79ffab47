import CTables
import Faults

/// Texts: lengths as `IntegerCoding`, a byte (0 plain, 1 raw deflate), for deflate the stored length (u32), the bytes of
/// all texts one after the other.
enum TextCoding {
    static func encode(lengths: [Int64], bytes: some Collection<UInt8>, into writer: inout ByteWriter) {
        guard !lengths.isEmpty else { return }
        IntegerCoding.encode(lengths, into: &writer)
        let plain = Array(bytes)
        let room = plain.count * 15 / 16
        var deflated = [UInt8](repeating: 0, count: room)
        let length = ct_deflate(plain, plain.count, &deflated, room, 1)
        if length > 0 {
            writer.put(UInt8(1))
            writer.put(UInt32(length))
            writer.put(bytes: deflated.prefix(length))
        } else {
            writer.put(UInt8(0))
            writer.put(bytes: plain)
        }
    }

    /// Every text is at least 1 and at most `Limits.textBytes` long and valid UTF-8; together at most `limit` bytes.
    static func decode(_ count: Int, limit: Int, from reader: inout ByteReader) throws -> TextValues {
        guard count > 0 else { return TextValues(offsets: [0], bytes: []) }
        let lengths = try IntegerCoding.decode(count, from: &reader)
        var offsets = [0]
        offsets.reserveCapacity(count + 1)
        var total = 0
        for length in lengths {
            guard length >= 1, length <= Limits.textBytes else { throw reader.damage("A text has no such length.") }
            total += Int(length)
            guard total <= limit else { throw reader.damage("A block's texts are longer than allowed.") }
            offsets.append(total)
        }
        var bytes: [UInt8]
        switch try reader.get(UInt8.self) {
        case 0: bytes = Array(try reader.take(total))
        case 1:
            let stored = try reader.take(Int(try reader.get(UInt32.self)))
            // Deflate never makes more than 1032 bytes of one, so nothing small claims a lot of memory.
            guard total <= stored.count * 1032 else { throw reader.damage("A compressed block cannot be read.") }
            bytes = [UInt8](repeating: 0, count: total)
            guard let start = stored.baseAddress?.assumingMemoryBound(to: UInt8.self),
                ct_inflate(start, stored.count, &bytes, total) != 0
            else { throw reader.damage("A compressed block cannot be read.") }
        default: throw reader.damage("A block has an unknown form.")
        }
        guard ct_utf8_valid(bytes, bytes.count) == bytes.count,
            offsets.dropLast().allSatisfy({ bytes[$0] & 0xC0 != 0x80 })
        else { throw reader.damage("A block's text is not UTF-8.") }
        return TextValues(offsets: offsets, bytes: bytes)
    }
}
