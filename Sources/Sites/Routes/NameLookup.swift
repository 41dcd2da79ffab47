import Faults
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Asks the system's name service, which blocks, on a thread that may be blocked.
public struct NameLookup: Sendable {
    private let addresses: @Sendable (_ host: String) async throws -> [IPAddress]

    /// - Parameter addresses: every address of a host; throws a fault when there is none.
    public init(addresses: @escaping @Sendable (_ host: String) async throws -> [IPAddress]) {
        self.addresses = addresses
    }

    /// getaddrinfo(3) on the program's threads for blocking work.
    public static let system = NameLookup { host in
        try await NIOThreadPool.singleton.runIfActive { try Self.resolve(host) }
    }

    /// - Throws: `RouteFaults.nameUnknown`; `CancellationError`.
    public func find(_ host: String) async throws -> [IPAddress] {
        try await addresses(host)
    }

    /// Blocks.
    static func resolve(_ host: String) throws(Fault) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw Fault(
                RouteFaults.nameUnknown,
                "The host '\(host.prefix(80))' is not known: \(String(cString: gai_strerror(code))).",
                wanted: "a name that the name service knows, or an address")
        }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let pointer = entry.ai_addr else { return nil }
        let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(entry.ai_addrlen))
        switch entry.ai_family {
        case AF_INET where bytes.count >= 8: return IPAddress(bytes: Array(bytes[4..<8]))
        case AF_INET6 where bytes.count >= 24: return IPAddress(bytes: Array(bytes[8..<24]))
        default: return nil
        }
    }
}
