import Faults
import ResourcesTestKit
import Sites
import Synchronization
import Testing

extension LinkSuite {
    static let pressing: [LinkCheck] = [
        LinkCheck("a reader that stops stops the sender, towards both ends, and nothing is lost") { sites, harness in
            let (dialled, accepted) = try await sites.link()
            for (from, to) in [(dialled, accepted), (accepted, dialled)] {
                try await slowReader(from, to, room: harness.room)
            }
        },
        LinkCheck("a send that waits can be cancelled, and the link goes on without that message") { sites, harness in
            let (dialled, accepted) = try await sites.link()
            let sent = Counted()
            let sender = Task {
                for number in 0... {
                    try await dialled.send(frame(number, bytes: 256 << 10))
                    sent.increment()
                }
            }
            try await within(patience, "the sender to wait") { await sent.settles() }
            sender.cancel()
            let outcome = await sender.result
            #expect(throws: CancellationError.self) { try outcome.get() }
            let count = sent.value
            try await within(patience, "what was sent") {
                async let last: Void = dialled.send(.request(id: 1, method: "last", body: []))
                var number = 0
                for await message in accepted.messages {
                    if case .request = message { break }
                    #expect(message == frame(number, bytes: 256 << 10))
                    number += 1
                }
                try await last
                #expect(number == count)
            }
        },
        LinkCheck("a send that waits learns that the link is gone") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            let sent = Counted()
            let sender = Task {
                for number in 0... {
                    try await dialled.send(frame(number, bytes: 256 << 10))
                    sent.increment()
                }
            }
            try await within(patience, "the sender to wait") { await sent.settles() }
            sites.cut()
            try await within(patience, "the sender to fail") {
                let outcome = await sender.result
                #expect(throws: Fault(LinkFaults.lost)) { try outcome.get() }
            }
            _ = accepted
        },
    ]

    /// Sends far more than may lie between the ends while nobody reads, then reads all of it.
    private static func slowReader(_ from: any Link, _ to: any Link, room: Int) async throws {
        let (count, size) = (3 * room / (256 << 10), 256 << 10)
        let sent = Counted()
        try await within(patience, "a slow reader") {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<count {
                        try await from.send(frame(number, bytes: size))
                        sent.increment()
                    }
                }
                await sent.settles()
                #expect(sent.value * size <= room, "\(sent.value) frames left a sender whose receiver does not read")
                var number = 0
                for await message in to.messages {
                    #expect(message == frame(number, bytes: size))
                    number += 1
                    if number == count { break }
                }
                try await group.waitForAll()
                #expect(number == count)
            }
        }
    }
}

/// A count that a test waits for.
public final class Counted: Sendable {
    public init() {}

    private let count = Mutex(0)

    public var value: Int { count.withLock { $0 } }

    public func increment() {
        count.withLock { $0 += 1 }
    }

    /// Returns when the count is above zero and has stood still for a while: on a slow machine perhaps too early, which
    /// makes what the caller checks weaker and never wrong.
    public func settles() async {
        var (last, since) = (0, ContinuousClock.now)
        while last == 0 || since.duration(to: .now) < .milliseconds(400) {
            try? await Task.sleep(for: .milliseconds(20))
            let now = value
            if now != last { (last, since) = (now, .now) }
            if Task.isCancelled { return }
        }
    }
}
