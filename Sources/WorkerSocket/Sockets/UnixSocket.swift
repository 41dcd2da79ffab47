import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connected stream socket of the Unix family; blocking. Closed when the last reference goes.
public final class UnixSocket: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: `GatewayFaults.socketUnusable` with the system's reason.
    public static func connect(_ path: String) throws -> UnixSocket {
        let socket = UnixSocket(descriptor: try UnixAddress.socket())
        let result = try UnixAddress.with(path) { Self.connectSystem(socket.descriptor, $0, $1) }
        guard result == 0 else { throw UnixAddress.fault("cannot be reached", path) }
        socket.widen()
        return socket
    }

    /// Reads at least one byte; blocks until there is one.
    ///
    /// - Returns: 0 at the end of the stream, also after `shutDown`.
    /// - Throws: `GatewayFaults.socketLost`.
    public func read(into bytes: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Fault(GatewayFaults.socketLost) }
        }
    }

    /// Writes both parts, in this order; blocks while the other side does not read. One writer at a time.
    ///
    /// - Parameter goesOn: asked after each `patience`, where one is set: whether to wait longer.
    /// - Throws: `GatewayFaults.socketLost`.
    public func write(_ head: [UInt8], _ body: [UInt8], while goesOn: () -> Bool = { true }) throws {
        try head.withUnsafeBytes { head in
            try body.withUnsafeBytes { body in
                var done = 0
                let count = head.count + body.count
                while done < count {
                    let sent = send(head, body, after: done)
                    if sent >= 0 {
                        done += sent
                    } else if errno != EINTR, errno != EAGAIN || !goesOn() {
                        throw Fault(GatewayFaults.socketLost)
                    }
                }
            }
        }
    }

    /// Lets a write that waits look up every so many seconds.
    public func setPatience(seconds: Int) {
        var time = timeval()
        time.tv_sec = seconds
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Fails a read that gets nothing within so many seconds; 0 lets it wait for ever.
    public func setReadPatience(seconds: Int) {
        var time = timeval()
        time.tv_sec = seconds
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Ends both directions; blocked reads and writes of other threads return.
    public func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// The user of the process at the other end; nil where the system does not say.
    public var peerUser: UInt32? {
        #if os(Linux)
            var credentials = PeerCredentials()
            var length = socklen_t(MemoryLayout<PeerCredentials>.size)
            guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
            return credentials.user
        #else
            var (user, group) = (uid_t(), gid_t())
            return getpeereid(descriptor, &user, &group) == 0 ? user : nil
        #endif
    }

    /// Asks for socket buffers of 1 MiB; the system may give less.
    func widen() {
        var size = Int32(1 << 20)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    private func send(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, after done: Int) -> Int {
        let (headDone, bodyDone) = (min(done, head.count), max(0, done - head.count))
        let parts = [
            iovec(
                iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress.map { $0 + headDone }),
                iov_len: head.count - headDone),
            iovec(
                iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress.map { $0 + bodyDone }),
                iov_len: body.count - bodyDone),
        ]
        return parts.withUnsafeBufferPointer { parts in
            var message = msghdr()
            message.msg_iov = UnsafeMutablePointer(mutating: parts.baseAddress)
            message.msg_iovlen = .init(parts.count)
            return sendmsg(descriptor, &message, UnixAddress.noSignal)
        }
    }

    private static func connectSystem(
        _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
    ) -> Int32 {
        #if canImport(Glibc)
            Glibc.connect(descriptor, address, length)
        #elseif canImport(Musl)
            Musl.connect(descriptor, address, length)
        #else
            Darwin.connect(descriptor, address, length)
        #endif
    }
}

/// `struct ucred` of Linux, which the C library shows only under a feature macro.
private struct PeerCredentials {
    var process: Int32 = 0
    var user: UInt32 = .max
    var group: UInt32 = .max
}

/// A socket as a source of messages.
public struct SocketSource: ByteSource {
    private let socket: UnixSocket

    public init(_ socket: UnixSocket) {
        self.socket = socket
    }

    public mutating func read(into bytes: UnsafeMutableRawBufferPointer) throws -> Int {
        try socket.read(into: bytes)
    }
}
