import Synchronization

/// A count that several tasks change. Thread-safe.
final class SharedCount: Sendable {
    private let value = Mutex(0)

    /// - Returns: the count after one more.
    func increment() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }

    func decrement() {
        value.withLock { $0 -= 1 }
    }
}
