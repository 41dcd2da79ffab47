import Crypto
public import Faults

/// Collects little-endian fields.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger) {
        var number = number
        for _ in 0..<number.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: number))
            number >>= 8
        }
    }

    mutating func put(_ number: Double) { put(number.bitPattern) }

    mutating func put(_ number: Float) { put(number.bitPattern) }

    mutating func put(_ flag: Bool) { put(flag ? 1 as UInt8 : 0) }

    mutating func put(bytes more: some Sequence<UInt8>) { bytes += more }

    /// A length of 4 bytes and the UTF-8.
    mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        bytes += text.utf8
    }
}

/// Reads what `ByteWriter` wrote; whatever does not fit is `ModelingFaults.encoding`.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    var isAtEnd: Bool { place == bytes.endIndex }
    var remaining: Int { bytes.endIndex - place }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Fault) -> Number {
        var value: Number = 0
        for (index, byte) in try take(Number.bitWidth / 8).enumerated() {
            value |= Number(truncatingIfNeeded: byte) << Number(index * 8)
        }
        return value
    }

    mutating func double() throws(Fault) -> Double { Double(bitPattern: try number()) }

    mutating func float() throws(Fault) -> Float { Float(bitPattern: try number()) }

    mutating func flag() throws(Fault) -> Bool {
        switch try number(UInt8.self) {
        case 0: false
        case 1: true
        default: throw Self.damaged("a flag is neither 0 nor 1")
        }
    }

    mutating func text() throws(Fault) -> String {
        let count = Int(try number(UInt32.self))
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw Self.damaged("a name is not UTF-8")
        }
        return text
    }

    /// A count of things of at least `each` bytes, so that a damaged count cannot ask for memory without bound.
    mutating func count(each: Int) throws(Fault) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= remaining / each else { throw Self.damaged("a count is beyond the end") }
        return count
    }

    mutating func take(_ count: Int) throws(Fault) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw Self.damaged("the bytes end too early") }
        defer { place += count }
        return bytes[place..<place + count]
    }

    static func damaged(_ what: String) -> Fault { Fault(ModelingFaults.encoding, what) }
}

/// A SHA-256, printed as 64 hexadecimal digits.
public struct ModelDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// The digest of bytes after the name of what they are.
    init(domain: String, _ bytes: [UInt8]) {
        var hash = SHA256()
        hash.update(data: Array(domain.utf8))
        hash.update(data: bytes)
        self.bytes = Array(hash.finalize())
    }

    /// A digest that another party computed.
    ///
    /// - Throws: `ModelingFaults.encoding` unless these are 32 bytes.
    public init(bytes: [UInt8]) throws(Fault) {
        guard bytes.count == 32 else { throw ByteReader.damaged("a digest has 32 bytes") }
        self.bytes = bytes
    }

    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
