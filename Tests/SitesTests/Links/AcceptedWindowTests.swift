import Ledger
import ResourcesTestKit
import SitesTestKit
import Testing

@testable import Sites

/// How much may be on its way to the side that did not dial.
@Suite(.timeLimit(.minutes(4))) struct AcceptedWindowTests {
    private static let size = 256 << 10

    @Test func aLinkThatComesGetsTheWindowOfALongLine() async throws {
        // Budget of the sender, queue of the receiver, what gRPC holds: 5 MiB and some frames beside the window.
        try await Self.sending(to: .accepting) { sent in
            try await eventually(within: .seconds(120), "the window to fill") { sent.value * Self.size >= 14 << 20 }
            await sent.settles()
            #expect(sent.value * Self.size <= 28 << 20)
        }
        try await Self.sending(to: .standard) { sent in
            await sent.settles()
            #expect(sent.value * Self.size <= 10 << 20)
        }
    }

    /// Runs the body while a dialling site sends to one that does not read.
    private static func sending(to tuning: LinkTuning, _ body: @escaping @Sendable (Counted) async throws -> Void)
        async throws
    {
        try await withSiteFolder { folder in
            let dialler = try FederationSite("dialler", in: folder)
            let listener = try FederationSite("listener", in: folder, peers: [dialler.id])
            dialler.directory.add(listener.id)
            let door = TestDoor()
            try await listener.listening(to: door, tuning: tuning) { port in
                let link = try await dialler.transport().dial("127.0.0.1:\(port)", peer: listener.id, tuning: .standard)
                let accepted = try await door.next()
                let sent = Counted()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !Task.isCancelled {
                            try await link.send(LinkSuite.frame(sent.value, bytes: size))
                            sent.increment()
                        }
                    }
                    group.addTask { try await body(sent) }
                    _ = try await group.next()
                    group.cancelAll()
                }
                await link.close(nil)
                _ = accepted
            }
        }
    }
}
