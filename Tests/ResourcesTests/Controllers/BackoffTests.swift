import Resources
import Testing

@Suite struct BackoffTests {
    @Test func theBoundDoublesUpToTheMost() {
        var backoff = Backoff(least: .zero, first: .milliseconds(100), most: .seconds(1)) { $0.upperBound }
        let waits = (0..<6).map { _ in backoff.next() }
        let wanted: [Double] = [0.1, 0.2, 0.4, 0.8, 1, 1]
        for (wait, seconds) in zip(waits, wanted) { #expect(abs(wait / .seconds(1) - seconds) < 1e-9) }
        #expect(backoff.failures == 6)
    }

    @Test func theWaitIsDrawnFromTheWholeRangeAboveTheLeast() {
        var low = Backoff(least: .milliseconds(10), first: .milliseconds(100), most: .seconds(1)) { $0.lowerBound }
        for _ in 0..<4 {
            let wait = low.next() / .seconds(1)
            #expect(abs(wait - 0.01) < 1e-9)
        }
        var random = Backoff(least: .zero, first: .milliseconds(100), most: .milliseconds(100))
        let waits = (0..<2000).map { _ in random.next() / .milliseconds(100) }
        #expect(waits.allSatisfy { (0...1).contains($0) })
        #expect(waits.min()! < 0.05 && waits.max()! > 0.95)
        #expect(abs(waits.reduce(0, +) / 2000 - 0.5) < 0.05)
    }

    @Test func aSuccessBeginsAnew() {
        var backoff = Backoff(least: .zero, first: .seconds(1), most: .seconds(100)) { $0.upperBound }
        for _ in 0..<5 { _ = backoff.next() }
        backoff.reset()
        #expect(backoff.failures == 0)
        #expect(backoff.next() == .seconds(1))
    }

    @Test func aThousandFailuresStayWithinTheMost() {
        var backoff = Backoff(first: .nanoseconds(1), most: .seconds(60)) { $0.upperBound }
        for _ in 0..<1000 { #expect(backoff.next() <= .seconds(60)) }
        #expect(backoff.next() == .seconds(60))
    }

    @Test func bordersThatContradictAreBroughtTogether() {
        var backoff = Backoff(least: .seconds(9), first: .seconds(2), most: .seconds(1)) { $0.lowerBound }
        #expect(backoff.least == .seconds(2) && backoff.most == .seconds(2))
        #expect(backoff.next() == .seconds(2))
        var zero = Backoff(least: .seconds(-1), first: .zero, most: .zero) { $0.upperBound }
        #expect((.zero)...(.nanoseconds(1)) ~= zero.next())
    }
}
