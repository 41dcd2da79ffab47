import Crypto

/// What shows that a form came from a page of this site: a random value in a cookie that no other host can set
/// (`__Host-`), and the same in the form (double submit). It stands beside `SameSite=Strict` of the session and what
/// browsers say of where a request comes from.
///
/// In pages the value is written under a fresh mask each time, so that compressed pages tell nothing of it.
struct FormToken: Sendable {
    static let cookie = "__Host-atoll-form"
    private static let count = 16

    private let value: [UInt8]
    /// Whether the browser has it already.
    let isNew: Bool

    init(_ cookies: CookieJar) {
        let kept = cookies[Self.cookie].flatMap { Self.bytes($0) }
        isNew = kept?.count != Self.count
        value = kept.flatMap { $0.count == Self.count ? $0 : nil } ?? Self.random()
    }

    var cookieField: String {
        "\(Self.cookie)=\(Self.text(value)); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    /// For one form.
    var masked: String {
        let mask = Self.random()
        return Self.text(mask + zip(mask, value).map { $0 ^ $1 })
    }

    func isIn(_ text: String) -> Bool {
        guard !isNew, let bytes = Self.bytes(text), bytes.count == 2 * Self.count else { return false }
        let unmasked = zip(bytes.prefix(Self.count), bytes.suffix(Self.count)).map { $0 ^ $1 }
        return zip(unmasked, value).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A key under which one request is done once.
    static func requestKey() -> String { text(random()) }

    private static func random() -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        bytes.map { (($0 < 16) ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.count <= 4 * count else { return nil }
        var result: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            result.append(byte)
        }
        return result
    }
}
