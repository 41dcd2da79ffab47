import Faults
import GRPCCore
import SwiftProtobuf

/// Envelopes to bytes and back. A frame's payload lies last in its message (`Protos/federation.proto`), so it is copied
/// once in each direction and not once for every layer of generated code; all else goes through that code.
enum EnvelopeCodec {
    /// - Throws: `LinkFaults.tooLarge` when a payload or a body is above 4 MiB.
    static func packet(_ envelope: Envelope) throws(Fault) -> Packet {
        switch envelope {
        case .message(.frame(let frame)):
            try check(frame.payload.count)
            let header = try bytes(Envelope.header(frame))
            var body: [UInt8] = []
            body.reserveCapacity(header.count + 24)
            Varint.append(tag: 1, length: header.count, to: &body)
            body += header
            // An absent payload is an empty one: the generated code writes none either.
            if !frame.payload.isEmpty { Varint.append(tag: 2, length: frame.payload.count, to: &body) }
            var head: [UInt8] = []
            head.reserveCapacity(body.count + 8)
            Varint.append(tag: frameTag, length: body.count + frame.payload.count, to: &head)
            head += body
            return Packet(head: head, payload: frame.payload)
        case .message(.request(_, _, let body)), .message(.response(_, _, let body)):
            try check(body.count)
            return Packet(head: try bytes(envelope.wire()), payload: [])
        default:
            return Packet(head: try bytes(envelope.wire()), payload: [])
        }
    }

    /// - Throws: `LinkFaults.malformed` for everything that is not an envelope with every field in order.
    static func envelope(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Envelope {
        guard bytes.count <= LinkLimits.message else {
            throw malformed("message", wanted: "at most \(LinkLimits.message) bytes")
        }
        if let (header, payload) = split(bytes) {
            let header: Atoll_Federation_V1_FrameHeader = try parsed(header)
            return .message(.frame(try Envelope.frame(header, payload: [UInt8](payload))))
        }
        return try Envelope(try parsed(bytes))
    }

    private static let frameTag: UInt8 = 2

    private static func check(_ count: Int) throws(Fault) {
        guard count <= LinkLimits.payload else {
            throw Fault(
                LinkFaults.tooLarge, "A message has \(count) bytes.", wanted: "at most \(LinkLimits.payload) bytes")
        }
    }

    private static func bytes(_ message: some Message) throws(Fault) -> [UInt8] {
        do {
            return try message.serializedBytes()
        } catch {
            // Only a message of 2 GiB cannot be written, and sizes were checked.
            throw Fault(LinkFaults.tooLarge)
        }
    }

    private static func parsed<Wire: Message>(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Wire {
        do {
            var options = BinaryDecodingOptions()
            options.discardUnknownFields = true
            return try Wire(serializedBytes: [UInt8](bytes), options: options)
        } catch {
            throw malformed("message", wanted: "protobuf")
        }
    }

    /// The header and the payload of an envelope that holds a frame and nothing else, each field once and in order, as
    /// this program writes it. Nil for every other form, which the generated code reads.
    private static func split(
        _ bytes: UnsafeRawBufferPointer
    ) -> (header: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer)? {
        guard let (frame, afterFrame) = Varint.field(frameTag, in: bytes, from: 0), afterFrame == bytes.count,
            let (header, afterHeader) = Varint.field(1, in: frame, from: 0),
            let (payload, afterPayload) = Varint.field(2, in: frame, from: afterHeader),
            afterPayload == frame.count
        else { return nil }
        return (header, payload)
    }
}

/// What gRPC calls for each message that leaves.
struct PacketSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ packet: Packet) throws -> Bytes {
        var bytes = Bytes(repeating: 0, count: packet.head.count + packet.payload.count)
        bytes.withUnsafeMutableBytes { target in
            target.copyBytes(from: packet.head)
            UnsafeMutableRawBufferPointer(rebasing: target[packet.head.count...]).copyBytes(from: packet.payload)
        }
        return bytes
    }
}

/// What gRPC calls for each message that arrives.
struct EnvelopeDeserializer: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Envelope {
        try bytes.withUnsafeBytes { try EnvelopeCodec.envelope($0) }
    }
}

/// Length-delimited fields of protobuf's wire format (https://protobuf.dev/programming-guides/encoding).
private enum Varint {
    static func append(tag: UInt8, length: Int, to bytes: inout [UInt8]) {
        bytes.append(tag << 3 | 2)
        var rest = UInt64(length)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The content of the field that begins at `start` and where the next begins; nil when it is not that field or does
    /// not end inside the bytes.
    static func field(
        _ tag: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> (content: UnsafeRawBufferPointer, next: Int)? {
        guard start < bytes.count, bytes[start] == tag << 3 | 2 else { return nil }
        var (position, length, shift) = (start + 1, 0, 0)
        while true {
            // Four groups of seven bits hold every length that is allowed.
            guard position < bytes.count, shift < 28 else { return nil }
            let byte = bytes[position]
            position += 1
            length |= Int(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 { break }
        }
        guard length <= bytes.count - position else { return nil }
        return (UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]), position + length)
    }
}
