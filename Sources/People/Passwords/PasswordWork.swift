import Dispatch
import Faults
import Synchronization

/// Computes hashes one after the other on a thread of its own: memory for one at a time, and no thread of the others is
/// held meanwhile.
final class PasswordWork: Sendable {
    /// Who comes when so many wait is asked to come again.
    static let mostWaiting = 16

    private let queue = DispatchQueue(label: "atoll.passwords")
    private let waiting = Mutex(0)

    /// - Throws: `PeopleFaults.busy`; what the body throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isFree = waiting.withLock { count in
            guard count < Self.mostWaiting else { return false }
            count += 1
            return true
        }
        guard isFree else { throw Fault(PeopleFaults.busy) }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
