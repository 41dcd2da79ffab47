import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The listening end of a Unix socket, open to the program's own user only (mode 0600).
public final class UnixListener: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Takes the place of a socket that a dead process left there.
    ///
    /// - Throws: `GatewayFaults.socketUnusable` when the path is no good or somebody listens there.
    public init(_ path: String) throws {
        if (try? UnixSocket.connect(path)) != nil {
            throw Fault(GatewayFaults.socketUnusable, "Another process listens on the workers' socket.", at: path)
        }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        descriptor = try UnixAddress.socket()
        self.path = path
        let bound = Result { [descriptor] in try UnixAddress.with(path) { bind(descriptor, $0, $1) } }
        // Nobody can connect before `listen`. Not by a umask: that is the whole process's, other threads' files too.
        guard try bound.get() == 0, chmod(path, 0o600) == 0, listen(descriptor, 64) == 0 else {
            let fault = UnixAddress.fault("cannot be made", path)
            close(descriptor)
            throw fault
        }
    }

    deinit {
        close(descriptor)
    }

    /// Blocks until somebody connects; nil after `stop`.
    public func accept() -> UnixSocket? {
        while true {
            let connection = Self.acceptSystem(descriptor)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                let socket = UnixSocket(descriptor: connection)
                socket.widen()
                return socket
            }
            guard [EINTR, ECONNABORTED].contains(errno) else { return nil }
        }
    }

    /// Ends `accept` and removes the socket from its folder.
    public func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        unlink(path)
    }

    private static func acceptSystem(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.accept(descriptor, nil, nil)
        #elseif canImport(Musl)
            Musl.accept(descriptor, nil, nil)
        #else
            Darwin.accept(descriptor, nil, nil)
        #endif
    }
}
