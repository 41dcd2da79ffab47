public import Faults

/// Where a peer is dialled: `host:port`, `[IPv6]:port`.
public struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    /// 1 to 65535.
    public let port: Int

    /// - Throws: `LinkFaults.address`.
    public init(_ text: String) throws(Fault) {
        let refusal = Fault(LinkFaults.address, "\"\(text.prefix(80))\" is no address.", wanted: "host:port")
        guard let colon = text.lastIndex(of: ":") else { throw refusal }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw refusal }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw refusal }
        } else if host.contains(":") {
            throw refusal
        }
        // Letters, digits and the marks of names, numbers and scopes (`fe80::1%eth0`): nothing that needs an escape.
        guard (1...253).contains(host.utf8.count),
            host.utf8.allSatisfy({ byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "%"): true
                default: false
                }
            })
        else { throw refusal }
        self.host = String(host)
        self.port = port
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
