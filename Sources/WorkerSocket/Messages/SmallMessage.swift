import Faults

/// Messages without a payload.
enum SmallMessage {
    static func parse(_ kind: MessageKind, _ cursor: inout ByteCursor) throws -> WorkerMessage {
        switch kind {
        case .open: return try open(&cursor)
        case .ack:
            return .ack(channel: try cursor.number(), next: try cursor.number(), credit: try cursor.number())
        case .progress:
            return .progress(done: try cursor.number(), total: try cursor.number())
        case .log:
            let level = try cursor.number(UInt8.self)
            guard level <= 6 else { throw Fault(GatewayFaults.malformedMessage, "A log level is above 6.") }
            return .log(level: level, text: try cursor.text())
        case .close: return try close(&cursor)
        case .frame, .checkpoint: throw Fault(GatewayFaults.malformedMessage)
        }
    }

    private static func open(_ cursor: inout ByteCursor) throws -> WorkerMessage {
        switch OpenKind(rawValue: try cursor.number()) {
        case .hello:
            return .hello(
                WorkerHello(
                    version: try cursor.number(), token: try cursor.block(WorkerSocket.tokenLength),
                    epoch: try cursor.number(), job: try cursor.name(), task: try cursor.name()
                )
            )
        case .welcome:
            return .welcome(version: try cursor.number(), credit: try cursor.number())
        case .channel:
            let number = try cursor.number(UInt32.self)
            guard number > 0, let direction = WorkerChannel.Direction(rawValue: try cursor.number()) else {
                throw Fault(GatewayFaults.malformedMessage, "A channel's number is 0 or its direction unknown.")
            }
            let next = try cursor.number(UInt64.self)
            let credit = try cursor.number(UInt64.self)
            let peer = try cursor.name()
            return .channel(
                WorkerChannel(number: number, direction: direction, peer: peer, next: next, credit: credit)
            )
        case nil: throw Fault(GatewayFaults.unknownMessage)
        }
    }

    private static func close(_ cursor: inout ByteCursor) throws -> WorkerMessage {
        switch CloseKind(rawValue: try cursor.number()) {
        case .end: return .end(channel: try cursor.number(), next: try cursor.number())
        case .fault: return .fault(number: try cursor.number(), text: try cursor.text())
        case .done, nil: throw Fault(GatewayFaults.unknownMessage)
        }
    }
}
