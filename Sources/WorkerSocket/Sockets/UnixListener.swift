public import Faults
import Synchronization

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
    private let isStopped = Mutex(false)
    /// How often somebody who cannot be taken is tried again, in microseconds.
    private static let pause: UInt32 = 100_000
    /// Told at the first of so many tries in vain: once a minute.
    private static let triesPerReport = 600

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
    ///
    /// Where the process or the system has no descriptors or memory left, whoever connects waits until it has.
    ///
    /// - Parameter report: called when that begins, and once a minute while it lasts.
    public func accept(onShortage report: (Fault) -> Void = { _ in }) -> UnixSocket? {
        var tries = 0
        while !isStopped.withLock({ $0 }) {
            let connection = Self.acceptSystem(descriptor)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                let socket = UnixSocket(descriptor: connection)
                socket.widen()
                return socket
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOMEM, ENOBUFS:
                if tries.isMultiple(of: Self.triesPerReport) {
                    report(UnixAddress.fault("takes nobody at the moment", path))
                }
                tries += 1
                usleep(Self.pause)
            default: return nil
            }
        }
        return nil
    }

    /// Ends `accept` and removes the socket from its folder.
    public func stop() {
        isStopped.withLock { $0 = true }
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
