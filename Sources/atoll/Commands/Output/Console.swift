import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes results to standard output and remarks to standard error, whole and unbuffered.
enum Console {
    /// A result. Ends with a line end, which is added where it is missing.
    ///
    /// - Throws: `ProgramFaults.unexpected` when it cannot be written, for example because the disk is full. When the
    ///   reader has gone (`atoll get … | head`) the program ends as the system's signal for that would end it.
    static func write(_ text: String) throws(Fault) {
        let code = write(text, to: STDOUT_FILENO)
        guard code != 0 else { return }
        if code == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        throw Fault(
            ProgramFaults.unexpected,
            "The output cannot be written: \(Platform.message(code)).",
            at: "standard output",
            fix: "Free space, or write elsewhere. What the command did has been done."
        )
    }

    /// A remark or an error. That standard error is gone is no reason to fail.
    static func note(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// The error number, or 0.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        if rest.last != 0x0A { rest.append(0x0A) }
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                #else
                    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&poller, 1, -1)
                    continue
                }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }
}
