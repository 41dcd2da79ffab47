/// A path of the API with its query, encoded so that no name can leave its segment.
struct APIPath: Sendable, Hashable {
    /// Begins with `/`.
    let text: String

    /// - Parameters:
    ///   - segments: under `/api/v1`, not yet encoded.
    ///   - query: pairs without a value are left out.
    init(_ segments: String..., query: KeyValuePairs<String, String?> = [:]) {
        self.init(segments, query: query.map { ($0.key, $0.value) })
    }

    init(_ segments: [String], query: [(String, String?)] = []) {
        var text = "/api/v1"
        for segment in segments { text += "/" + Self.encoded(segment) }
        let pairs = query.compactMap { key, value in value.map { "\(key)=\(Self.encoded($0))" } }
        self.text = pairs.isEmpty ? text : text + "?" + pairs.joined(separator: "&")
    }

    /// Percent-encodes everything but RFC 3986's unreserved characters; a segment of dots is encoded too.
    static func encoded(_ text: String) -> String {
        let isDots = text == "." || text == ".."
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): bytes += isDots ? Array("%2E".utf8) : [byte]
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
