import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How long the parts of a party's work took, for the figures of its result. Nothing depends on it. Parts are not nested.
final class StageWatch: Sendable {
    private struct Spent {
        var time = Duration.zero
        /// Of the calling thread alone: all there is where a task has one thread.
        var processor = 0.0
    }

    private let spent = Mutex<[String: Spent]>([:])

    /// Counts what the body takes.
    func timed<Result, Failure: Error>(_ part: String, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        let processor = Self.processorSeconds
        defer {
            let taken = ContinuousClock.now - start
            let worked = Self.processorSeconds - processor
            spent.withLock {
                $0[part, default: Spent()].time += taken
                $0[part, default: Spent()].processor += worked
            }
        }
        return try body()
    }

    /// Seconds by part, as `seconds.PART`; of them what the calling thread worked, as `processor.PART`.
    var figures: [String: Double] {
        var figures: [String: Double] = [:]
        for (part, spent) in spent.withLock({ $0 }) {
            figures["seconds.\(part)"] = spent.time / .seconds(1)
            figures["processor.\(part)"] = spent.processor
        }
        return figures
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

extension Int {
    func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
