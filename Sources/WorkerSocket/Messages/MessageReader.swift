import Faults

/// Where the bytes of messages come from.
public protocol ByteSource {
    /// Reads at least one byte; waits until there is one.
    ///
    /// - Returns: how many bytes were read; 0 at the end.
    mutating func read(into bytes: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Takes messages from a stream of bytes, in the strict form of `docs/protocols/worker-socket.md`: whatever is not
/// exactly a message is refused by its number, and nothing is allocated beyond the limits of the message's kind.
///
/// Small parts go through a buffer; payloads are read to where they stay.
public struct MessageReader<Source: ByteSource> {
    private var source: Source
    private var buffer = [UInt8](repeating: 0, count: 16 << 10)
    private var start = 0
    private var end = 0

    public init(_ source: Source) {
        self.source = source
    }

    /// The next message; nil at an end between two messages. After a fault the reader is of no more use.
    ///
    /// - Throws: `GatewayFaults.malformedMessage`, `.unknownMessage`, `.messageTooLong`, `.socketLost` for an end
    ///   inside a message, and what the source throws.
    public mutating func next() throws -> WorkerMessage? {
        guard try fill(5, mayEnd: true) else { return nil }
        var cursor = ByteCursor(buffer, from: start, to: start + 5)
        let length = Int(try cursor.number(UInt32.self))
        let byte = try cursor.number(UInt8.self)
        start += 5
        guard let kind = MessageKind(rawValue: byte) else { throw Fault(GatewayFaults.unknownMessage) }
        guard length >= 1 else { throw Fault(GatewayFaults.malformedMessage, "A message has no kind.") }
        let count = length - 1
        guard count <= kind.maximumBody else {
            throw Fault(GatewayFaults.messageTooLong, wanted: "at most \(kind.maximumBody) bytes for this kind")
        }
        switch kind {
        case .frame: return try frame(count)
        case .checkpoint: return try checkpoint(count)
        case .close: return try close(count)
        case .open, .ack, .progress, .log:
            var cursor = try take(count)
            let message = try SmallMessage.parse(kind, &cursor)
            try cursor.finish()
            return message
        }
    }

    private mutating func frame(_ count: Int) throws -> WorkerMessage {
        guard count > MessageKind.frameHead else {
            throw Fault(GatewayFaults.malformedMessage, "A frame is too short.")
        }
        try fill(MessageKind.frameHead)
        let nameCount = Int(buffer[start + MessageKind.frameHead - 1])
        let headCount = MessageKind.frameHead + nameCount
        guard count >= headCount else { throw Fault(GatewayFaults.malformedMessage, "A frame's type has no end.") }
        var cursor = try take(headCount)
        var frame = WorkerFrame(
            channel: try cursor.number(), step: try cursor.number(), sequence: try cursor.number(),
            elements: try cursor.number(), type: try cursor.name(), payload: []
        )
        guard frame.type.utf8.allSatisfy({ $0.isTypeCharacter }) else {
            throw Fault(GatewayFaults.malformedMessage, "A frame's type has other characters.", wanted: "a-z 0-9 . -")
        }
        guard frame.channel > 0 else { throw Fault(GatewayFaults.malformedMessage, "A frame names channel 0.") }
        guard count - headCount <= WorkerSocket.maximumPayload else {
            throw Fault(GatewayFaults.messageTooLong, wanted: "a payload of at most 4 MiB")
        }
        frame.payload = try block(count - headCount)
        return .frame(frame)
    }

    private mutating func checkpoint(_ count: Int) throws -> WorkerMessage {
        guard count >= MessageKind.checkpointHead else {
            throw Fault(GatewayFaults.malformedMessage, "A checkpoint is too short.")
        }
        var cursor = try take(MessageKind.checkpointHead)
        let unit = try cursor.number(UInt64.self)
        let isLast = try cursor.flag()
        return .checkpoint(unit: unit, isLast: isLast, bytes: try block(count - MessageKind.checkpointHead))
    }

    private mutating func close(_ count: Int) throws -> WorkerMessage {
        guard count >= 1 else { throw Fault(GatewayFaults.malformedMessage, "A close is empty.") }
        try fill(1)
        if buffer[start] == CloseKind.done.rawValue {
            start += 1
            return .done(result: try block(count - 1))
        }
        guard count <= 3 + WorkerSocket.maximumText else { throw Fault(GatewayFaults.messageTooLong) }
        var cursor = try take(count)
        let message = try SmallMessage.parse(.close, &cursor)
        try cursor.finish()
        return message
    }
}

extension MessageReader {
    /// Takes `count` bytes off the buffer; at most as many as it holds.
    private mutating func take(_ count: Int) throws -> ByteCursor {
        try fill(count)
        defer { start += count }
        return ByteCursor(buffer, from: start, to: start + count)
    }

    /// Makes sure that so many bytes lie in the buffer, and reads little beyond: what follows is often a payload, which
    /// should not be copied twice.
    ///
    /// - Returns: false at an end before the first byte, where that is allowed.
    @discardableResult
    private mutating func fill(_ count: Int, mayEnd: Bool = false) throws -> Bool {
        guard end - start < count else { return true }
        if start > 0 {
            for place in 0..<(end - start) { buffer[place] = buffer[start + place] }
            (start, end) = (0, end - start)
        }
        while end < count {
            let (from, to) = (end, min(buffer.count, max(count, end + 1_024)))
            let read = try buffer.withUnsafeMutableBytes { bytes in
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[from..<to]))
            }
            if read == 0 {
                if mayEnd, end == 0 { return false }
                throw Fault(GatewayFaults.socketLost, "The connection ended within a message.")
            }
            end += read
        }
        return true
    }

    /// Reads so many bytes into an array of their own.
    private mutating func block(_ count: Int) throws -> [UInt8] {
        let ready = min(count, end - start)
        let from = start
        let block = try [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let bytes = UnsafeMutableRawBufferPointer(target)
            buffer.withUnsafeBytes { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[from..<from + ready])) }
            var done = ready
            while done < count {
                let read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[done...]))
                if read == 0 { throw Fault(GatewayFaults.socketLost, "The connection ended within a message.") }
                done += read
            }
            filled = count
        }
        start += ready
        return block
    }
}

extension UInt8 {
    /// Whether the byte may stand in the name of a message type.
    fileprivate var isTypeCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
