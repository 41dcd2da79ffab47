import Faults
import ResourcesTestKit
import Sites
import Testing

extension LinkSuite {
    static let ending: [LinkCheck] = [
        LinkCheck("an end with a reason is told to the other side, after what was sent before") { sites, _ in
            for isDialler in [true, false] {
                let (dialled, accepted) = try await sites.link()
                let (from, to) = isDialler ? (dialled, accepted) : (accepted, dialled)
                try await within(patience, "the end") {
                    for number in 0..<3 { try await from.send(frame(number, bytes: 100)) }
                    await from.close(Fault(JoiningFaults.peerUnknown, "Revoked by the operator."))
                    var arrived: [LinkMessage] = []
                    for await message in to.messages { arrived.append(message) }
                    #expect(arrived == (0..<3).map { frame($0, bytes: 100) })
                }
                #expect(to.ending?.is(JoiningFaults.peerUnknown) == true)
                #expect(to.ending?.what == "Revoked by the operator.")
                #expect(from.ending?.is(JoiningFaults.peerUnknown) == true)
                await #expect(throws: Fault(LinkFaults.lost)) { try await from.send(frame(3, bytes: 1)) }
                await #expect(throws: Fault(LinkFaults.lost)) { try await to.send(frame(3, bytes: 1)) }
                await to.close(nil)
                await from.close(nil)
            }
        },
        LinkCheck("an end without a reason is no fault") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            try await within(patience, "the end") {
                await dialled.close(nil)
                for await message in accepted.messages { Issue.record("unexpected \(message)") }
                for await message in dialled.messages { Issue.record("unexpected \(message)") }
            }
            #expect(accepted.ending == nil && dialled.ending == nil)
        },
        LinkCheck("the loss of the network ends the messages of both ends") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            try await dialled.send(frame(0, bytes: 10))
            try await within(patience, "the loss") {
                var there = accepted.messages.makeAsyncIterator()
                #expect(await there.next() == frame(0, bytes: 10))
                sites.cut()
                #expect(await there.next() == nil)
                for await message in dialled.messages { Issue.record("unexpected \(message)") }
            }
            #expect(dialled.ending?.is(LinkFaults.lost) == true)
            #expect(accepted.ending?.is(LinkFaults.lost) == true)
            await #expect(throws: Fault(LinkFaults.lost)) { try await dialled.send(frame(1, bytes: 1)) }
            await #expect(throws: Fault(LinkFaults.lost)) { try await accepted.send(frame(1, bytes: 1)) }
        },
        LinkCheck("after a loss a new link can be made") { sites, _ in
            for _ in 0..<3 {
                let (dialled, accepted) = try await sites.link()
                try await dialled.send(frame(0, bytes: 10))
                var there = accepted.messages.makeAsyncIterator()
                #expect(await there.next() == frame(0, bytes: 10))
                sites.cut()
                #expect(await there.next() == nil)
            }
        },
        LinkCheck("whoever stops reading in the middle is cancelled cleanly") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            let reader = Task {
                for await _ in accepted.messages {}
            }
            reader.cancel()
            try await within(patience, "the cancelled reader") { await reader.value }
            try await dialled.send(frame(0, bytes: 1))
        },
    ]

    static let opening: [LinkCheck] = [
        LinkCheck("a stranger is refused by number and nothing reaches the listening site") { sites, _ in
            await #expect(throws: Fault(JoiningFaults.peerUnknown)) { _ = try await sites.dial(.stranger) }
            #expect(sites.door.accepted == 0)
        },
        LinkCheck("another site at the address is refused") { sites, _ in
            await #expect(throws: Fault(LinkFaults.wrongPeer)) { _ = try await sites.dial(.expectingAnother) }
        },
        LinkCheck("an address where nobody listens is said to be unreachable") { sites, _ in
            await #expect(throws: Fault(LinkFaults.unreachable)) { _ = try await sites.dial(.nowhere) }
        },
        LinkCheck("both sides take the highest version that both speak") { sites, _ in
            for (offered, agreed) in [(1...2, 2), (3...3, 3), (1...9, 4), (4...7, 4)] as [(ClosedRange<UInt32>, UInt32)]
            {
                let dialled = try await sites.dial(.versions(offered))
                let accepted = try await sites.door.next()
                #expect(dialled.version == agreed && accepted.version == agreed)
                await dialled.close(nil)
            }
        },
        LinkCheck("ranges of versions that have none in common are refused by number") { sites, _ in
            for offered in [1...1, 5...9] as [ClosedRange<UInt32>] {
                await #expect(throws: Fault(LinkFaults.noVersion)) { _ = try await sites.dial(.versions(offered)) }
            }
            #expect(sites.door.accepted == 0)
        },
    ]
}
