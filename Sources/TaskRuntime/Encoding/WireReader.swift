import Faults

/// Reads big-endian fields, never beyond the end.
struct WireReader {
    private let bytes: [UInt8]
    private var position = 0
    private let failure: FaultEntry

    /// - Parameter failure: what is thrown for bytes that are not as they must be.
    init(_ bytes: [UInt8], or failure: FaultEntry) {
        self.bytes = bytes
        self.failure = failure
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type = Number.self
    ) throws(Fault) -> Number {
        var number: UInt64 = 0
        for byte in try block(Number.bitWidth / 8) { number = number << 8 | UInt64(byte) }
        return Number(truncatingIfNeeded: number)
    }

    mutating func block(_ count: Int) throws(Fault) -> [UInt8] {
        guard count >= 0, bytes.count - position >= count else { throw Fault(failure) }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func name() throws(Fault) -> String {
        let count = Int(try number(UInt8.self))
        guard let name = String(validating: try block(count), as: UTF8.self) else { throw Fault(failure) }
        return name
    }

    mutating func rest() -> [UInt8] {
        defer { position = bytes.count }
        return Array(bytes[position...])
    }

    func finish() throws(Fault) {
        guard position == bytes.count else { throw Fault(failure) }
    }
}
