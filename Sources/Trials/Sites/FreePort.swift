package import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A port of loopback that nobody listens on at this moment. Another process may take it before the site does; the site
/// is started again with another one then.
package enum FreePort {
    /// - Throws: `TrialFaults.siteNotStarted`.
    package static func find() throws(Fault) -> Int {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw none() }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard isBound else { throw none() }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func none() -> Fault {
        Fault(
            TrialFaults.siteNotStarted, "No port of loopback is free: \(String(cString: strerror(errno))).",
            at: "127.0.0.1")
    }
}
