import Faults
import Foundation
import NIOCore
import ResourcesTestKit
import SitesTestKit
import Synchronization
import Testing

@testable import Sites

/// Peers that vanish without a word.
@Suite struct LossTests {
    static let quick = LinkKeepAlive(time: .milliseconds(500), timeout: .milliseconds(1500))

    /// Runs the body with both ends of a link through a proxy.
    private func withLink(
        _ keepAlive: LinkKeepAlive, _ conduct: TCPProxy.Conduct = .init(),
        _ body: @escaping @Sendable (_ dialled: any Link, _ accepted: any Link, _ proxy: TCPProxy) async throws -> Void
    ) async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            let door = TestDoor()
            try await site.listening(to: door, keepAlive: keepAlive) { port in
                try await TCPProxy.with(target: port, conduct) { proxy in
                    let dialled = try await peer.transport(keepAlive: keepAlive).dial(
                        "127.0.0.1:\(proxy.port)", peer: site.id, tuning: .standard)
                    let accepted = try await door.next()
                    try await body(dialled, accepted, proxy)
                }
            }
        }
    }

    private func expectLoss(_ link: any Link) async throws {
        try await within(LinkSuite.wait, "the loss") { for await _ in link.messages {} }
        #expect(link.ending?.is(LinkFaults.lost) == true)
        await #expect(throws: Fault(LinkFaults.lost)) { try await link.send(LinkSuite.frame(0, bytes: 1)) }
    }

    /// Nobody closes anything: both ends find out by asking.
    @Test func aHalfOpenConnectionIsLostAtBothEnds() async throws {
        try await withLink(Self.quick) { dialled, accepted, proxy in
            try await dialled.send(LinkSuite.frame(0, bytes: 1))
            proxy.set(TCPProxy.Conduct(isSilent: true))
            try await expectLoss(dialled)
            try await expectLoss(accepted)
        }
    }

    /// TLS notices: the link ends at both ends, and what came before is whole and in order.
    @Test func bytesInAnotherOrderEndTheLinkAndDeliverNothingWrong() async throws {
        try await withLink(Self.quick) { dialled, accepted, proxy in
            let arrived = Mutex<[LinkMessage]>([])
            let reader = Task {
                for await message in accepted.messages { arrived.withLock { $0.append(message) } }
            }
            let sender = Task {
                for number in 0... { try await dialled.send(LinkSuite.frame(number, bytes: 10_000)) }
            }
            try await eventually(within: LinkSuite.wait, "traffic") { arrived.withLock { $0.count > 3 } }
            proxy.set(TCPProxy.Conduct(isReordering: true))
            let outcome = try await within(LinkSuite.wait, "the sender to fail") { await sender.result }
            #expect(throws: Fault(LinkFaults.lost)) { try outcome.get() }
            await reader.value
            try await expectLoss(dialled)
            let messages = arrived.withLock(\.self)
            #expect(messages == messages.indices.map { LinkSuite.frame($0, bytes: 10_000) })
        }
    }

    @Test func aHalfOpenConnectionUnderLoadIsLostAtBothEnds() async throws {
        try await withLink(Self.quick) { dialled, accepted, proxy in
            let senders = [dialled, accepted].map { link in
                Task {
                    for number in 0... { try await link.send(LinkSuite.frame(number, bytes: 256 << 10)) }
                }
            }
            let arrived = Counted()
            let reader = Task {
                for await _ in accepted.messages { arrived.increment() }
            }
            // On a machine that stands still for longer than these quick times the link is lost before that, which is as well.
            try await eventually(within: LinkSuite.wait, "traffic") {
                arrived.value > 10 || dialled.ending != nil || accepted.ending != nil
            }
            proxy.set(TCPProxy.Conduct(isSilent: true))
            for sender in senders {
                let outcome = try await within(LinkSuite.wait, "the sender to fail") { await sender.result }
                #expect(throws: Fault(LinkFaults.lost)) { try outcome.get() }
            }
            await reader.value
            try await expectLoss(dialled)
        }
    }

    /// Long pauses are no loss: the ends ask each other and are answered.
    @Test func anIdleLinkStays() async throws {
        try await withLink(LinkKeepAlive(time: .seconds(1), timeout: .seconds(60))) { dialled, accepted, _ in
            try await Task.sleep(for: .seconds(4))
            #expect(dialled.ending == nil && accepted.ending == nil)
            try await dialled.send(LinkSuite.frame(0, bytes: 1))
            var messages = accepted.messages.makeAsyncIterator()
            #expect(await messages.next() == LinkSuite.frame(0, bytes: 1))
        }
    }

    @Test func aLinkWorksOverALongLine() async throws {
        try await withLink(.standard, TCPProxy.Conduct(delay: .milliseconds(10))) { dialled, accepted, _ in
            async let sending: Void = {
                for number in 0..<32 { try await dialled.send(LinkSuite.frame(number, bytes: 256 << 10)) }
            }()
            var number = 0
            for await message in accepted.messages {
                #expect(message == LinkSuite.frame(number, bytes: 256 << 10))
                number += 1
                if number == 32 { break }
            }
            try await sending
        }
    }

    /// With the real times: what the product promises.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] != nil,
            "takes 10 seconds; set ATOLL_TEST_LONG to run it"))
    func theStandardTimesSeeALossWithin15Seconds() async throws {
        #expect(LinkKeepAlive.standard.time + LinkKeepAlive.standard.timeout < .seconds(15))
        try await withLink(.standard) { dialled, accepted, proxy in
            proxy.set(TCPProxy.Conduct(isSilent: true))
            try await expectLoss(dialled)
            try await expectLoss(accepted)
        }
    }

    @Test func nobodyAnswersWhereTheProxyIsSilent() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            try await site.listening(to: TestDoor()) { port in
                try await TCPProxy.with(target: port, TCPProxy.Conduct(isSilent: true)) { proxy in
                    let dialling = Task {
                        try await peer.transport().dial("127.0.0.1:\(proxy.port)", peer: site.id, tuning: .standard)
                    }
                    try await Task.sleep(for: .milliseconds(200))
                    dialling.cancel()
                    let outcome = try await within(LinkSuite.wait, "the cancelled call") { await dialling.result }
                    #expect(throws: CancellationError.self) { _ = try outcome.get() }
                }
            }
        }
    }
}
