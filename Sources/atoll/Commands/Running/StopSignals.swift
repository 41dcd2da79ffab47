import Faults
import UnixSignals

/// Ctrl-C and SIGTERM as the cancellation of what runs, for commands that have to tidy up.
enum StopSignals {
    /// Runs the body; a signal cancels it, and it is still waited for.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals { break }
                return nil
            }
            // The first to end is a signal or the body; after a signal the body is cancelled, and its end awaited.
            defer { group.cancelAll() }
            while let next = try await group.next() {
                if let result = next { return result }
                group.cancelAll()
            }
            throw CancellationError()
        }
    }
}
