import Testing

@testable import TaskRuntime

@Suite struct TaskProgressTests {
    @Test func aSteadyTaskTellsItsRateAndWhatIsLeft() throws {
        var progress = TaskProgress()
        #expect(progress.remaining == nil && progress.rate == nil)
        for second in 0...100 { progress.note(done: UInt64(second) * 10, total: 2_000, at: .seconds(second)) }
        #expect(abs(try #require(progress.rate) - 10) < 0.01)
        #expect(abs(try #require(progress.remaining) / .seconds(1) - 100) < 0.5)
        progress.note(done: 2_000, total: 2_000, at: .seconds(101))
        #expect(progress.remaining == .zero)
    }

    @Test func aRateThatChangesIsFollowed() throws {
        var progress = TaskProgress()
        for second in 0...50 { progress.note(done: UInt64(second) * 100, total: 1_000_000, at: .seconds(second)) }
        for second in 51...200 {
            progress.note(done: 5_000 + UInt64(second - 50), total: 1_000_000, at: .seconds(second))
        }
        #expect(try #require(progress.rate) < 2)
    }

    @Test func goingBackOrStandingStillBreaksNothing() {
        var progress = TaskProgress()
        progress.note(done: 5, total: 10, at: .seconds(1))
        progress.note(done: 6, total: 10, at: .seconds(1))
        progress.note(done: 7, total: 10, at: .seconds(2))
        #expect(progress.done == 7 && progress.rate == 2)
        progress.note(done: 1, total: 10, at: .seconds(3))
        #expect(progress.done == 1 && progress.rate == nil && progress.remaining == nil)
        progress.note(done: 1, total: 0, at: .seconds(4))
        #expect(progress.remaining == nil)
    }

    @Test func aboutTenMessagesPerSecondPassAndTheLastOne() {
        var gate = ProgressGate()
        var passed = 0
        for millisecond in 0..<1_000 where gate.lets(done: 1, total: 9, at: .milliseconds(millisecond)) { passed += 1 }
        #expect(passed == 10)
        let last = gate.lets(done: 9, total: 9, at: .milliseconds(901))
        let again = gate.lets(done: 9, total: 9, at: .milliseconds(902))
        #expect(last && !again)
    }
}
