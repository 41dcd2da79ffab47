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
    private let output: Mutex<Output>

    /// - Parameter descriptor: an open descriptor; it stays the caller's and is not closed here.
    public init(_ descriptor: Int32) {
        output = Mutex(Output(descriptor: descriptor))
    }

    public static let standardError = DescriptorLogSink(2)

    public func write(_ line: String) {
        output.withLock { $0.write(line) }
    }

    private struct Output {
        let descriptor: Int32
        /// Whether the last line was cut short, so that the next has to begin on a line of its own.
        var isTorn = false

        mutating func write(_ line: String) {
            let bytes = Array(((isTorn ? "\n" : "") + line + "\n").utf8)
            let sent = bytes.withUnsafeBytes(send)
            isTorn = sent > 0 ? sent < bytes.count : isTorn
        }

        /// The number of bytes that went out: all of them unless the descriptor is broken, or full for a second.
        private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = system(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // A pipe that somebody made non-blocking and that is full: its reader gets a second.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&wait, 1, 1_000) <= 0 { break }
                } else if errno != EINTR {
                    break
                }
            }
            return bytes.count - rest.count
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
