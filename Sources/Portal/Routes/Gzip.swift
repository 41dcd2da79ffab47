import CTables
import HTTPTypes
import Hummingbird

/// Bodies in the form of gzip (RFC 1952).
enum Gzip {
    /// Less is not worth it.
    static let least = 1_000

    /// Whether the client takes it (RFC 9110, 12.5.3).
    static func isTaken(_ request: Request) -> Bool {
        (request.headers[.acceptEncoding] ?? "").split(separator: ",").contains { entry in
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            return parts.first == "gzip" && !parts.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }

    /// - Parameter level: 1 (quick) to 9 (small).
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8] {
        // Deflate makes nothing longer by more than 5 bytes for each 16 KiB, and a few.
        let room = bytes.count + bytes.count / 1000 + 64
        var result = [UInt8](unsafeUninitializedCapacity: room + 18) { buffer, count in
            let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
            for (index, byte) in header.enumerated() { buffer[index] = byte }
            let length = bytes.withUnsafeBufferPointer {
                ct_deflate($0.baseAddress, $0.count, buffer.baseAddress.map { $0 + 10 }, room, level)
            }
            count = 10 + length
        }
        let crc = bytes.withUnsafeBufferPointer { ct_crc32(0, $0.baseAddress, $0.count) }
        for value in [crc, UInt32(truncatingIfNeeded: bytes.count)] {
            for shift in stride(from: 0, to: 32, by: 8) { result.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        return result
    }
}
