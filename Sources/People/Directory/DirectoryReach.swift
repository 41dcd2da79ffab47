#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether anybody listens at an address, before anything is said to it.
enum DirectoryReach {
    enum Outcome: Sendable, Hashable {
        case reached
        case unknownName
        /// What the system says of the last address of the name.
        case unreached(String)
    }

    /// Tries every address of the name, each for so many seconds; the name's look-up takes what the system takes.
    static func probe(_ address: DirectoryAddress, seconds: Int) -> Outcome {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else { return .unknownName }
        defer { freeaddrinfo(list) }
        var last = Outcome.unknownName
        var next = list
        while let one = next {
            last = connect(one.pointee, seconds: seconds)
            if last == .reached { break }
            next = one.pointee.ai_next
        }
        return last
    }

    private static func connect(_ address: addrinfo, seconds: Int) -> Outcome {
        let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let file = socket(address.ai_family, kind, address.ai_protocol)
        guard file >= 0 else { return .unreached(text(errno)) }
        defer { close(file) }
        if Glibc.connect(file, address.ai_addr, address.ai_addrlen) == 0 { return .reached }
        guard errno == EINPROGRESS else { return .unreached(text(errno)) }
        var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, Int32(seconds) * 1_000) > 0 else { return .unreached(text(ETIMEDOUT)) }
        var (error, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
        getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? .reached : .unreached(text(error))
    }

    private static func text(_ error: CInt) -> String { String(cString: strerror(error)) }
}
