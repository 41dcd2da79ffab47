import CKernels

/// Ids as byte strings, flat: much smaller than an array of arrays. At most 4 GiB of bytes.
public struct IdentifierTable: Sendable {
    private var bytes: [UInt8] = []
    /// Where each id begins, and after the last the end.
    private var starts: [UInt32] = [0]

    public init() {}

    public init(_ ids: [[UInt8]]) {
        for id in ids { append(id) }
    }

    public var count: Int { starts.count - 1 }
    public var isEmpty: Bool { count == 0 }

    public mutating func append(_ id: some Collection<UInt8>) {
        bytes += id
        starts.append(UInt32(bytes.count))
    }

    /// Appends id `index` of another table.
    mutating func append(_ index: Int, of other: IdentifierTable) {
        bytes += other.bytes[Int(other.starts[index])..<Int(other.starts[index + 1])]
        starts.append(UInt32(bytes.count))
    }

    public subscript(_ index: Int) -> ArraySlice<UInt8> {
        bytes[Int(starts[index])..<Int(starts[index + 1])]
    }

    /// SipHash-2-4 of every id under a key of 16 bytes.
    func hashes(key: [UInt8]) -> [UInt64] {
        precondition(key.count == 16, "a key of SipHash has 16 bytes")
        return unsafe [UInt64](unsafeUninitializedCapacity: count) { out, number in
            unsafe withMessages { messages, count in
                if count > 0, let base = out.baseAddress { unsafe atoll_siphash(base, key, messages, count) }
                number = count
            }
        }
    }

    func withMessages<Result>(_ body: (atoll_messages, Int) -> Result) -> Result {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe starts.withUnsafeBufferPointer { starts in
                // An empty table has no bytes to point at.
                let base =
                    unsafe bytes.baseAddress
                    ?? UnsafeRawPointer(starts.baseAddress!).assumingMemoryBound(
                        to: UInt8.self)
                return unsafe body(atoll_messages(bytes: base, starts: starts.baseAddress!), count)
            }
        }
    }
}
