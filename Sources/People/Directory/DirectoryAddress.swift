import Faults

/// Where a directory is: `ldaps://HOST` or `ldap://HOST`, with a port where it is not the usual one. RFC 4516 without
/// everything behind the host.
struct DirectoryAddress: Sendable, Hashable, CustomStringConvertible {
    let isOverTLS: Bool
    /// Without brackets.
    let host: String
    let port: UInt16

    /// - Returns: nil for anything else.
    init?(_ text: String) {
        let schemes = ["ldaps://": true, "ldap://": false]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0.key) }) else { return nil }
        isOverTLS = scheme.value
        var rest = text.dropFirst(scheme.key.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var port = rest[rest.endIndex...]
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[..<end].dropFirst())
            port = rest[rest.index(after: end)...]
            guard host.contains(":"), host.utf8.allSatisfy({ Self.hexadecimal.contains($0) }) else { return nil }
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end])
            port = rest[end...]
            guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(Self.isOfName) else { return nil }
        }
        guard !port.isEmpty else {
            self.port = isOverTLS ? 636 : 389
            return
        }
        guard port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0, !port.contains("+") else {
            return nil
        }
        self.port = number
    }

    /// An address of this machine itself, written as a number: a name could lead elsewhere.
    var isLoopback: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "::1" || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
    }

    var description: String {
        "\(isOverTLS ? "ldaps" : "ldap")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static let hexadecimal = Set("0123456789abcdefABCDEF:.".utf8)

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
