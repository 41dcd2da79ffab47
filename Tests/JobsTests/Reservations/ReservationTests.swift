import Jobs
import ResourcesTestKit
import Testing

struct ReservationTests {
    private let small = WorkerCapacity(memory: 1 << 30, cores: 1)

    @Test("the oldest job is served first, and a large one is not passed by small ones")
    func order() {
        var book = Reservations(capacity: WorkerCapacity(memory: 8 << 30, cores: 4))
        _ = book.ask("01B", WorkerCapacity(memory: 1 << 30, cores: 3))
        let isUsed = book.use("01B")
        #expect(isUsed)
        _ = book.ask("01C", WorkerCapacity(memory: 1 << 30, cores: 4))
        _ = book.ask("01D", small)
        #expect(book.state(of: "01D") == .waiting)
        #expect(book.shortage(of: "01D")?.ahead == 1)
        #expect(book.shortage(of: "01C")?.text.contains("asked 4 cores and 1 GiB, free 1 core and 7 GiB") == true)
        let afterRelease = book.release("01B")
        #expect(afterRelease == ["01C"])
        #expect(book.state(of: "01C") == .held)
        #expect(book.state(of: "01D") == .waiting)
    }

    @Test("what a younger job merely holds goes to an older one; what is in use stays")
    func wounding() {
        var book = Reservations(capacity: WorkerCapacity(memory: 2 << 30, cores: 2))
        _ = book.ask("01C", small)
        _ = book.ask("01D", small)
        let isUsed = book.use("01D")
        #expect(isUsed)
        let wounded = book.ask("01A", small)
        #expect(wounded == ["01C"])
        #expect(book.state(of: "01A") == .held)
        #expect(book.state(of: "01C") == .waiting)
        let isUsedByWaiting = book.use("01C")
        #expect(!isUsedByWaiting)
        #expect(book.state(of: "01D") == .inUse)
        _ = book.ask("01B", small)
        #expect(book.state(of: "01B") == .waiting)
        let afterRest = book.rest("01D")
        #expect(afterRest == ["01B"])
        #expect(book.state(of: "01D") == .waiting)
    }

    @Test("whatever is asked, used and released, promises never exceed the capacity and nobody waits for nothing")
    func random() throws {
        var generator = SeededGenerator.printed(for: "ReservationTests.random")
        var book = Reservations(capacity: WorkerCapacity(memory: 10, cores: 10))
        var asks: [String: WorkerCapacity] = [:]
        for _ in 0..<20_000 {
            let job = "01J\(Int.random(in: 10..<40, using: &generator))"
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1:
                let ask = WorkerCapacity(
                    memory: UInt64.random(in: 1...10, using: &generator),
                    cores: Int.random(in: 1...10, using: &generator))
                asks[job] = asks[job] ?? ask
                _ = book.ask(job, ask)
            case 2: _ = book.use(job)
            case 3: _ = book.rest(job)
            default:
                asks[job] = nil
                _ = book.release(job)
            }
            let granted = asks.filter { book.state(of: $0.key) != .waiting }
            let cores = granted.values.reduce(0) { $0 + $1.cores }
            let memory = granted.values.reduce(UInt64(0)) { $0 + $1.memory }
            try #require(book.free == WorkerCapacity(memory: 10 - memory, cores: 10 - cores))
            let first = asks.keys.filter { book.state(of: $0) == .waiting }.min()
            try #require(book.waitingCount == asks.keys.count { book.state(of: $0) == .waiting })
            if let first, let ask = asks[first] {
                let younger = granted.keys.filter { $0 > first && book.state(of: $0) == .held }.map { asks[$0]! }
                let isEnough =
                    ask.cores <= book.free.cores + younger.reduce(0) { $0 + $1.cores }
                    && ask.memory <= book.free.memory + younger.reduce(0) { $0 + $1.memory }
                try #require(!isEnough, "\(first) could be served")
            }
        }
    }

    @Test("ten thousand jobs that wait cost little")
    func many() {
        var book = Reservations(capacity: WorkerCapacity(memory: 4 << 30, cores: 4))
        for job in 0..<10_000 { _ = book.ask("01J\(100_000 + job)", small) }
        #expect(book.waitingCount == 9_996)
        for job in 0..<10_000 { _ = book.release("01J\(100_000 + job)") }
        #expect(book.waitingCount == 0)
        #expect(book.free == book.capacity)
    }
}
