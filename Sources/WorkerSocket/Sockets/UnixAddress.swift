import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What listening and connecting have in common.
enum UnixAddress {
    #if os(Linux)
        static let noSignal = Int32(MSG_NOSIGNAL)
    #else
        static let noSignal: Int32 = 0
    #endif

    static func socket() throws -> Int32 {
        #if canImport(Glibc)
            let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #elseif canImport(Musl)
            let descriptor = Musl.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
        #else
            let descriptor = Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw Fault(GatewayFaults.socketUnusable, reason) }
        return descriptor
    }

    /// Calls the body with the address of a path.
    ///
    /// - Throws: `GatewayFaults.socketUnusable` for a path that does not fit.
    static func with<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
    ) throws -> Result {
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !path.isEmpty, path.utf8.count < room else {
            throw Fault(
                GatewayFaults.socketUnusable, "The path of the workers' socket is empty or too long.", at: path,
                wanted: "1 to \(room - 1) bytes"
            )
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// A fault with the system's last error.
    static func fault(_ problem: String, _ path: String) -> Fault {
        Fault(GatewayFaults.socketUnusable, "The workers' socket \(problem): \(reason).", at: path)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
