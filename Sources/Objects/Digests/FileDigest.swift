import Crypto

/// The digest of a file: SHA-256 over the SHA-256 digests of its chunks of 8 MiB, in order, each 32 bytes. So a chunk can
/// be checked when it arrives, and the whole without reading it again.
public enum FileDigest {
    public static let chunkBytes = 8 << 20
    /// What can be uploaded: 10,000 chunks, 83,886,080,000 bytes.
    public static let mostBytes = Int64(chunkBytes) * Int64(PartUpload.mostParts)

    public static func chunk(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    public static func whole(_ chunks: [[UInt8]]) -> [UInt8] {
        var hasher = SHA256()
        for chunk in chunks { hasher.update(data: chunk) }
        return Array(hasher.finalize())
    }

    /// How many chunks a file of so many bytes has.
    public static func count(_ bytes: Int64) -> Int { Int((bytes + Int64(chunkBytes) - 1) / Int64(chunkBytes)) }

    /// The bytes of one chunk, from 0.
    public static func range(_ chunk: Int, of bytes: Int64) -> Range<Int64> {
        let start = Int64(chunk) * Int64(chunkBytes)
        return start..<min(bytes, start + Int64(chunkBytes))
    }
}

/// Computes the digest of a file that comes in pieces of any size.
public struct FileDigester {
    public private(set) var chunks: [[UInt8]] = []
    public private(set) var bytes: Int64 = 0
    private var hasher = SHA256()
    private var filled = 0

    public init() {}

    public mutating func update(_ piece: [UInt8]) {
        var start = 0
        while start < piece.count {
            let count = min(piece.count - start, FileDigest.chunkBytes - filled)
            piece.withUnsafeBytes {
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
            }
            filled += count
            start += count
            if filled == FileDigest.chunkBytes { close() }
        }
        bytes += Int64(piece.count)
    }

    /// The digest of the whole; nothing may follow.
    public mutating func finish() -> [UInt8] {
        if filled > 0 { close() }
        return FileDigest.whole(chunks)
    }

    private mutating func close() {
        chunks.append(Array(hasher.finalize()))
        hasher = SHA256()
        filled = 0
    }
}
