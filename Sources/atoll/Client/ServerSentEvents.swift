import Faults

/// One event of a `text/event-stream`.
struct ServerSentEvent: Sendable, Hashable {
    /// `message` when the stream gives no name.
    var name: String
    /// The last id seen in the stream up to this event.
    var id: String?
    var data: String
}

/// Reads a `text/event-stream` in pieces of any size. Source: WHATWG HTML, section 9.2.6.
///
/// Comments, unknown fields and `retry` are passed over; an event without data is not an event.
struct ServerSentEventParser: Sendable {
    /// The most bytes that one event may take; a resource is far smaller.
    static let maximumBytes = 16 << 20

    private var line: [UInt8] = []
    private var isAfterReturn = false
    private var isAtStart = true
    private var name = ""
    private var data: [String] = []
    private var bytesInEvent = 0
    private var lastID: String?

    /// The events that became complete with these bytes.
    ///
    /// - Throws: `ProgramFaults.strangeAnswer` when an event is too large.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(Fault) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isSecondHalf = isAfterReturn && byte == 0x0A
            isAfterReturn = byte == 0x0D
            if isSecondHalf { continue }
            if byte == 0x0A || byte == 0x0D {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                bytesInEvent += 1
                guard bytesInEvent <= Self.maximumBytes else {
                    throw Fault(
                        ProgramFaults.strangeAnswer,
                        "An event of the stream is too large.",
                        wanted: "at most \(Self.maximumBytes) bytes"
                    )
                }
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        var text = Substring(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
        if isAtStart, text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        isAtStart = false
        if text.isEmpty { return endEvent() }
        if text.hasPrefix(":") { return nil }
        let colon = text.firstIndex(of: ":")
        let field = text[..<(colon ?? text.endIndex)]
        var value = colon.map { text[text.index(after: $0)...] } ?? ""
        if value.hasPrefix(" ") { value.removeFirst() }
        switch field {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id" where !value.unicodeScalars.contains("\0"): lastID = String(value)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            bytesInEvent = 0
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(name: name.isEmpty ? "message" : name, id: lastID, data: data.joined(separator: "\n"))
    }
}
