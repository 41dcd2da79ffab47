import NIOPosix

/// Work that blocks its thread, such as reading a large file.
public enum BlockingWork {
    /// Runs it on a thread that may be blocked; a few at a time.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
