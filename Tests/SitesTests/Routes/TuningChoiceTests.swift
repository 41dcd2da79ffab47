import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct TuningChoiceTests {
    @Test func aChoiceIsAPowerOfTwoWithinItsBounds() {
        var random = SeededGenerator.printed(for: "tuning")
        for _ in 0..<2000 {
            let window = 1 << Int.random(in: 18...25, using: &random)
            let size = TuningChoice.window(
                rate: .random(in: -10...1 << 40, using: &random), roundTrip: .random(in: -10...1 << 30, using: &random),
                in: window)
            #expect(TuningChoice.bounds.contains(size))
            #expect(size.nonzeroBitCount == 1)
        }
    }

    /// A link carries at most one window in a round trip; the choice must still find what the way can do, and rest.
    @Test func itFindsTheWindowOfALongWayThroughASmallOneAndRestsThere() {
        var random = SeededGenerator.printed(for: "long ways")
        for _ in 0..<500 {
            let rate = Int64.random(in: 1_000_000...10_000_000_000, using: &random)
            let roundTrip = Int64.random(in: 100...300_000, using: &random)
            var window = 1 << Int.random(in: 20...24, using: &random)
            var seen: [Int] = []
            for _ in 0..<12 {
                let through = min(rate, Int64(window) * 8 * 1_000_000 / roundTrip)
                window = TuningChoice.window(rate: through, roundTrip: roundTrip, in: window)
                seen.append(window)
            }
            let product = Double(rate) / 8 * Double(roundTrip) / 1e6
            #expect(Set(seen.suffix(4)).count == 1, "it swings: \(seen)")
            #expect(Double(window) >= min(product, Double(TuningChoice.bounds.upperBound)), "\(product) \(seen)")
            #expect(Double(window) <= max(4 * product, Double(TuningChoice.bounds.lowerBound)), "\(product) \(seen)")
        }
    }

    @Test func wishesOfTheSpecWin() {
        let spec = RouteSpec(["window": 2048, "kind": "direct"])
        var figures = ProbeFigures()
        figures.bandwidth = 10_000_000_000
        figures.roundTrip = 20_000
        let chosen = TuningChoice.tuning(for: spec, figures: figures, now: .standard)
        #expect(chosen.window == 2 << 20)
        #expect(chosen.credit == 16 << 20)
        let half = LinkTuning(window: 1 << 19, credit: 1 << 20)
        #expect(TuningChoice.isWorthRedialling(from: .standard, to: half))
        #expect(!TuningChoice.isWorthRedialling(from: .standard, to: .standard))
    }
}
