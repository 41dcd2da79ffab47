import Faults
import ResourcesTestKit
import Testing

@testable import Sites

/// The small parts that links are made of.
@Suite struct LinkPartsTests {
    @Test func addressesAreReadOrRefused() throws {
        for (text, host, port) in [
            ("example.org:9370", "example.org", 9370), ("10.0.0.1:1", "10.0.0.1", 1), ("[::1]:65535", "::1", 65535),
            ("[fe80::1%eth0]:9370", "fe80::1%eth0", 9370), ("a_b-c:80", "a_b-c", 80),
        ] {
            let address = try HostAndPort(dialling: text)
            #expect(address.host == host && address.port == port)
            #expect(address.description == text)
        }
        for text in [
            "", ":", "host", "host:", ":9370", "host:0", "host:65536", "host:+1", "host:１", "::1:9370", "[::1]",
            "[x]:1",
            "a b:1", "a/b:1", "http://a:1", "\(String(repeating: "a", count: 254)):1",
        ] {
            #expect(throws: Fault(LinkFaults.address), "\(text)") { _ = try HostAndPort(dialling: text) }
        }
    }

    @Test func versionsAreAgreedOnFromBothSidesAlike() throws {
        var random = SeededGenerator.printed(for: #function)
        for _ in 0..<2000 {
            let ranges = (0..<2).map { _ -> ClosedRange<UInt32> in
                let low = UInt32.random(in: 1...6, using: &random)
                return low...low + UInt32.random(in: 0...4, using: &random)
            }
            let (one, other) = (
                LinkTerms(versions: ranges[0], build: ""), LinkTerms(versions: ranges[1], build: "")
            )
            let there = try? one.agree(with: ranges[1])
            let back = try? other.agree(with: ranges[0])
            #expect(there == back)
            #expect(there == Set(ranges[0]).intersection(Set(ranges[1])).max())
        }
        #expect(throws: Fault(LinkFaults.noVersion)) {
            _ = try LinkTerms(versions: 1...2, build: "").agree(with: 3...4)
        }
    }

    @Test func aBudgetGivesTurnsInOrderAndTakesBackWhatIsCancelled() async throws {
        let budget = ByteBudget(limit: 100)
        try await budget.take(80)
        let order = Order()
        let large = Task {
            try await budget.take(90)
            order.add("large")
        }
        try await eventually(within: .seconds(120), "the first to wait") { budget.waiting == 1 }
        let small = Task {
            try await budget.take(10)
            order.add("small")
        }
        try await eventually(within: .seconds(120), "the second to wait") { budget.waiting == 2 }
        #expect(budget.used == 80)
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
        try await small.value
        #expect(order.names == ["small"])
        #expect(budget.used == 90)
        budget.release(90)
        try await budget.take(500)
        #expect(budget.used == 500)
        let late = Task { try await budget.take(1) }
        try await eventually(within: .seconds(120), "the last to wait") { budget.waiting == 1 }
        budget.fail(Fault(LinkFaults.lost))
        await #expect(throws: Fault(LinkFaults.lost)) { try await late.value }
        await #expect(throws: Fault(LinkFaults.lost)) { try await budget.take(1) }
    }

    @Test func aCancelledTaskTakesNothing() async throws {
        let budget = ByteBudget(limit: 10)
        try await budget.take(10)
        let task = Task {
            try? await Task.sleep(for: .seconds(3600))
            try await budget.take(5)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(budget.used == 10 && budget.waiting == 0)
    }

    /// Many tasks that take, hold, give back and are cancelled: the limit holds at every moment, and all comes back.
    @Test func aBudgetIsNeverOverdrawn() async throws {
        let budget = ByteBudget(limit: 50)
        let watch = Order()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let bytes = 1 + number % 50
                    let task = Task {
                        try await budget.take(bytes)
                        if budget.used > 50 { watch.add("overdrawn") }
                        await Task.yield()
                        budget.release(bytes)
                    }
                    if number % 3 == 0 { task.cancel() }
                    _ = await task.result
                }
            }
        }
        #expect(watch.names.isEmpty)
        #expect(budget.used == 0 && budget.waiting == 0)
    }

    @Test func aPipeKeepsOrderAndEndsAfterWhatWasPut() async throws {
        let pipe = MessagePipe<Int>(limit: 10)
        async let putting: Void = {
            for number in 0..<500 { try await pipe.put(number, size: 1 + number % 4) }
            pipe.finish(Fault(LinkFaults.lost))
        }()
        var got: [Int] = []
        while let number = await pipe.next() { got.append(number) }
        try await putting
        #expect(got == Array(0..<500))
        await #expect(throws: Fault(LinkFaults.lost)) { try await pipe.put(1, size: 1) }
    }

    @Test func aPipeThatIsDroppedGivesNothingMore() async throws {
        let pipe = MessagePipe<Int>(limit: 10)
        try await pipe.put(1, size: 1)
        pipe.finish(Fault(LinkFaults.lost), dropping: true)
        #expect(await pipe.next() == nil)
    }

    @Test func aLatchIsSetOnceAndWakesEveryone() async throws {
        let latch = Latch<Int>()
        let waiting = (0..<5).map { _ in Task { await latch.wait() } }
        let cancelled = Task { await latch.wait() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        #expect(latch.set(1))
        #expect(!latch.set(2))
        for task in waiting { #expect(await task.value == 1) }
        #expect(await latch.wait() == 1)
    }
}

/// What happened, in order.
final class Order: Sendable {
    private let list = Shared<[String]>([])

    func add(_ name: String) {
        list.withLock { $0.append(name) }
    }

    var names: [String] { list.withLock { $0 } }
}
