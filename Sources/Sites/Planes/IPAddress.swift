public import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address without port and zone.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes in network order. An IPv4 address that came mapped into IPv6 (RFC 4291 2.5.5.2) has 4, so that one
    /// machine has one address whichever socket it came through.
    public let bytes: [UInt8]

    /// Nil unless there are 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: Self.mapped) ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// Reads `10.0.0.1` and `2001:db8::1`, as inet_pton(3) does; nothing is looked up.
    public init?(_ text: String) {
        guard let raw = Self.raw(text) else { return nil }
        self.init(bytes: raw)
    }

    /// Nil for Unix sockets.
    public init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }

    public var isIPv4: Bool { bytes.count == 4 }

    /// Whether only this machine has it: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        isIPv4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// Whether it stands for every address of this machine: 0.0.0.0 or ::.
    public var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// Whether it says nothing without the interface it belongs to: fe80::/10 (RFC 4291 2.5.6).
    public var isLinkLocal: Bool { !isIPv4 && bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// The 4 or 16 bytes as written, mapped addresses not yet brought to 4.
    static func raw(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
