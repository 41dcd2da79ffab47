import Resources
import ResourcesTestKit
import Testing

@Suite struct WorkQueueTests {
    @Test func aKeyWaitsOnceAndInTheOrderOfTheFirstAdding() async {
        let queue = WorkQueue<String>()
        for key in ["a", "b", "a", "c", "b", "a"] { await queue.add(key) }
        #expect(queue.depth == 3)
        #expect(await queue.take() == "a")
        #expect(await queue.take() == "b")
        #expect(await queue.take() == "c")
        #expect(queue.depth == 0)
    }

    @Test func aKeyAddedWhileItIsWorkedOnComesAgainAfterwardsAndOnce() async {
        let queue = WorkQueue<String>()
        await queue.add("a")
        #expect(await queue.take() == "a")
        for _ in 0..<3 { await queue.add("a") }
        await queue.add("b")
        #expect(await queue.take() == "b", "nobody else gets a key that is being worked on")
        #expect(queue.depth == 0)
        queue.finish("a")
        #expect(queue.depth == 1)
        #expect(await queue.take() == "a")
        queue.finish("a")
        #expect(queue.depth == 0)
    }

    @Test func aKeyGivenBackWithATimeComesThen() async throws {
        let queue = WorkQueue<String>()
        let start = ContinuousClock.now
        for (key, delay) in [("late", 120), ("soon", 30)] {
            await queue.add(key)
            _ = await queue.take()
            queue.finish(key, again: .milliseconds(delay))
        }
        #expect(queue.depth == 2)
        let first = try await within(.seconds(120), "the first key") { await queue.take() }
        #expect(first == "soon")
        #expect(ContinuousClock.now - start >= .milliseconds(30))
        let second = try await within(.seconds(120), "the second key") { await queue.take() }
        #expect(second == "late")
        #expect(ContinuousClock.now - start >= .milliseconds(120))
    }

    @Test func aKeyDueLaterComesAtOnceWhenItIsAdded() async throws {
        let queue = WorkQueue<String>()
        await queue.add("a")
        _ = await queue.take()
        queue.finish("a", again: .seconds(600))
        await queue.add("a")
        let key = try await within(.seconds(120), "the key") { await queue.take() }
        #expect(key == "a")
        queue.finish("a")
        #expect(queue.depth == 0, "the later time is forgotten")
    }

    @Test func aTakerThatWaitsForALaterKeyGetsAnEarlierOne() async throws {
        let queue = WorkQueue<String>()
        await queue.add("late")
        _ = await queue.take()
        queue.finish("late", again: .seconds(600))
        let key = try await within(.seconds(120), "the key") {
            async let taken = queue.take()
            try await Task.sleep(for: .milliseconds(20))
            await queue.add("now")
            return await taken
        }
        #expect(key == "now")
    }

    @Test func addingWaitsForRoomAndGivingBackDoesNot() async throws {
        let queue = WorkQueue<Int>(capacity: 2)
        await queue.add(0)
        #expect(await queue.take() == 0)
        await queue.add(1)
        await queue.add(2)
        await queue.add(1)
        await queue.add(0)
        queue.finish(0)
        #expect(queue.depth == 3, "one more by a worker that gives back")
        let isAdded = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await queue.add(3)
                isAdded.withLock { $0 = true }
            }
            try await Task.sleep(for: .milliseconds(30))
            #expect(!isAdded.withLock { $0 })
            #expect(queue.depth == 3)
            #expect(await queue.take() == 1)
            #expect(await queue.take() == 2)
            try await within(.seconds(120), "room") { while !isAdded.withLock({ $0 }) { await Task.yield() } }
            try await group.waitForAll()
        }
        #expect(await queue.take() == 0)
        #expect(await queue.take() == 3)
    }

    @Test func closingAndCancellingEndWhoWaits() async throws {
        let closed = WorkQueue<Int>(capacity: 1)
        try await within(.seconds(120), "takers and adders") {
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<5 { group.addTask { await closed.take() } }
                try? await Task.sleep(for: .milliseconds(20))
                closed.close()
                for await key in group { #expect(key == nil) }
            }
            await closed.add(1)
            #expect(closed.depth == 0, "a closed queue takes nothing")
            #expect(await closed.take() == nil)
        }
        let cancelled = WorkQueue<Int>(capacity: 1)
        await cancelled.add(0)
        try await within(.seconds(120), "takers and adders") {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await cancelled.add(1) }
                try? await Task.sleep(for: .milliseconds(20))
                group.cancelAll()
            }
            #expect(cancelled.depth == 1)
            #expect(await cancelled.take() == 0)
            await withTaskGroup(of: Int?.self) { group in
                group.addTask { await cancelled.take() }
                try? await Task.sleep(for: .milliseconds(20))
                group.cancelAll()
                for await key in group { #expect(key == nil) }
            }
        }
    }

    /// Many producers and workers: a key is with one worker at a time, and is taken after its last adding.
    @Test func underLoadNoAddingIsLostAndNoKeyIsTakenTwice() async throws {
        let queue = WorkQueue<Int>(capacity: 5)
        let keys = 8
        let world = Shared(
            (value: [Int](repeating: 0, count: keys), seen: [Int](repeating: 0, count: keys), busy: Set<Int>()))
        try await within(.seconds(60), "the load") {
            try await withThrowingTaskGroup(of: Void.self) { workers in
                for _ in 0..<4 {
                    workers.addTask {
                        while let key = await queue.take() {
                            let isAlone = world.withLock { $0.busy.insert(key).inserted }
                            #expect(isAlone)
                            let value = world.withLock { $0.value[key] }
                            await Task.yield()
                            world.withLock { $0.seen[key] = value }
                            world.withLock { _ = $0.busy.remove(key) }
                            queue.finish(key, again: value % 7 == 0 ? .microseconds(50) : nil)
                        }
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { producers in
                    for producer in 0..<4 {
                        producers.addTask {
                            var generator = SeededGenerator(seed: UInt64(producer))
                            for _ in 0..<2000 {
                                let key = Int.random(in: 0..<keys, using: &generator)
                                world.withLock { $0.value[key] += 1 }
                                await queue.add(key)
                            }
                        }
                    }
                    try await producers.waitForAll()
                }
                try await eventually(within: .seconds(120), "every change to be seen") {
                    world.withLock { $0.value == $0.seen }
                }
                queue.close()
                try await workers.waitForAll()
            }
        }
        #expect(world.withLock { $0.value.reduce(0, +) } == 8000)
    }
}
