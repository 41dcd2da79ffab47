public import Faults

/// `HOST:PORT`: a name, an IPv4 address, an IPv6 address in brackets, or an interface for a listener.
public struct HostAndPort: Sendable, Hashable, CustomStringConvertible {
    /// Without brackets.
    public let host: String
    /// 1 to 65535.
    public let port: Int

    /// The port of the federation plane when nobody says otherwise.
    public static let federationPort = 9370

    /// Nil unless it is a host of letters, digits, '.', '-', '_' (and ':' and '%' in brackets) and a port from 1 to 65535.
    public init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text.utf8[text.utf8.index(after: colon)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            let port = Int(String(digits) ?? ""), (1...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
        if isBracketed {
            host = host.dropFirst().dropLast()
            guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
        }
        guard (1...253).contains(host.utf8.count) else { return nil }
        guard
            host.utf8.allSatisfy({ byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                case UInt8(ascii: ":"), UInt8(ascii: "%"): isBracketed
                default: false
                }
            })
        else { return nil }
        self.init(host: String(host), port: port)
    }

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Where a peer is dialled.
    ///
    /// - Throws: `LinkFaults.address`.
    public init(dialling text: String) throws(Fault) {
        guard let address = HostAndPort(text) else {
            throw Fault(LinkFaults.address, "\"\(text.prefix(80))\" is no address.", wanted: "host:port")
        }
        self = address
    }

    /// - Throws: `RouteFaults.invalidAddress`.
    public static func read(_ text: String, at place: String) throws(Fault) -> HostAndPort {
        guard let address = HostAndPort(text) else {
            throw Fault(
                RouteFaults.invalidAddress,
                "'\(text.prefix(80))' is no address.",
                at: place,
                wanted: "HOST:PORT with a port from 1 to 65535, IPv6 in brackets"
            )
        }
        return address
    }

    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
