import Faults

/// What a form sent (WHATWG URL, 5.1, `application/x-www-form-urlencoded`): names and values in their order.
struct Form: Sendable {
    /// Every field of the largest form, a document in YAML with everything escaped.
    static let mostBytes = 1 << 20
    private static let mostFields = 2_000

    /// The name of the token's field.
    static let token = "form-token"
    /// The name of the field with the key under which the request is done once.
    static let key = "form-key"

    private(set) var fields: [(name: String, value: String)] = []

    init() {}

    /// - Throws: `ProgramFaults.badRequest` for what no form sends.
    init(_ bytes: [UInt8]) throws(Fault) {
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count == 2 ? try Self.decoded(halves[1]) : ""
            fields.append((try Self.decoded(halves[0]), value))
        }
        guard fields.count <= Self.mostFields else {
            throw Fault(
                ProgramFaults.badRequest, "The form has too many fields.", at: "request body",
                wanted: "at most \(Self.mostFields)")
        }
    }

    init(_ fields: [(String, String)]) {
        self.fields = fields.map { (name: $0.0, value: $0.1) }
    }

    /// As typed, without spaces around; nil when it is absent or empty. Passwords are read with `whole`.
    subscript(_ name: String) -> String? {
        whole(name).map { $0.trimmed }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Exactly as typed.
    func whole(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Exactly as typed; nil when it is absent or empty.
    func filled(_ name: String) -> String? { whole(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// Every value of boxes and lists that were chosen.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    func isChecked(_ name: String) -> Bool { self[name] != nil }

    var isEmpty: Bool { fields.isEmpty }

    private static func decoded(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex,
                    let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
                else { throw unreadable }
                result.append(byte)
                index += 2
            case let byte: result.append(byte)
            }
            index += 1
        }
        guard let text = String(validating: result, as: UTF8.self) else { throw unreadable }
        // Browsers send line breaks of texts as CR LF.
        return text.contains("\r\n")
            ? text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n") : text
    }

    private static var unreadable: Fault {
        Fault(
            ProgramFaults.badRequest, "The body is no form.", at: "request body",
            wanted: "application/x-www-form-urlencoded in UTF-8")
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
