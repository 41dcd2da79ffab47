import Testing

@testable import Charts

/// Round numbers on axes.
@Suite struct ScaleTests {
    @Test(arguments: [
        ([0.0, 1.0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([3.0, 97.0], ["0", "20", "40", "60", "80", "100"]),
        ([-0.7, 0.4], ["−0.75", "−0.50", "−0.25", "0.00", "0.25", "0.50"]),
        ([0.71, 0.79], ["0.70", "0.72", "0.74", "0.76", "0.78", "0.80"]),
        ([0.0, 12_000_000], ["0", "2.5M", "5.0M", "7.5M", "10.0M", "12.5M"]),
    ])
    func ticksAreRound(values: [Double], labels: [String]) {
        let scale = Scale(values)
        #expect(scale.ticks.map(scale.label) == labels)
        #expect(scale.low <= values.min()! && scale.high >= values.max()!)
    }

    @Test func timeGoesByMinutesAndHours() {
        let minutes = Scale([0, 600], includesZero: true, format: .seconds)
        #expect(minutes.ticks.map(minutes.label) == ["0 min", "2 min", "4 min", "6 min", "8 min", "10 min"])
        let hours = Scale([0, 5 * 3_600], includesZero: true, format: .seconds)
        #expect(hours.ticks.map(hours.label).last == "5 h")
        let seconds = Scale([0, 42], includesZero: true, format: .seconds)
        #expect(seconds.ticks.map(seconds.label) == ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"])
        let more = Scale([0, 108], includesZero: true, format: .seconds)
        #expect(more.ticks.map(more.label) == ["0 s", "30 s", "60 s", "90 s", "120 s"])
    }

    /// Whatever the values are, ticks are few, rising and within the range, and labels tell them apart.
    @Test func everyRangeHasUsableTicks() {
        var range: [[Double]] = [
            [], [.nan], [.infinity, -.infinity], [0], [5, 5], [-5, -5], [1e-300, 2e-300], [1e300, -1e300], [0, 1e-12],
            [1e15, 1e15 + 1], [-3, 1e99],
        ]
        for exponent in -8...14 {
            var power = 1.0
            for _ in 0..<abs(exponent) { power *= 10 }
            if exponent < 0 { power = 1 / power }
            for factor in [1, 1.7, 2.3, 4.9, 9.99] { range.append([0, factor * power]) }
        }
        for values in range {
            for format in [ValueFormat.number, .percent, .seconds, .bytes] {
                for includesZero in [true, false] {
                    let scale = Scale(values, includesZero: includesZero, format: format)
                    #expect(scale.low < scale.high && (1...51).contains(scale.ticks.count), "\(values)")
                    #expect(zip(scale.ticks, scale.ticks.dropFirst()).allSatisfy { $0 < $1 }, "\(values)")
                    #expect((0...1).contains(scale.place(values.first ?? 0)), "\(values)")
                    if format == .number, let last = values.last, last.isFinite, (1e-6...1e13).contains(last) {
                        #expect(Set(scale.ticks.map(scale.label)).count == scale.ticks.count, "\(values)")
                    }
                }
            }
        }
    }
}
