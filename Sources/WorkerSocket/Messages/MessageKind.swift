/// The kind byte of a message, and what follows it.
enum MessageKind: UInt8 {
    case open = 1
    case frame = 2
    case ack = 3
    case progress = 4
    case log = 5
    case checkpoint = 6
    case close = 7

    /// The most bytes after the kind byte.
    var maximumBody: Int {
        switch self {
        case .open: 1_024
        case .frame: Self.frameHead + WorkerSocket.maximumName + WorkerSocket.maximumPayload
        case .ack, .progress: 20
        case .log: 1 + WorkerSocket.maximumText
        case .checkpoint: Self.checkpointHead + WorkerSocket.maximumPayload
        case .close: max(1 + WorkerSocket.maximumPayload, 3 + WorkerSocket.maximumText)
        }
    }

    /// Bytes of a frame before its type: channel, step, sequence, elements, length of the type.
    static let frameHead = 25
    /// Bytes of a checkpoint before its part: id, last.
    static let checkpointHead = 9
}

/// The second byte of `open`.
enum OpenKind: UInt8 {
    case hello = 1
    case welcome = 2
    case channel = 3
}

/// The second byte of `close`.
enum CloseKind: UInt8 {
    case end = 1
    case done = 2
    case fault = 3
}
