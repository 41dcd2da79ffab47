public import Faults

/// A block of addresses in CIDR form (RFC 4632, RFC 4291 2.3): `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// The first address; every bit behind the prefix is 0.
    public let first: IPAddress
    /// How many leading bits are fixed: 0 to 32, or 0 to 128.
    public let prefix: Int

    /// - Throws: `RouteFaults.invalidRange` for anything else than an address with a prefix that leaves its other bits 0.
    public init(_ text: String) throws(Fault) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap({ IPAddress.raw(String($0)) }),
            let address = IPAddress(bytes: first)
        else { throw Self.refusal(text, "Its address cannot be read.") }
        let bits = first.count * 8
        var prefix = bits
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(parts[1]), number <= bits
            else { throw Self.refusal(text, "Its prefix is no whole number from 0 to \(bits).") }
            prefix = number
        }
        // Written as mapped into IPv6: the part that is fixed must reach into the IPv4 address.
        if bits == 128, address.isIPv4 {
            guard prefix >= 96 else { throw Self.refusal(text, "It mixes IPv4 and IPv6.") }
            prefix -= 96
        }
        let masked = Self.masked(address.bytes, prefix)
        guard masked == address.bytes else {
            let meant = IPAddress(bytes: masked).map { "\($0)/\(prefix)" } ?? ""
            throw Self.refusal(
                text, "Bits behind its prefix are set.", wanted: "\(meant), or \(address) for one address")
        }
        self.first = address
        self.prefix = prefix
    }

    private init(_ first: IPAddress, prefix: Int) {
        self.first = first
        self.prefix = prefix
    }

    /// One family never contains the other; mapped addresses count as IPv4.
    public func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == first.bytes.count && Self.masked(address.bytes, prefix) == first.bytes
    }

    public var description: String {
        prefix == first.bytes.count * 8 ? first.description : "\(first)/\(prefix)"
    }

    /// 127.0.0.0/8 and ::1.
    static let loopback = [
        AddressRange(IPAddress(bytes: [127, 0, 0, 0])!, prefix: 8),
        AddressRange(IPAddress(bytes: Array(repeating: 0, count: 15) + [1])!, prefix: 128),
    ]

    private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
        bytes.indices.map { index in
            let kept = min(max(prefix - index * 8, 0), 8)
            return bytes[index] & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
    }

    private static func refusal(_ text: String, _ why: String, wanted: String? = nil) -> Fault {
        Fault(
            RouteFaults.invalidRange,
            "'\(text.prefix(60))' is no range of addresses. \(why)",
            wanted: wanted ?? "CIDR such as 10.0.0.0/8 or 2001:db8::/32, or one address"
        )
    }
}

/// Who may connect to a plane: a list of ranges, or everyone.
public struct AllowList: Sendable, Hashable, CustomStringConvertible {
    /// Nil lets everyone in.
    public let ranges: [AddressRange]?

    public static let everyone = AllowList(ranges: nil)
    /// Only this machine.
    public static let loopback = AllowList(ranges: AddressRange.loopback)

    public init(ranges: [AddressRange]?) {
        self.ranges = ranges
    }

    /// Reads ranges separated by commas, or one of the words `everyone` and `loopback`.
    ///
    /// - Throws: `RouteFaults.invalidRange`.
    public init(_ text: String) throws(Fault) {
        switch text {
        case "everyone": self = .everyone
        case "loopback": self = .loopback
        default:
            var ranges: [AddressRange] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                ranges.append(
                    try AddressRange(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())))
            }
            self.ranges = ranges
        }
    }

    public func allows(_ address: IPAddress) -> Bool {
        ranges?.contains { $0.contains(address) } ?? true
    }

    public var description: String {
        if self == .loopback { return "loopback" }
        return ranges.map { $0.map(\.description).joined(separator: ",") } ?? "everyone"
    }
}
