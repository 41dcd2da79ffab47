/// A limit on bytes per second as a value; time is given to it.
///
/// A taker may overdraw: it is told how long to wait until its bytes would have been there. So a frame larger than the
/// bucket passes, and the average holds over any longer time.
struct TokenBucket {
    /// How long the bucket fills: the longest burst after a pause.
    static let burst = 0.25

    /// Bytes per second; at least 1.
    private let rate: Double
    private var level: Double
    private var filledAt: Duration

    init(bytesPerSecond: Int, now: Duration) {
        rate = Double(max(1, bytesPerSecond))
        level = rate * Self.burst
        filledAt = now
    }

    var bytesPerSecond: Int { Int(rate) }

    /// Takes so many bytes.
    ///
    /// - Parameter now: since any fixed moment; never less than before.
    /// - Returns: how long to wait before they may be sent.
    mutating func take(_ bytes: Int, now: Duration) -> Duration {
        level = min(rate * Self.burst, level + (now - filledAt) / .seconds(1) * rate)
        filledAt = now
        level -= Double(bytes)
        return level >= 0 ? .zero : .seconds(-level / rate)
    }
}
