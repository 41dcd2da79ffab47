import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads for arithmetic: plain ones, started for a piece of work and joined at its end, so that neither an event loop
/// nor a pool of threads is needed. Starting one costs some twenty microseconds; pieces of work here take milliseconds.
public struct Workers: Sendable, Equatable {
    /// How many threads work at once, the calling one included.
    public let count: Int

    /// - Parameter count: at least 1.
    public init(_ count: Int) {
        self.count = max(1, count)
    }

    /// One per processor that is online.
    public static var all: Workers { Workers(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Only the calling thread.
    public static let one = Workers(1)

    /// Calls `body` for every item in `0 ..< items`, each exactly once, and answers the results in order. Items are
    /// handed out one at a time.
    ///
    /// - Throws: the error of the lowest item that failed; other items may or may not have run.
    func map<Result: Sendable, Failure: Error>(
        _ items: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        if count == 1 || items <= 1 {
            var results: [Result] = []
            for item in 0..<items { results.append(try body(item)) }
            return results
        }
        let work = Work(items: items, body: body)
        work.run(threads: min(count, items))
        return try work.results()
    }

    /// Splits `0 ..< items` into ranges of at most `most` and at least one range per worker where there are enough
    /// items; calls `body` for each and answers the results in order.
    func mapRanges<Result: Sendable, Failure: Error>(
        _ items: Int, most: Int, multipleOf unit: Int = 1,
        _ body: @escaping @Sendable (Range<Int>) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        guard items > 0 else { return [] }
        let even = (items + count - 1) / count
        let size = max(unit, (min(most, even) + unit - 1) / unit * unit)
        return try map((items + size - 1) / size) { index throws(Failure) in
            try body((index * size)..<min(items, (index + 1) * size))
        }
    }
}

/// Items, handed out by a counter; results, kept by item.
private final class Work<Result: Sendable, Failure: Error>: Sendable {
    private let items: Int
    private let body: @Sendable (Int) throws(Failure) -> Result
    private let next = Atomic<Int>(0)
    private let kept: Mutex<[Swift.Result<Result, Failure>?]>

    init(items: Int, body: @escaping @Sendable (Int) throws(Failure) -> Result) {
        self.items = items
        self.body = body
        self.kept = Mutex([Swift.Result<Result, Failure>?](repeating: nil, count: items))
    }

    /// Works in this thread and `threads − 1` others; where the system gives no thread, fewer work.
    func run(threads: Int) {
        let others = (1..<threads).compactMap { _ in PlainThread({ self.drain() }) }
        drain()
        for thread in others { thread.join() }
    }

    func results() throws(Failure) -> [Result] {
        var all: [Result] = []
        for result in kept.withLock({ $0 }) {
            switch result {
            case .success(let value): all.append(value)
            case .failure(let error): throw error
            // Items are handed out in order and a failure stops the handing out: one with a lower number is thrown.
            case nil: preconditionFailure("an item was not worked off")
            }
        }
        return all
    }

    private func drain() {
        while true {
            let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard item < items else { return }
            let result: Swift.Result<Result, Failure>
            do throws(Failure) {
                result = .success(try body(item))
            } catch {
                result = .failure(error)
                next.store(items, ordering: .relaxed)
            }
            kept.withLock { $0[item] = result }
        }
    }
}

/// A thread of the operating system, to be joined or detached exactly once.
struct PlainThread {
    private let handle: pthread_t

    /// Nil when the system gives no thread.
    init?(_ body: @escaping @Sendable () -> Void) {
        let box = unsafe Unmanaged.passRetained(Box(body))
        #if canImport(Darwin)
            var handle: pthread_t?
        #else
            var handle = pthread_t()
        #endif
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                #if canImport(Darwin)
                    let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                #else
                    let box = unsafe Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
                #endif
                box.body()
                return nil
            }, unsafe box.toOpaque())
        guard status == 0 else {
            unsafe box.release()
            return nil
        }
        #if canImport(Darwin)
            self.handle = handle!
        #else
            self.handle = handle
        #endif
    }

    func join() {
        pthread_join(handle, nil)
    }

    func detach() {
        pthread_detach(handle)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
