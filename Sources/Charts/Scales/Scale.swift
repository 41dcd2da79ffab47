/// Values on an axis: a range that ends at round numbers, and where they come to lie.
struct Scale: Sendable, Hashable {
    let low: Double
    let high: Double
    /// Round values within the range, rising.
    let ticks: [Double]
    let format: ValueFormat

    /// - Parameters:
    ///   - values: those that must fit; what is not finite is left out.
    ///   - count: about how many ticks.
    ///   - isTight: ends at the values themselves.
    init(
        _ values: some Sequence<Double>, count: Int = 5, includesZero: Bool = false, isTight: Bool = false,
        format: ValueFormat = .number
    ) {
        self.format = format
        // Far outside of what a chart shows, and well inside of what a double can hold.
        let finite = values.filter { $0.isFinite && $0.magnitude < 1e100 }
        var low = finite.min() ?? 0
        var high = finite.max() ?? 1
        if includesZero { (low, high) = (min(low, 0), max(high, 0)) }
        var shift = 0.0
        if case .time(let offset) = format {
            shift = Double(offset)
            if high - low < 1 { (low, high) = (low - 30, high + 30) }
        } else if high - low <= max(low.magnitude, high.magnitude) * 1e-9 {
            let margin = high == 0 ? 1 : high.magnitude * 0.5
            (low, high) = (low < 0 || !includesZero ? low - margin : 0, high + margin)
        }
        let step = Self.step((high - low) / Double(max(1, count)), format)
        // Times are round where the clock that is shown is.
        let (least, most) = ((low + shift) / step, (high + shift) / step)
        let first = isTight ? (least - 1e-9).rounded(.up) : (least + 1e-9).rounded(.down)
        let last = isTight ? (most + 1e-9).rounded(.down) : (most - 1e-9).rounded(.up)
        let number = Int(min(50, max(0, last - first)))
        ticks = (0...number).map { (first + Double($0)) * step - shift }
        self.low = isTight ? low : ticks.first ?? low
        self.high = isTight ? high : ticks.last ?? high
        spacing = step
    }

    /// In 0...1; what lies outside of the range is put at its end.
    func place(_ value: Double) -> Double {
        value.isFinite ? min(1, max(0, (value - low) / (high - low))) : 0
    }

    func label(_ tick: Double) -> String { format.tick(tick, spacing: spacing) }

    private let spacing: Double

    /// The next of 1, 2, 2.5, 5 times a power of ten; of long times a round number of minutes, hours or days.
    private static func step(_ rough: Double, _ format: ValueFormat) -> Double {
        if case .time = format {
            let steps = [1.0, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200]
            return steps.first { $0 >= rough } ?? 86_400 * max(1, decimal(rough / 86_400).rounded(.up))
        }
        if format == .seconds, rough > 15 {
            let steps = [20.0, 30, 60, 120, 300, 600, 900, 1800, 3600]
            return steps.first { $0 >= rough } ?? 3600 * max(1, decimal(rough / 3600))
        }
        return decimal(rough)
    }

    private static func decimal(_ rough: Double) -> Double {
        guard rough.isFinite, rough > 0 else { return 1 }
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        return ([1, 2, 2.5, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10) * power
    }
}
