import Faults
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Names to addresses, by the machine's own resolver.
enum HostAddresses {
    /// Every address of the host, in the resolver's order (RFC 6724). The resolver blocks, so it has a thread.
    ///
    /// - Throws: `LinkFaults.nameUnknown`; `CancellationError`.
    static func find(_ address: HostAndPort) async throws -> [SocketAddress] {
        let found = try await NIOThreadPool.singleton.runIfActive { lookUp(address) }
        guard !found.isEmpty else {
            throw Fault(LinkFaults.nameUnknown, "The name \(address.host) is not known.", at: address.description)
        }
        return found
    }

    private static func lookUp(_ address: HostAndPort) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let made = socketAddress(info) { found.append(made) }
            entry = info.ai_next
        }
        return found
    }

    private static func socketAddress(_ info: addrinfo) -> SocketAddress? {
        guard let address = info.ai_addr else { return nil }
        let raw = UnsafeRawPointer(address)
        switch info.ai_family {
        case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }
}
