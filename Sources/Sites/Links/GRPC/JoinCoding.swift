import Faults
import GRPCCore
import SwiftProtobuf

/// The messages of `Join`, which are small and rare: the generated code does the work.
struct JoinCoding<Wire: Message>: MessageSerializer, MessageDeserializer {
    /// Largest request and answer: 64 KiB.
    static var largest: Int { 64 << 10 }

    func serialize<Bytes: GRPCContiguousBytes>(_ message: Wire) throws -> Bytes {
        let bytes: [UInt8] = try message.serializedBytes()
        return Bytes(bytes)
    }

    /// - Throws: `LinkFaults.malformed`.
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Wire {
        guard bytes.count <= Self.largest else {
            throw malformed("message", wanted: "at most \(Self.largest) bytes")
        }
        let array = bytes.withUnsafeBytes { [UInt8]($0) }
        guard let wire = try? Wire(serializedBytes: array) else { throw malformed("message", wanted: "protobuf") }
        return wire
    }
}
