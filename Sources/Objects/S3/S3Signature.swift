import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// AWS Signature Version 4 in the `Authorization` header. Source: "Create a signed AWS API request" of the IAM user guide,
/// and "Authenticating Requests: Using the Authorization Header" of the S3 API reference, whose vectors the tests hold.
struct S3Signature {
    let credentials: S3Credentials
    let region: String
    let service: String

    /// What is signed of a request.
    struct Request {
        var method: String
        /// Encoded as it is sent: each byte but RFC 3986's unreserved characters and `/` as `%XX`.
        var path: String
        /// Names and values, not encoded.
        var query: [(String, String)]
        /// All of them are signed, so only those that nobody on the way changes; with `host` and `x-amz-date`.
        var headers: [(String, String)]
        /// SHA-256 of the body in hexadecimal.
        var payloadDigest: String
    }

    /// The value of the header `Authorization`.
    ///
    /// - Parameter time: as `x-amz-date` says it: `20130524T000000Z`.
    func authorization(_ request: Request, time: String) -> String {
        let day = String(time.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let headers = Self.canonicalHeaders(request.headers)
        let names = headers.map(\.0).joined(separator: ";")
        let canonical = Self.canonical(request, headers, names)
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(Self.digest(canonical))"
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))
        for part in [day, region, service, "aws4_request"] { key = SymmetricKey(data: Self.code(part, key)) }
        let signature = Array(Self.code(text, key)).hexadecimal
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    /// The query as it is sent and signed: sorted by encoded name, then by encoded value.
    static func canonicalQuery(_ query: [(String, String)]) -> String {
        query.map { (encoded($0.0), encoded($0.1)) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Every byte but RFC 3986's unreserved characters as `%XX`.
    static func encoded(_ text: String, keeping kept: [UInt8] = []) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            case let other where kept.contains(other): bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func digest(_ text: String) -> String { Array(SHA256.hash(data: Array(text.utf8))).hexadecimal }

    static func canonical(_ request: Request, _ headers: [(String, String)], _ names: String) -> String {
        let lines = headers.map { "\($0.0):\($0.1)\n" }.joined()
        return "\(request.method)\n\(request.path)\n\(canonicalQuery(request.query))\n\(lines)\n\(names)\n"
            + request.payloadDigest
    }

    /// Lower-case names in order, values without blanks around them and with single ones inside; values of one name
    /// joined by commas.
    static func canonicalHeaders(_ headers: [(String, String)]) -> [(String, String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let words = value.split(whereSeparator: { $0 == " " || $0 == "\t" })
            values[name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}

/// Who asks. The secret key is never stored with settings, logged or sent.
public struct S3Credentials: Sendable {
    public let accessKey: String
    let secretKey: String

    public init(accessKey: String, secretKey: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
    }
}
