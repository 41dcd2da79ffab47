/// Which window and credit a route needs: enough that the data of one round trip fits (bandwidth-delay product,
/// RFC 7323 1.1), since a smaller window is what bounds a long link.
///
/// A measurement through a window sees at most that window per round trip. So what fills more than half of the window
/// in use counts as bounded by it, and the choice grows to twice what was seen; it shrinks only when less than a
/// quarter is used. Between the two nothing changes, which keeps it from swinging.
public enum TuningChoice {
    public static let bounds = LinkTuning.standard.window...LinkTuning.largest.window

    /// - Parameters:
    ///   - rate: measured bits per second.
    ///   - roundTrip: microseconds.
    ///   - window: in use while it was measured, in bytes.
    /// - Returns: a power of two within `bounds`.
    public static func window(rate: Int64, roundTrip: Int64, in window: Int) -> Int {
        let product = Double(max(rate, 0)) / 8 * Double(max(roundTrip, 0)) / 1e6
        if product > Double(window) / 2 { return max(powerOfTwo(2 * product), min(window, bounds.upperBound)) }
        if product < Double(window) / 4 { return min(powerOfTwo(product), max(window, bounds.lowerBound)) }
        return min(max(window, bounds.lowerBound), bounds.upperBound)
    }

    /// - Returns: what the next link of the route should use; what the route's spec asks for wins.
    public static func tuning(for spec: RouteSpec, figures: ProbeFigures, now: LinkTuning) -> LinkTuning {
        var chosen = now
        if let rate = figures.bandwidth, let roundTrip = figures.roundTrip {
            let size = window(rate: rate, roundTrip: roundTrip, in: now.window)
            chosen = LinkTuning(window: size, credit: size)
        }
        return applying(spec, to: chosen)
    }

    public static func applying(_ spec: RouteSpec, to tuning: LinkTuning) -> LinkTuning {
        LinkTuning(window: spec.window ?? tuning.window, credit: spec.credit ?? tuning.credit)
    }

    /// Whether the difference is worth a new link.
    public static func isWorthRedialling(from old: LinkTuning, to new: LinkTuning) -> Bool {
        func differs(_ one: Int, _ other: Int) -> Bool { max(one, other) >= 2 * min(one, other) }
        return differs(old.window, new.window) || differs(old.credit, new.credit)
    }

    /// The smallest power of two that is at least so large, within `bounds`.
    private static func powerOfTwo(_ bytes: Double) -> Int {
        var size = bounds.lowerBound
        while size < bounds.upperBound, Double(size) < bytes { size *= 2 }
        return size
    }
}
