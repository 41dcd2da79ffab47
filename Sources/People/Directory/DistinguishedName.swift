/// A name of an entry, made comparable (RFC 4514): without regard to case, to space around its parts and to the way in
/// which characters are escaped. Attribute types are compared as they are written.
struct DistinguishedName: Hashable, Sendable {
    private let parts: [[UInt8]]

    /// - Returns: nil for a text that is no name, and for the empty one.
    init?(_ text: String) {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        // So many bytes at the end of the part were escaped or are no space, and stay.
        var kept = 0
        var bytes = Array(text.lowercased().utf8)[...]
        func finish() -> [UInt8]? {
            while part.count > kept, part.last == 0x20 { part.removeLast() }
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            var type = Array(part[..<equals])
            while type.last == 0x20 { type.removeLast() }
            guard !type.isEmpty else { return nil }
            let value = Array(part[(equals + 1)...].drop { $0 == 0x20 })
            return type + [UInt8(ascii: "=")] + value
        }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let first = bytes.popFirst() else { return nil }
                if let high = Self.digit(first), let low = bytes.first.flatMap(Self.digit) {
                    bytes.removeFirst()
                    let byte = high << 4 | low
                    part.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
                } else {
                    part.append(first)
                }
                kept = part.count
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "+"):
                guard let whole = finish() else { return nil }
                parts.append((byte == UInt8(ascii: "+") ? [byte] : []) + whole)
                (part, kept) = ([], 0)
            case 0x20 where part.isEmpty: continue
            default: part.append(byte)
            }
        }
        guard let whole = finish() else { return nil }
        self.parts = parts + [whole]
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
