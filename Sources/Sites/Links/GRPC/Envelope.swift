/// One message of the wire, before and after it is bytes.
enum Envelope: Sendable, Hashable {
    case hello(Hello)
    case message(LinkMessage)
    /// The last message each way: 0 when nothing is wrong, else a fault's number and its sentence.
    case bye(number: UInt32, text: String)
}

/// An envelope as bytes. The payload of a frame stays apart, so that it is copied once, into the transport's buffer.
struct Packet: Sendable {
    let head: [UInt8]
    let payload: [UInt8]

    /// Bytes that this adds to the stream: the message and gRPC's 5 bytes before it.
    var size: Int { head.count + payload.count + 5 }
}
