import Crypto
public import Faults
public import Ledger
public import Resources

/// What `atoll peer invite` prints: everything the other site needs to find this one, to know that it found it, and to
/// prove that it was invited. A secret: whoever has it first can join once.
///
/// Text: `atoll1-` and base 32 of secret (16 bytes), site (32), expiry in seconds since 1970 (5, big-endian), the count
/// of addresses (1), each address with its length before it (1 + n), and the first 4 bytes of SHA-256 over `atoll1-` and
/// all before. The check sum tells a slip of the hand from tampering; what guards against tampering is the proof in the
/// join request, which covers the whole code.
public struct JoinCode: Sendable, Hashable {
    public static let version = 1
    static let secretBytes = 16
    static let maximumAddresses = 8
    /// Longest text that is looked at.
    static let maximumCharacters = 4096

    /// Where the inviter listens, best first: 1 to 8, each `host:port`.
    public let addresses: [String]
    /// The inviter; the only site accepted at the other end.
    public let site: SiteID
    /// In whole seconds, by the inviter's clock.
    public let expiry: Timestamp
    /// 16 random bytes.
    let secret: [UInt8]

    /// - Throws: `RouteFaults.invalidAddress`, `JoiningFaults.noAddress`.
    init(addresses: [String], site: SiteID, expiry: Timestamp, secret: [UInt8]) throws(Fault) {
        precondition(secret.count == Self.secretBytes, "the secret has 16 bytes")
        guard (1...Self.maximumAddresses).contains(addresses.count) else {
            throw Fault(JoiningFaults.noAddress, at: "addresses", wanted: "1 to \(Self.maximumAddresses) addresses")
        }
        var read: [String] = []
        for address in addresses {
            let known = try HostAndPort.read(address, at: "addresses").description
            // Its length is one byte.
            guard known.utf8.count <= 255 else {
                throw Fault(RouteFaults.invalidAddress, at: "addresses", wanted: "at most 255 characters")
            }
            read.append(known)
        }
        self.addresses = read
        self.site = site
        self.expiry = Timestamp(milliseconds: expiry.milliseconds / 1000 * 1000)
        self.secret = secret
    }

    /// A new code with a fresh secret.
    static func make(addresses: [String], site: SiteID, expiry: Timestamp) throws(Fault) -> JoinCode {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<secretBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return try JoinCode(addresses: addresses, site: site, expiry: expiry, secret: secret)
    }

    /// Reads a code; capitals and white space, as mail programs put it in, do not matter.
    ///
    /// - Throws: `JoiningFaults.codeMalformed`, `.codeVersion`, `.codeMistyped`; none repeats the code.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.maximumCharacters else { throw Self.malformed("It is too long.") }
        let plain = String(
            decoding: text.utf8.compactMap { byte -> UInt8? in
                switch byte {
                case 0x09, 0x0A, 0x0D, 0x20: nil
                case 0x41...0x5A: byte + 0x20
                default: byte
                }
            }, as: UTF8.self)
        guard plain.hasPrefix("atoll"), let dash = plain.firstIndex(of: "-") else {
            throw Self.malformed("It does not begin with `atoll1-`.")
        }
        let digits = plain[..<dash].dropFirst("atoll".count)
        guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Self.malformed("It does not begin with `atoll1-`.")
        }
        guard digits == "\(Self.version)" else {
            throw Fault(JoiningFaults.codeVersion, at: "join code", wanted: Self.prefix)
        }
        guard let bytes = Base32.decode(plain[plain.index(after: dash)...]), bytes.count > 4 else {
            throw Self.malformed("It has characters that no code has, or some are missing.")
        }
        let payload = Array(bytes.dropLast(4))
        guard Self.checksum(of: payload) == Array(bytes.suffix(4)) else {
            throw Fault(JoiningFaults.codeMistyped, at: "join code")
        }
        try self.init(payload: payload)
    }

    /// The code as it is given to a person.
    public var text: String {
        let payload = payload
        return Self.prefix + Base32.encode(payload + Self.checksum(of: payload))
    }

    /// What the invitation is called on both sides: 16 characters, from which nobody finds the secret.
    var invitation: String {
        let hash = SHA256.hash(data: Array("atoll invitation".utf8) + secret)
        return Base32.encode(hash.prefix(10))
    }

    /// SHA-256 of everything the code says; 32 bytes.
    var digest: [UInt8] {
        Array(SHA256.hash(data: Array(Self.prefix.utf8) + payload))
    }

    /// 9999-12-31T23:59:59Z.
    private static let lastSecond: Int64 = 253_402_300_799
    private static let prefix = "atoll\(version)-"

    private init(payload: [UInt8]) throws(Fault) {
        var rest = payload[...]
        func take(_ count: Int) -> [UInt8]? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        guard let secret = take(Self.secretBytes), let digest = take(32), let expiry = take(5), let count = take(1)
        else { throw Self.malformed("It is too short.") }
        var addresses: [String] = []
        for _ in 0..<count[0] {
            guard let length = take(1), let bytes = take(Int(length[0])),
                let address = HostAndPort(String(decoding: bytes, as: UTF8.self)),
                Array(address.description.utf8) == bytes
            else { throw Self.malformed("An address in it cannot be read.") }
            addresses.append(address.description)
        }
        guard rest.isEmpty, (1...Self.maximumAddresses).contains(addresses.count) else {
            throw Self.malformed("Its parts do not fit together.")
        }
        let seconds = expiry.reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard seconds <= Self.lastSecond else { throw Self.malformed("Its expiry is no time.") }
        self.addresses = addresses
        self.site = SiteID(digest: digest)
        self.expiry = Timestamp(milliseconds: seconds * 1000)
        self.secret = secret
    }

    private var payload: [UInt8] {
        let seconds = UInt64(clamping: expiry.milliseconds / 1000)
        var bytes = secret + (Base32.decode(site.text) ?? [])
        bytes += (0..<5).map { UInt8(truncatingIfNeeded: seconds >> UInt64(8 * (4 - $0))) }
        bytes.append(UInt8(addresses.count))
        for address in addresses { bytes += [UInt8(address.utf8.count)] + Array(address.utf8) }
        return bytes
    }

    private static func checksum(of payload: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array(prefix.utf8) + payload).prefix(4))
    }

    private static func malformed(_ why: String) -> Fault {
        Fault(JoiningFaults.codeMalformed, "The join code cannot be read. \(why)", at: "join code")
    }
}

extension JoinCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the secret, so that no log line or test prints it by accident.
    public var description: String { "join code of \(site.short)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
