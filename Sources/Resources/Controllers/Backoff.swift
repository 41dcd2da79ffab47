/// How long to wait before the next attempt: the bound doubles with every failure, and the wait is drawn evenly from
/// below it ("full jitter"), so that many who failed together do not come back together.
///
/// Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct Backoff: Sendable {
    /// Draws a number evenly from a range.
    public typealias Draw = @Sendable (ClosedRange<Double>) -> Double

    /// No wait is shorter.
    public let least: Duration
    /// The bound after the first failure.
    public let first: Duration
    /// No wait is longer.
    public let most: Duration
    /// Failures since the last success.
    public private(set) var failures = 0

    private let draw: Draw

    /// - Parameters:
    ///   - least: at least zero; brought down to `first` when it is above.
    ///   - first: above zero.
    ///   - most: brought up to `first` when it is below.
    ///   - draw: the randomness, for tests.
    public init(
        least: Duration = .milliseconds(5),
        first: Duration = .milliseconds(200),
        most: Duration = .seconds(60),
        draw: @escaping Draw = { Double.random(in: $0) }
    ) {
        self.first = max(first, .nanoseconds(1))
        self.least = min(max(least, .zero), self.first)
        self.most = max(most, self.first)
        self.draw = draw
    }

    /// Counts a failure and tells how long to wait, in `[least, min(most, first · 2^(failures - 1))]`.
    public mutating func next() -> Duration {
        failures += 1
        let top = min(
            first.seconds * Double(sign: .plus, exponent: min(failures - 1, 60), significand: 1), most.seconds)
        let seconds = draw(least.seconds...max(top, least.seconds))
        return min(max(.seconds(seconds), least), most)
    }

    /// To be called after a success: the next failure is a first one again.
    public mutating func reset() {
        failures = 0
    }
}

extension Duration {
    /// As a floating-point number of seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
