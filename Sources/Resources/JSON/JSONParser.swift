public import Faults

/// A strict JSON reader (RFC 8259) for bytes that a user or a peer sent.
///
/// Refuses, each with line and column: anything but one value, duplicate keys, invalid UTF-8, lone surrogates, numbers
/// outside Int64 that are not finite doubles, nesting deeper than `maximumDepth`. Messages name positions and keys,
/// never values. Runs in linear time and recurses at most `maximumDepth` deep.
public struct JSONParser: ~Copyable {
    public static let maximumDepth = 64

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0

    private init(_ bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        depthLimit = depth
    }

    /// - Throws: `ResourceFaults.syntax`, `.duplicateKey`, `.tooDeep`.
    public static func parse(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        try parse(bytes, depth: maximumDepth)
    }

    public static func parse(_ text: String) throws(Fault) -> JSONValue {
        try parse(Array(text.utf8))
    }

    /// For documents of our own, which may wrap a user's in a few levels more.
    static func parse(_ bytes: [UInt8], depth: Int) throws(Fault) -> JSONValue {
        var parser = JSONParser(bytes, depth: depth)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.unexpected("the end of the document") }
        return value
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= depthLimit else {
            throw Fault(ResourceFaults.tooDeep, at: place(of: position), wanted: "at most \(depthLimit) levels")
        }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
            let keyPosition = position
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
            skipSpace()
            let member = try value(depth: depth + 1)
            if members.updateValue(member, forKey: key) != nil {
                throw Fault(
                    ResourceFaults.duplicateKey, "The key '\(key.shortened)' appears twice.", at: place(of: keyPosition)
                )
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}'") }
            skipSpace()
        }
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or ']'") }
            skipSpace()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        guard bytes[position...].starts(with: text.description.utf8) else { throw unexpected("a value") }
        position += text.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(Fault) -> JSONValue {
        let start = position
        var isInteger = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw unexpected("a number that fits a double") }
        return .number(value)
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        if position == start { throw unexpected("a digit") }
    }

    private mutating func string() throws(Fault) -> String {
        position += 1
        var start = position
        var pieces: [UInt8] = []
        var isASCII = true
        while true {
            guard let byte = peek else { throw unexpected("the closing '\"'") }
            switch byte {
            case UInt8(ascii: "\""):
                let end = position
                position += 1
                // Nearly every text: no validation is needed.
                if isASCII, pieces.isEmpty { return String(decoding: bytes[start..<end], as: UTF8.self) }
                let content: String? =
                    pieces.isEmpty
                    ? String(validating: bytes[start..<end], as: UTF8.self)
                    : String(validating: pieces + bytes[start..<end], as: UTF8.self)
                guard let content else { throw unexpected("valid UTF-8 in the text before this point") }
                return content
            case UInt8(ascii: "\\"):
                pieces += bytes[start..<position]
                position += 1
                try escape(into: &pieces)
                start = position
            case 0..<0x20: throw unexpected("no control character inside a text")
            default:
                if byte >= 0x80 { isASCII = false }
                position += 1
            }
        }
    }

    private mutating func escape(into pieces: inout [UInt8]) throws(Fault) {
        guard let byte = peek else { throw unexpected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): pieces.append(byte)
        case UInt8(ascii: "b"): pieces.append(0x08)
        case UInt8(ascii: "f"): pieces.append(0x0C)
        case UInt8(ascii: "n"): pieces.append(0x0A)
        case UInt8(ascii: "r"): pieces.append(0x0D)
        case UInt8(ascii: "t"): pieces.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw unexpected("a low surrogate") }
                let low = UInt32(try hexadecimal())
                guard (0xDC00..<0xE000).contains(low) else { throw unexpected("a low surrogate") }
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw unexpected("a character, not half of a pair") }
            pieces += Array(String(Character(scalar)).utf8)
        default:
            position -= 1
            throw unexpected("a JSON escape")
        }
    }

    private mutating func hexadecimal() throws(Fault) -> UInt16 {
        guard bytes.count - position >= 4,
            bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw unexpected("four hexadecimal digits") }
        position += 4
        return value
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Counts from the start: for messages only, or reading would take quadratic time.
    private func place(of position: Int) -> String {
        var line = 1
        var column = 1
        for byte in bytes.prefix(position) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return "line \(line), column \(column)"
    }

    private func unexpected(_ wanted: String) -> Fault {
        Fault(
            ResourceFaults.syntax,
            position < bytes.count ? "This is not valid JSON." : "The JSON document ends too early.",
            at: place(of: position),
            wanted: wanted
        )
    }
}

extension String {
    /// At most 40 characters, for names quoted in messages.
    var shortened: String {
        count <= 40 ? self : prefix(39) + "…"
    }
}
