import Crypto

/// Counts and digests the bytes of another input on their way.
struct DigestingInput: ByteInput {
    private var input: any ByteInput
    private var hash = SHA256()
    private(set) var count = 0

    init(_ input: any ByteInput) {
        self.input = input
    }

    mutating func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try input.read(into: room)
        if count > 0 { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: room[..<count])) }
        self.count += count
        return count
    }

    /// SHA-256 of what was read so far.
    var digest: TableDigest { TableDigest(hash.finalize()) }
}
