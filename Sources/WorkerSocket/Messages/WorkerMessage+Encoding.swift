extension WorkerMessage {
    /// The bytes of the message in two parts, so that a payload is not copied: everything before it, and it.
    ///
    /// Texts that are too long are cut at a character; other fields are the caller's to keep within bounds (a name of
    /// more than 63 bytes, a token that is not 32 or a payload above 4 MiB stop the program).
    public func encoded() -> (head: [UInt8], body: [UInt8]) {
        var writer = MessageWriter(kind)
        var body: [UInt8] = []
        switch self {
        case .hello(let hello):
            precondition(hello.token.count == WorkerSocket.tokenLength, "a token has 32 bytes")
            writer.put(OpenKind.hello.rawValue)
            writer.put(hello.version)
            writer.put(hello.token)
            writer.put(hello.epoch)
            writer.put(name: hello.job)
            writer.put(name: hello.task)
        case .welcome(let version, let credit):
            writer.put(OpenKind.welcome.rawValue)
            writer.put(version)
            writer.put(credit)
        case .channel(let channel):
            writer.put(OpenKind.channel.rawValue)
            writer.put(channel.number)
            writer.put(channel.direction.rawValue)
            writer.put(channel.next)
            writer.put(channel.credit)
            writer.put(name: channel.peer)
        case .frame(let frame):
            writer.put(frame.channel)
            writer.put(frame.step)
            writer.put(frame.sequence)
            writer.put(frame.elements)
            writer.put(name: frame.type)
            body = frame.payload
        case .ack(let channel, let next, let credit):
            writer.put(channel)
            writer.put(next)
            writer.put(credit)
        case .progress(let done, let total):
            writer.put(done)
            writer.put(total)
        case .log(let level, let text):
            writer.put(level)
            writer.put(Self.cut(text))
        case .checkpoint(let unit, let isLast, let bytes):
            writer.put(unit)
            writer.put(isLast ? 1 as UInt8 : 0)
            body = bytes
        case .end(let channel, let next):
            writer.put(CloseKind.end.rawValue)
            writer.put(channel)
            writer.put(next)
        case .done(let result):
            writer.put(CloseKind.done.rawValue)
            body = result
        case .fault(let number, let text):
            writer.put(CloseKind.fault.rawValue)
            writer.put(number)
            writer.put(Self.cut(text))
        }
        precondition(body.count <= WorkerSocket.maximumPayload, "a payload has at most 4 MiB")
        return (writer.finish(bodyCount: body.count), body)
    }

    private var kind: MessageKind {
        switch self {
        case .hello, .welcome, .channel: .open
        case .frame: .frame
        case .ack: .ack
        case .progress: .progress
        case .log: .log
        case .checkpoint: .checkpoint
        case .end, .done, .fault: .close
        }
    }

    /// The text's bytes, at most as many as a text may have, ending with a whole scalar.
    private static func cut(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8.prefix(WorkerSocket.maximumText))
        guard bytes.count < text.utf8.count else { return bytes }
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return bytes
    }
}

/// Collects the head of a message behind its length.
private struct MessageWriter {
    private var bytes: [UInt8]

    init(_ kind: MessageKind) {
        bytes = [0, 0, 0, 0, kind.rawValue]
        bytes.reserveCapacity(128)
    }

    mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func put(_ block: [UInt8]) {
        bytes += block
    }

    mutating func put(name: String) {
        precondition((1...WorkerSocket.maximumName).contains(name.utf8.count), "a name has 1 to 63 bytes")
        bytes.append(UInt8(name.utf8.count))
        bytes += name.utf8
    }

    consuming func finish(bodyCount: Int) -> [UInt8] {
        let length = UInt32(bytes.count - 4 + bodyCount)
        for place in 0..<4 { bytes[place] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * place)) }
        return bytes
    }
}
