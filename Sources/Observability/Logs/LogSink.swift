import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where finished log lines go.
public protocol LogSink: Sendable {
    /// Takes one line without its line feed. Lines of concurrent callers never mix. A line that cannot be written is
    /// lost without a word: there is nowhere left to say so, and a full disk must not stop the work.
    func write(_ line: String)
}

/// Writes to an open file descriptor, each line with its line feed in one `write(2)`.
public final class DescriptorLogSink: LogSink {
    private let descriptor: Mutex<Int32>

    /// - Parameter descriptor: an open descriptor; it stays the caller's and is not closed here.
    public init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    public static let standardError = DescriptorLogSink(2)

    public func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        descriptor.withLock { descriptor in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { raw in
                    system(descriptor, raw.baseAddress! + sent, bytes.count - sent)
                }
                if count >= 0 {
                    sent += count
                } else if errno == EAGAIN {
                    // A pipe that somebody made non-blocking and that is full: wait for its reader, a second at most.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&wait, 1, 1_000) <= 0 { return }
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}

#if canImport(Glibc)
    private let system = Glibc.write
#elseif canImport(Musl)
    private let system = Musl.write
#elseif canImport(Darwin)
    private let system = Darwin.write
#endif
