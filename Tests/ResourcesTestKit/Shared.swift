import Synchronization

/// A value that several tasks of a test change in turn.
public final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    public init(_ value: Value) {
        self.value = Mutex(value)
    }

    public func withLock<Outcome: Sendable>(_ body: (inout Value) throws -> Outcome) rethrows -> Outcome {
        try value.withLock { value throws in
            var changed = value
            defer { value = changed }
            return try body(&changed)
        }
    }
}
