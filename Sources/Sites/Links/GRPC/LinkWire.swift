public import Faults

/// The wire form of what crosses a link, for tools that look at it from outside: fuzzers and benches.
public enum LinkWire {
    /// - Throws: `LinkFaults.tooLarge`.
    public static func bytes(_ message: LinkMessage) throws(Fault) -> [UInt8] {
        let packet = try EnvelopeCodec.packet(.message(message))
        return packet.head + packet.payload
    }

    /// - Returns: nil for a greeting or a farewell, which are no messages for the layers above.
    /// - Throws: `LinkFaults.malformed`.
    public static func message(_ bytes: [UInt8]) throws -> LinkMessage? {
        let envelope = try bytes.withUnsafeBytes { try EnvelopeCodec.envelope($0) }
        guard case .message(let message) = envelope else { return nil }
        return message
    }
}
