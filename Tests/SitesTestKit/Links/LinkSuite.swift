import Faults
import Ledger
import ResourcesTestKit
public import Sites
import Synchronization
import Testing

/// What every transport must do: the sentences of `Link` and `LinkTransport` as checks.
public enum LinkSuite {
    public static let checks: [LinkCheck] = carrying + pressing + ending + opening

    static let patience = Duration.seconds(120)
    /// How long tests of links wait before they call it a hang.
    public static let wait = patience

    /// A frame whose sequence and content are told by its number.
    public static func frame(_ number: Int, bytes: Int) -> LinkMessage {
        .frame(
            Frame(
                channel: ChannelID(job: "01J000000000000000000000JB", task: "align", epoch: 1), step: 3,
                sequence: UInt64(number), attempt: 1, messageType: "psi.block", elements: UInt64(bytes / 32),
                salt: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16),
                payload: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)))
    }

    static let carrying: [LinkCheck] = [
        LinkCheck("messages arrive in order and whole, both ways at once") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            try await within(patience, "messages both ways") {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (from, to) in [(dialled, accepted), (accepted, dialled)] {
                        group.addTask {
                            for number in 0..<300 { try await from.send(frame(number, bytes: number * 97 % 20_000)) }
                        }
                        group.addTask {
                            var number = 0
                            for await message in to.messages {
                                #expect(message == frame(number, bytes: number * 97 % 20_000))
                                number += 1
                                if number == 300 { break }
                            }
                            #expect(number == 300)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        },
        LinkCheck("every kind of message arrives as it was sent") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            let id = ChannelID(job: "01J000000000000000000000JB", task: "train", epoch: 7)
            let all: [LinkMessage] = [
                frame(1, bytes: 0), frame(2, bytes: 1), .ready(id, next: 5, credit: 1 << 20),
                .acknowledge(id, next: .max, credit: 0), .end(id, next: 9),
                .refuse(id, number: 3051, text: "not declared"),
                .request(id: 1, method: "probe.echo", body: [1, 2, 3]), .response(id: 1, number: 0, body: []),
                .response(id: .max, number: 3042, body: Array("no".utf8)),
            ]
            for message in all { try await dialled.send(message) }
            try await within(patience, "every kind") {
                var arrived: [LinkMessage] = []
                for await message in accepted.messages {
                    arrived.append(message)
                    if arrived.count == all.count { break }
                }
                #expect(arrived == all)
            }
        },
        LinkCheck("a payload of 4 MiB crosses; a larger one is refused and the link stays as it was") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            for (from, to) in [(dialled, accepted), (accepted, dialled)] {
                let large = frame(1, bytes: 4 << 20)
                await #expect(throws: Fault(LinkFaults.tooLarge)) {
                    try await from.send(frame(0, bytes: 4 << 20 + 1))
                }
                await #expect(throws: Fault(LinkFaults.tooLarge)) {
                    try await from.send(.request(id: 1, method: "a", body: [UInt8](repeating: 0, count: 4 << 20 + 1)))
                }
                try await within(patience, "the largest message") {
                    async let sending: Void = from.send(large)
                    var iterator = to.messages.makeAsyncIterator()
                    let arrived = await iterator.next()
                    try await sending
                    #expect(arrived == large)
                }
            }
        },
        LinkCheck("both ends know each other, and which of them dialled") { sites, _ in
            let (dialled, accepted) = try await sites.link()
            #expect(dialled.peer == sites.listener)
            #expect(accepted.peer == sites.diallers[0])
            #expect(dialled.isDialled && !accepted.isDialled)
            #expect(dialled.route == "direct" && accepted.route == "reverse")
            #expect(dialled.version == accepted.version)
            #expect(dialled.ending == nil && accepted.ending == nil)
        },
        LinkCheck("several peers at once are told apart") { sites, _ in
            try await within(patience, "several peers") {
                try await withThrowingTaskGroup(of: (any Link)?.self) { group in
                    for _ in 0..<3 {
                        for peer in 0..<LinkSites.peers {
                            group.addTask {
                                let link = try await sites.dial(.peer(peer))
                                try await link.send(
                                    .request(id: 1, method: "who", body: Array(sites.diallers[peer].text.utf8)))
                                return link
                            }
                        }
                    }
                    for _ in 0..<3 * LinkSites.peers {
                        let link = try await sites.door.next()
                        group.addTask {
                            var iterator = link.messages.makeAsyncIterator()
                            guard case .request(_, _, let body)? = await iterator.next() else {
                                Issue.record("the first message is missing")
                                return nil
                            }
                            #expect(String(decoding: body, as: UTF8.self) == link.peer.text)
                            return nil
                        }
                    }
                    // Links are held until all were read.
                    var held: [any Link] = []
                    for try await link in group { if let link { held.append(link) } }
                    #expect(held.count == 3 * LinkSites.peers)
                }
            }
        },
    ]
}
