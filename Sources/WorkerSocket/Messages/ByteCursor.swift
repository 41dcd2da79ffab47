import Faults

/// Reads fields from a range of bytes, never beyond it.
struct ByteCursor {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        position = start
        self.end = end
    }

    /// Big-endian.
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type = Number.self) throws -> Number {
        let count = Number.bitWidth / 8
        try need(count)
        var number: UInt64 = 0
        for place in position..<position + count { number = number << 8 | UInt64(bytes[place]) }
        position += count
        return Number(truncatingIfNeeded: number)
    }

    mutating func flag() throws -> Bool {
        switch try number(UInt8.self) {
        case 0: false
        case 1: true
        default: throw Fault(GatewayFaults.malformedMessage, "A flag is neither 0 nor 1.")
        }
    }

    mutating func block(_ count: Int) throws -> [UInt8] {
        try need(count)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A byte of length, 1 to 63, and as many bytes of UTF-8.
    mutating func name() throws -> String {
        let count = Int(try number(UInt8.self))
        guard (1...WorkerSocket.maximumName).contains(count) else {
            throw Fault(GatewayFaults.malformedMessage, "A name is empty or too long.", wanted: "1 to 63 bytes")
        }
        return try string(count)
    }

    /// Everything that is left, as UTF-8.
    mutating func text() throws -> String {
        guard end - position <= WorkerSocket.maximumText else {
            throw Fault(GatewayFaults.messageTooLong, wanted: "a text of at most 8 KiB")
        }
        return try string(end - position)
    }

    func finish() throws {
        guard position == end else { throw Fault(GatewayFaults.malformedMessage, "A message has bytes too many.") }
    }

    private mutating func string(_ count: Int) throws -> String {
        try need(count)
        defer { position += count }
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
            throw Fault(GatewayFaults.malformedMessage, "A text is not UTF-8.")
        }
        return text
    }

    private func need(_ count: Int) throws {
        guard end - position >= count else {
            throw Fault(GatewayFaults.malformedMessage, "A message ends too early.")
        }
    }
}
