import Testing

@testable import Jobs

/// The judgement over a worker, without a process and without waiting.
@Suite struct WorkerWatchTests {
    private let start = ContinuousClock.now

    private func watch(
        memory: UInt64 = 1000, time: Duration? = nil, silence: Duration? = nil, grace: Duration = .seconds(5)
    ) -> WorkerWatch {
        WorkerWatch(
            WorkerLimits(memory: memory, cores: 1, time: time, silence: silence), grace: grace, at: start)
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test func memoryEndsItAtOnceAndThePeakGoesOn() {
        var watch = watch()
        #expect(watch.see(.init(memory: 1000), at: at(1)) == .none)
        #expect(watch.see(.init(memory: 1001), at: at(2)) == .end)
        #expect(watch.see(.init(memory: 3000), at: at(3)) == .none, "told once")
        #expect(watch.cause(.signal(9), ranOutOfMemory: false) == .outOfMemory(limit: 1000, peak: 3000))
    }

    @Test func aPeakBetweenTwoLooksCountsButEndsNothing() {
        var watch = watch()
        #expect(watch.see(.init(memory: 10, peak: 2000), at: at(1)) == .none)
        #expect(watch.peak == 2000)
        #expect(watch.cause(.status(0), ranOutOfMemory: false) == .finished)
    }

    @Test func timeAsksAndThenEnds() {
        var watch = watch(time: .seconds(10))
        #expect(watch.see(.init(ticks: 1), at: at(9.9)) == .none)
        #expect(watch.see(.init(ticks: 2), at: at(10)) == .ask)
        #expect(watch.see(.init(ticks: 3), at: at(14.9)) == .none)
        #expect(watch.see(.init(ticks: 4), at: at(15)) == .end)
        #expect(watch.see(.init(ticks: 5), at: at(16)) == .none)
        #expect(watch.cause(.status(0), ranOutOfMemory: false) == .overtime(.seconds(10)))
    }

    @Test func silenceIsCountedFromTheLastSignOfLife() {
        var watch = watch(silence: .seconds(10))
        #expect(watch.see(.init(ticks: 1), at: at(9)) == .none)
        #expect(watch.see(.init(ticks: 1), at: at(18.9)) == .none)
        watch.touch(at: at(18.9))
        #expect(watch.see(.init(ticks: 1), at: at(28.8)) == .none)
        #expect(watch.see(.init(ticks: 1), at: at(28.9)) == .end)
        #expect(watch.cause(.signal(9), ranOutOfMemory: false) == .hung(.seconds(10)))
    }

    @Test func stoppingCountsBeforeWhatComesLater() {
        var watch = watch(memory: 100, time: .seconds(1), silence: .seconds(1))
        #expect(watch.stop(grace: .seconds(10), at: at(0.5)) == .ask)
        #expect(watch.see(.init(), at: at(5)) == .none, "neither overtime nor silence end it twice")
        #expect(watch.see(.init(memory: 101), at: at(6)) == .end, "but memory does")
        #expect(watch.cause(.signal(9), ranOutOfMemory: true) == .stopped)
    }

    @Test func theShortestGraceCounts() {
        var watch = watch()
        #expect(watch.stop(grace: .seconds(10), at: at(0)) == .ask)
        #expect(watch.stop(grace: .seconds(2), at: at(1)) == .none)
        #expect(watch.stop(grace: .seconds(30), at: at(1)) == .none)
        #expect(watch.see(.init(), at: at(3)) == .end)
        var other = self.watch()
        #expect(other.stop(grace: .zero, at: at(0)) == .end)
        #expect(other.stop(grace: .zero, at: at(0)) == .none)
    }

    @Test func whatTheSystemSaysIsToldApart() {
        let watch = watch()
        #expect(watch.cause(.status(0), ranOutOfMemory: false) == .finished)
        #expect(watch.cause(.status(3), ranOutOfMemory: false) == .failed(status: 3))
        #expect(watch.cause(.signal(11), ranOutOfMemory: false) == .crashed(signal: 11))
        #expect(watch.cause(.signal(9), ranOutOfMemory: false) == .crashed(signal: 9))
        #expect(watch.cause(.signal(9), ranOutOfMemory: true) == .outOfMemory(limit: 1000, peak: 0))
        #expect(watch.cause(.status(3), ranOutOfMemory: true) == .failed(status: 3))
    }
}
