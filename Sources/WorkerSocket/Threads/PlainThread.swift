#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A thread of its own for work that blocks.
public final class PlainThread: Sendable {
    private let isDone = Monitor(false)

    /// Starts the body at once. Fails only where the system has no more threads, which stops the program.
    public init(_ body: @escaping @Sendable () -> Void) {
        let isDone = isDone
        let work = Unmanaged.passRetained(
            Work {
                body()
                isDone.change { $0 = true }
            })
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                #if canImport(Darwin)
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                #else
                    Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
                #endif
                return nil
            }, work.toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(failure == 0, "a thread can be started")
    }

    /// Blocks until the body has ended; may be called by many.
    public func join() {
        isDone.wait { $0 ? true : nil }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
