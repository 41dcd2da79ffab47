/// The buckets of a histogram that nobody described.
enum MetricBuckets {
    /// Seconds: from half a millisecond (a local store call) to ten minutes (a training step).
    static let seconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600,
    ]

    /// Counts and sizes: decades from 1 to a thousand million.
    static let amounts: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    /// Seconds for what is measured in seconds, by the unit at the end of the family's name.
    static func standard(_ family: String) -> [Double] {
        family.hasSuffix("_seconds") ? seconds : amounts
    }
}
