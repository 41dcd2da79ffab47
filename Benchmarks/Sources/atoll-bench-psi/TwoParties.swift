import BenchKit
import Faults
import Foundation
import PrivateSetIntersection
import Synchronization
import TaskRuntime

/// Both parties of `align` in this process, each on a thread of its own; frames are handed over in memory.
struct TwoParties {
    private let setting: TaskSetting
    private let count: Int

    init(ids count: Int) {
        self.count = count
        setting = TaskSetting(
            parameters: [
                "guestDataset": .text("guest"), "hostDataset": .text("host"), "guestKey": .text("id"),
                "hostKey": .text("id"), "rules": .text("exact"), "guestRows": .integer(Int64(count)),
                "hostRows": .integer(Int64(count)), "who": .text("both"),
            ],
            parties: [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")],
            seed: [UInt8](repeating: 3, count: 32))
    }

    /// - Throws: a party's fault; `BenchFailure` when they do not find half of the ids.
    func run() throws -> ExchangeFigures {
        let line = Line()
        let results = Mutex<[Result<TaskResult, any Error>]>([])
        let done = DispatchGroup()
        let begin = Timing.now(.wall)
        let before = Self.processorSeconds
        for party in 0..<2 {
            done.enter()
            let thread = Thread {
                let result = Result { try self.work(party, line) }
                if case .failure = result { line.close() }
                results.withLock { $0.append(result) }
                done.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        done.wait()
        let seconds = (Timing.now(.wall) - begin) / 1e9
        let processorSeconds = Self.processorSeconds - before
        for result in results.withLock({ $0 }) {
            let found = try result.get().output.prefix(8).reduce(0) { $0 << 8 | Int($1) }
            guard found == count - count / 2 else { throw BenchFailure("\(found) ids are common") }
        }
        return ExchangeFigures(
            seconds: seconds, processorSeconds: processorSeconds, bytes: line.bytes, peak: Self.peak)
    }

    /// One party from its first id to its result.
    private func work(_ party: Int, _ line: Line) throws -> TaskResult {
        let site = CountingSite(first: party * (count / 2), count: count)
        var task = try AlignOperator(site: site).makeProtocol(setting, party: party)
        var effects = try task.start(from: nil)
        while true {
            var isMeasured = false
            for effect in effects {
                switch effect {
                case .send(let message): line.send(message, from: party)
                case .measure: isMeasured = true
                case .finish(let result): return result
                default: break
                }
            }
            let event: TaskEvent =
                isMeasured ? .measured(.clock(.zero)) : .message(try line.take(for: party), at: .zero)
            effects = try task.handle(event)
        }
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The most resident memory since the start, as the system counts it.
    private static var peak: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}

/// What lies between two threads: a queue each way. A sender waits while a megabyte is on its way.
private final class Line: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [[TaskMessage]] = [[], []]
    private var sent = 0
    private var isClosed = false

    var bytes: Int { condition.withLock { sent } }

    func send(_ message: TaskMessage, from party: Int) {
        condition.withLock {
            while !isClosed, waiting[1 - party].reduce(0, { $0 + $1.payload.count }) >= 1 << 20 { condition.wait() }
            sent += message.payload.count
            var message = message
            message.party = party
            waiting[1 - party].append(message)
            condition.broadcast()
        }
    }

    func take(for party: Int) throws -> TaskMessage {
        try condition.withLock {
            while waiting[party].isEmpty {
                if isClosed { throw BenchFailure("the other party ended") }
                condition.wait()
            }
            defer { condition.broadcast() }
            return waiting[party].removeFirst()
        }
    }

    /// Lets everybody who waits go on.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}

/// Ids that are the digits of rising numbers, made as they are read.
private struct CountingSite: AlignSite, AlignInput {
    let first: Int
    let count: Int

    func ids(of dataset: String, columns: [String], rules: KeyRules) -> any AlignInput { self }
    func reader() -> any AlignReader { Reader(site: self) }
    func output() -> any AlignOutput { Output() }

    private struct Reader: AlignReader {
        let site: CountingSite
        var next = 0

        mutating func next(atMost most: Int) -> AlignBlock? {
            guard next < site.count else { return nil }
            var block = AlignBlock()
            let end = min(site.count, next + most)
            for row in next..<end {
                var number = 310_000_000_000_000_000 + site.first + row
                var digits = [UInt8](repeating: 0, count: 18)
                for place in stride(from: 17, through: 0, by: -1) {
                    digits[place] = UInt8(0x30 + number % 10)
                    number /= 10
                }
                block.append(row: UInt32(row), id: digits)
            }
            next = end
            return block
        }
    }

    private struct Output: AlignOutput {
        func begin() {}
        func append(_ rows: [UInt32]) {}
    }
}
