import Faults
import Ledger
import ResourcesTestKit
import SitesTestKit
import Synchronization
import Testing

@testable import Sites

/// Two hubs and the links between them in memory.
@Suite struct LinkHubTests {
    /// A site with a hub that listens at its own name.
    struct Party: Sendable {
        let site: SiteID
        let hub: LinkHub
        let traffic: RecordedTraffic
    }

    /// Runs the body with two hubs; `dial` makes a link from the first to the second and returns when both have it.
    private func withHubs(
        answerTime: Duration = .seconds(120),
        _ body:
            @escaping @Sendable (
                _ one: Party, _ two: Party, _ dial: @escaping @Sendable (_ back: Bool) async throws -> Void,
                _ network: InProcessNetwork
            ) async throws -> Void
    ) async throws {
        let network = InProcessNetwork()
        let parties = (1...2).map { number in
            let party = Party(
                site: testSite(number), hub: LinkHub(logger: FederationSite.logger, answerTime: answerTime),
                traffic: RecordedTraffic())
            party.hub.connect(party.traffic)
            return party
        }
        let terms = LinkTerms(build: "test")
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            for (own, other) in [(parties[0], parties[1]), (parties[1], parties[0])] {
                group.addTask {
                    try await network.listen(
                        at: "\(own.site):1", as: own.site, terms: terms, directory: TestDirectory([other.site]),
                        acceptor: own.hub)
                }
            }
            try await eventually(within: LinkSuite.wait, "listeners") {
                parties.allSatisfy { network.isListening(at: "\($0.site):1") }
            }
            let (dialled, dials) = AsyncStream.makeStream(of: (Party, any Link).self)
            group.addTask {
                await withDiscardingTaskGroup { links in
                    for await (party, link) in dialled { links.addTask { await party.hub.use(link) } }
                    links.cancelAll()
                }
            }
            try await body(
                parties[0], parties[1],
                { back in
                    let (from, to) = back ? (parties[1], parties[0]) : (parties[0], parties[1])
                    let seen = (from.traffic.ups, to.traffic.ups)
                    let link = try await network.transport(of: from.site, terms: terms)
                        .dial("\(to.site):1", peer: to.site, tuning: .standard)
                    dials.yield((from, link))
                    try await eventually(within: LinkSuite.wait, "the link") {
                        from.traffic.ups > seen.0 && to.traffic.ups > seen.1
                    }
                }, network)
            dials.finish()
        }
    }

    @Test func callsAreAnsweredBothWaysOverOneLink() async throws {
        try await withHubs { one, two, dial, _ in
            for party in [one, two] {
                party.hub.serve("echo") { caller, body in Array(caller.text.utf8) + body }
            }
            try await dial(false)
            #expect(try await one.hub.call("echo", [1, 2], of: two.site) == Array(one.site.text.utf8) + [1, 2])
            #expect(try await two.hub.call("echo", [], of: one.site) == Array(two.site.text.utf8))
        }
    }

    @Test func manyCallsAtOnceGetTheirOwnAnswers() async throws {
        try await withHubs { one, two, dial, _ in
            two.hub.serve("double") { _, body in body + body }
            try await dial(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in UInt8(0)..<24 {
                    group.addTask {
                        for _ in 0..<20 {
                            let answer = try await one.hub.call("double", [number], of: two.site)
                            #expect(answer == [number, number])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(one.hub.state.withLock { $0.table.open } == 0)
        }
    }

    @Test func refusalsOfHandlersCrossAsNumbers() async throws {
        try await withHubs { one, two, dial, _ in
            struct Odd: Error {}
            two.hub.serve("refuse") { _, _ in throw Fault(LinkFaults.silent, "Not that.") }
            two.hub.serve("break") { _, _ in throw Odd() }
            two.hub.serve("large") { _, _ in [UInt8](repeating: 0, count: LinkLimits.payload + 1) }
            try await dial(false)
            do {
                _ = try await one.hub.call("refuse", [], of: two.site)
                Issue.record("answered")
            } catch let fault as Fault {
                #expect(fault.is(LinkFaults.silent) && fault.what == "Not that.")
            }
            await #expect(throws: Fault(LinkFaults.callFailed)) {
                _ = try await one.hub.call("break", [], of: two.site)
            }
            await #expect(throws: Fault(LinkFaults.noMethod)) { _ = try await one.hub.call("what", [], of: two.site) }
            await #expect(throws: Fault(LinkFaults.tooLarge)) { _ = try await one.hub.call("large", [], of: two.site) }
            await #expect(throws: Fault(LinkFaults.tooLarge)) {
                _ = try await one.hub.call("refuse", [UInt8](repeating: 0, count: LinkLimits.payload + 1), of: two.site)
            }
        }
    }

    @Test func aCallWithoutALinkIsLostAtOnce() async throws {
        let hub = LinkHub(logger: FederationSite.logger)
        await #expect(throws: Fault(LinkFaults.lost)) { _ = try await hub.call("echo", [], of: testSite(1)) }
    }

    @Test func aCallFailsWhenItsLinkBreaks() async throws {
        try await withHubs { one, two, dial, network in
            let entered = Order()
            two.hub.serve("wait") { _, _ in
                entered.add("entered")
                try await Task.sleep(for: .seconds(3600))
                return []
            }
            try await dial(false)
            async let call = one.hub.call("wait", [], of: two.site)
            try await eventually(within: LinkSuite.wait, "the handler") { !entered.names.isEmpty }
            network.cut()
            do {
                _ = try await call
                Issue.record("answered")
            } catch {
                #expect((error as? Fault)?.is(LinkFaults.lost) == true)
            }
        }
    }

    @Test func aCallWithoutAnAnswerEnds() async throws {
        try await withHubs(answerTime: .milliseconds(50)) { one, two, dial, _ in
            two.hub.serve("wait") { _, _ in
                try await Task.sleep(for: .seconds(3600))
                return []
            }
            try await dial(false)
            await #expect(throws: Fault(LinkFaults.noAnswer)) { _ = try await one.hub.call("wait", [], of: two.site) }
            #expect(one.hub.state.withLock { $0.table.open } == 0)
        }
    }

    @Test func moreCallsThanAPeerMayHaveAreRefused() async throws {
        try await withHubs { one, two, dial, _ in
            let entered = Order()
            let gate = Latch<Void>()
            two.hub.serve("wait") { _, _ in
                entered.add("entered")
                _ = await gate.wait()
                return [1]
            }
            try await dial(false)
            try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<LinkLimits.callsPerPeer {
                    group.addTask { try await one.hub.call("wait", [], of: two.site) }
                }
                try await eventually(within: LinkSuite.wait, "the handlers") {
                    entered.names.count == LinkLimits.callsPerPeer
                }
                await #expect(throws: Fault(LinkFaults.busy)) {
                    _ = try await one.hub.call("wait", [], of: two.site)
                }
                gate.set(())
                for try await answer in group { #expect(answer == [1]) }
            }
        }
    }

    @Test func theOwnDialledLinkIsPreferred() async throws {
        try await withHubs { one, two, dial, _ in
            try await dial(true)
            #expect(one.hub.link(to: two.site)?.isDialled == false)
            try await dial(false)
            // The second link reaches each hub in its own time.
            try await eventually(within: LinkSuite.wait, "the links that each dialled") {
                one.hub.link(to: two.site)?.isDialled == true && two.hub.link(to: one.site)?.isDialled == true
            }
        }
    }

    @Test func trafficOfChannelsIsHandedOnInOrder() async throws {
        try await withHubs { one, two, dial, _ in
            try await dial(false)
            let link = try #require(one.hub.link(to: two.site))
            for number in 0..<50 { try await link.send(LinkSuite.frame(number, bytes: number)) }
            try await eventually(within: LinkSuite.wait, "the frames") { two.traffic.messages.count == 50 }
            #expect(two.traffic.messages == (0..<50).map { LinkSuite.frame($0, bytes: $0) })
        }
    }

    @Test func aPeerThatIsCutLosesEveryLinkAndLearnsWhy() async throws {
        try await withHubs { one, two, dial, _ in
            var changes = one.hub.changes().makeAsyncIterator()
            try await dial(false)
            try await dial(true)
            await one.hub.disconnect(two.site, Fault(JoiningFaults.peerUnknown, "Revoked."))
            #expect(!one.hub.isConnected(two.site))
            try await eventually(within: LinkSuite.wait, "the other side") {
                !two.hub.isConnected(one.site) && two.traffic.downs == 2 && one.traffic.downs == 2
            }
            #expect(two.traffic.endings == [JoiningFaults.peerUnknown.number, JoiningFaults.peerUnknown.number])
            var kinds: [LinkChange.Kind] = []
            while kinds.count < 4, let change = await changes.next() {
                #expect(change.peer == two.site)
                if change.kind == .down { #expect(change.reason?.is(JoiningFaults.peerUnknown) == true) }
                kinds.append(change.kind)
            }
            #expect(kinds.filter { $0 == .up }.count == 2)
        }
    }

    @Test func aPeerThatIsRevokedAfterItsHandshakeDoesNotStay() async throws {
        try await withHubs { one, two, _, network in
            // By the directory it may come in; by the time the link is in the table it may not.
            two.hub.keepOnly { _ in false }
            let link = try await network.transport(of: one.site, terms: LinkTerms(build: "test"))
                .dial("\(two.site):1", peer: two.site, tuning: .standard)
            try await within(LinkSuite.wait, "the end") { for await _ in link.messages {} }
            #expect(link.ending?.is(JoiningFaults.peerRevoked) == true)
            #expect(!two.hub.isConnected(one.site))
            #expect(two.traffic.ups == 0)
        }
    }

    @Test func aPeerMayNotOpenLinksWithoutEnd() async throws {
        try await withHubs { one, two, dial, network in
            for _ in 0..<LinkLimits.linksPerPeer { try await dial(false) }
            let extra = try await network.transport(of: one.site, terms: LinkTerms(build: "test"))
                .dial("\(two.site):1", peer: two.site, tuning: .standard)
            try await within(LinkSuite.wait, "the refusal") { for await _ in extra.messages {} }
            #expect(extra.ending?.is(LinkFaults.busy) == true)
            #expect(two.hub.isConnected(one.site))
        }
    }

    @Test func joiningIsAnsweredByWhoeverIsSetForIt() async throws {
        let hub = LinkHub(logger: FederationSite.logger)
        let session = JoinSession(ownLeaf: [1], otherLeaf: [2])
        await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
            _ = try await hub.join([], root: testSite(1), session: session)
        }
        hub.answerJoins { request, root, session in request + Array(root.text.utf8) + session.otherLeaf }
        let answer = try await hub.join([9], root: testSite(1), session: session)
        #expect(answer == [9] + Array(testSite(1).text.utf8) + [2])
    }
}

/// Keeps what a hub hands on.
final class RecordedTraffic: ChannelTraffic {
    private struct State {
        var ups = 0
        var downs = 0
        var messages: [LinkMessage] = []
        var endings: [FaultNumber] = []
    }

    private let state = Shared(State())

    func linkUp(_ link: any Link) async {
        state.withLock { $0.ups += 1 }
    }

    func receive(_ message: LinkMessage, on link: any Link) async {
        state.withLock { $0.messages.append(message) }
    }

    func linkDown(_ link: any Link) async {
        state.withLock { state in
            state.downs += 1
            if let ending = link.ending { state.endings.append(ending.number) }
        }
    }

    var ups: Int { state.withLock { $0.ups } }
    var downs: Int { state.withLock { $0.downs } }
    var messages: [LinkMessage] { state.withLock { $0.messages } }
    var endings: [FaultNumber] { state.withLock { $0.endings } }
}
