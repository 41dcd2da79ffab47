#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Clocks and ways to take runs.
public enum Timing {
    /// Which clock: `thread` counts this thread's processor time, so other load on the machine disturbs it less, and
    /// is right for work on one core; `wall` is for work on several threads or with waiting.
    public enum Clock: Sendable {
        case thread
        case wall
    }

    /// Nanoseconds on the clock, from an unspecified start.
    public static func now(_ clock: Clock) -> Double {
        var time = timespec()
        clock_gettime(clock == .thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// Nanoseconds that `body` takes once.
    public static func once(_ clock: Clock, _ body: () throws -> Void) rethrows -> Double {
        let start = now(clock)
        try body()
        return now(clock) - start
    }

    /// Takes `runs` runs after one that is not counted, each repeating `body` until it lasts at least
    /// `atLeast` nanoseconds; answers nanoseconds per unit of work, of which one `body` does `units`.
    public static func runs(
        _ runs: Int = 7,
        units: Int = 1,
        clock: Clock = .thread,
        atLeast: Double = 20e6,
        _ body: () throws -> Void
    ) rethrows -> [Double] {
        var repeats = 1
        var first = try once(clock, body)
        while first < atLeast, repeats < 1 << 30 {
            repeats = max(repeats + 1, Int((atLeast / max(first, 1)) * Double(repeats) * 1.1))
            first = try once(clock) { for _ in 0..<repeats { try body() } }
        }
        return try (0..<runs).map { _ in
            try once(clock) { for _ in 0..<repeats { try body() } } / Double(repeats * units)
        }
    }

    /// Takes `runs` runs of each body in turn, so that a change of the machine's load meets both alike; answers wall
    /// nanoseconds per call.
    public static func interleaved(
        _ runs: Int = 5,
        clock: Clock = .wall,
        _ first: () throws -> Void,
        _ second: () throws -> Void
    ) rethrows -> (first: [Double], second: [Double]) {
        var times: (first: [Double], second: [Double]) = ([], [])
        for _ in 0..<runs {
            times.first.append(try once(clock, first))
            times.second.append(try once(clock, second))
        }
        return times
    }
}

public enum Statistics {
    /// The middle value, or the mean of the two middle ones; `values` must not be empty.
    public static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
