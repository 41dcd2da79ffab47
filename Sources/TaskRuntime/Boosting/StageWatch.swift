import Synchronization

/// How long the parts of a party's work took, for the figures of its result. Nothing depends on it.
final class StageWatch: Sendable {
    private let spent = Mutex<[String: Duration]>([:])

    /// Counts what the body takes.
    func timed<Result, Failure: Error>(_ part: String, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer {
            let taken = ContinuousClock.now - start
            spent.withLock { $0[part, default: .zero] += taken }
        }
        return try body()
    }

    /// Seconds by part, as `seconds.PART`.
    var figures: [String: Double] {
        spent.withLock { spent in
            Dictionary(uniqueKeysWithValues: spent.map { ("seconds.\($0.key)", $0.value / .seconds(1)) })
        }
    }
}

extension Int {
    func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
