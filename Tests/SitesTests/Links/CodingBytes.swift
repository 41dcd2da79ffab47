import GRPCCore

/// What gRPC hands to coders, for tests.
struct CodingBytes: GRPCContiguousBytes {
    var bytes: [UInt8]

    init(repeating: UInt8, count: Int) {
        bytes = [UInt8](repeating: repeating, count: count)
    }

    init(_ sequence: some Sequence<UInt8>) {
        bytes = Array(sequence)
    }

    var count: Int { bytes.count }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try bytes.withUnsafeBytes(body)
    }

    mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        try bytes.withUnsafeMutableBytes(body)
    }
}
