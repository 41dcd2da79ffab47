import Synchronization

/// One series: the value of one label set of one metric, of whatever kind, behind its own lock.
final class MetricSeries: Sendable {
    let family: String
    let labels: LabelSet
    /// Upper bounds, ascending, without `+Inf`.
    let buckets: [Double]
    private let value: Mutex<Value>

    init(family: String, labels: LabelSet, buckets: [Double]) {
        self.family = family
        self.labels = labels
        self.buckets = buckets
        value = Mutex(Value(bucketCount: buckets.count))
    }

    /// Sets a gauge.
    func set(_ number: Double) {
        value.withLock { $0.number = number }
    }

    /// Changes a gauge or a counter by `amount`.
    func add(_ amount: Double) {
        value.withLock { $0.number += amount }
    }

    /// Adds to a counter kept in whole numbers, exact beyond 2^53; it stays at the greatest number rather than wrap.
    func add(whole amount: Int64) {
        value.withLock { value in
            let (sum, overflow) = value.whole.addingReportingOverflow(amount)
            value.whole = overflow ? .max : sum
        }
    }

    /// One observation of a histogram.
    func observe(_ number: Double) {
        value.withLock { value in
            value.number += number
            value.whole += 1
            // Few buckets: a straight search is as fast as a clever one.
            if let bucket = buckets.firstIndex(where: { number <= $0 }) { value.inBucket[bucket] += 1 }
        }
    }

    func reset() {
        value.withLock { $0 = Value(bucketCount: buckets.count) }
    }

    var now: Value { value.withLock { $0 } }

    struct Value {
        /// The value of a gauge, the fractional part of a counter, the sum of a histogram.
        var number = 0.0
        /// The whole part of a counter, the number of observations of a histogram.
        var whole: Int64 = 0
        /// Observations per bucket, not yet summed up.
        var inBucket: [Int64]

        init(bucketCount: Int) {
            inBucket = Array(repeating: 0, count: bucketCount)
        }
    }
}
