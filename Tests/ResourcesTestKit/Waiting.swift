/// A check waited longer than its patience.
public struct WaitedTooLong: Error, CustomStringConvertible {
    public let description: String

    public init(_ what: String) {
        description = "waited too long for \(what)"
    }
}

/// Runs the body, or throws `WaitedTooLong` after the limit and cancels it.
public func within<Value: Sendable>(
    _ limit: Duration,
    _ what: String,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw WaitedTooLong(what) }
        return value
    }
}

/// Asks again and again until the condition holds; throws `WaitedTooLong` when it does not within the limit.
public func eventually(
    within limit: Duration,
    _ what: String,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    var pause = Duration.milliseconds(1)
    while true {
        if try await condition() { return }
        if ContinuousClock.now > end { throw WaitedTooLong(what) }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(100))
    }
}
