import Faults
import Ledger
import Resources
import Testing

@testable import Data

/// What requests for grants may cost, and what becomes of them when something goes wrong in between.
@Suite(.timeLimit(.minutes(5)))
struct AccessBoundTests {
    @Test func aPeerHasSoManyRequestsOpenAndNoMore() async throws {
        try await AccessPair.with { pair in
            for number in 0..<AccessDesk.mostOpen { _ = try await pair.ask("r\(number)") }
            let id = try await pair.ask("more")
            #expect(try await pair.state(id) == .sending)
            await #expect(throws: Fault(GrantFaults.tooManyRequests)) {
                _ = try await pair.asker.sync(try await pair.bank.resources.store.get(id))
            }
            #expect(try await pair.incoming.count == AccessDesk.mostOpen)
            let first = try #require(try await pair.incoming.first)
            _ = try await pair.owner.refuse(first.id, by: ChangeNote(author: "bo", reason: "no"))
            try await pair.carry(id)
            #expect(try await pair.state(id) == .waiting)
        }
    }

    /// Who asks and takes back without end fills nothing: so many requests in a day, of which so many stay to be seen.
    @Test func whatAPeerTakesBackIsBoundedAndForgotten() async throws {
        try await AccessPair.with { pair in
            func send(_ method: String, _ id: String, to desk: AccessDesk) async throws {
                let message = #"""
                    {"id": "\#(id)", "name": "r", "spec": {"dataset": "takings", "columns": ["id"], "purpose": "p",
                     "algorithms": ["align"], "notAfter": "2099-01-01T00:00:00Z"}}
                    """#
                _ = try await desk.answer(method, Array(message.utf8), of: AccessPair.sites[0])
            }
            var ids: [String] = []
            func askAndTakeBack(_ desk: AccessDesk) async throws {
                ids.append(ULID.make())
                try await send("access.ask", ids[ids.count - 1], to: desk)
                try await send("access.withdraw", ids[ids.count - 1], to: desk)
            }
            for _ in 0..<AccessDesk.mostOpen { try await askAndTakeBack(pair.owner) }
            await #expect(throws: Fault(GrantFaults.tooManyRequests)) { try await askAndTakeBack(pair.owner) }
            ids.removeLast()
            let tomorrow = AccessDesk(
                resources: pair.partner.resources, way: pair.owner.way,
                now: { Timestamp(milliseconds: Timestamp.now.milliseconds + AccessDesk.recent + 1) })
            for _ in 0..<5 { try await askAndTakeBack(tomorrow) }
            let kept = try await pair.incoming.compactMap { $0.metadata.labels[AccessRequest.label]?.uppercased() }
            #expect(kept.count == AccessDesk.mostWithdrawn)
            #expect(kept.contains(ids[ids.count - 1]) && !kept.contains(ids[0]), "the oldest goes first")
            // What is kept for good is small.
            let wide = #"{"id": "\#(ULID.make())", "name": "\#(String(repeating: "n", count: 70_000))"}"#
            await #expect(throws: Fault(LinkFaults.malformed)) {
                _ = try await tomorrow.answer("access.ask", Array(wide.utf8), of: AccessPair.sites[0])
            }
        }
    }

    /// A word of a peer that comes again and again is listened to once in a while.
    @Test func aPeerThatCallsWithoutEndWritesNothing() async throws {
        try await AccessPair.with { pair in
            let id = try await pair.ask("takings")
            let message = Array(#"{"id": "\#(try await pair.bank.resources.store.get(id).metadata.uid)"}"#.utf8)
            _ = try await pair.asker.answer("access.changed", message, of: AccessPair.sites[1])
            let heard = try await pair.bank.resources.store.get(id)
            #expect(heard.status["heard"]?.string != nil)
            for _ in 0..<10 { _ = try await pair.asker.answer("access.changed", message, of: AccessPair.sites[1]) }
            #expect(try await pair.bank.resources.store.get(id).metadata.version == heard.metadata.version)
        }
    }

    /// The grant of whoever was first stays when a second says the same.
    @Test func twoThatGrantAtOnceLeaveTheGrant() async throws {
        try await AccessPair.with { pair in
            _ = try await pair.ask("takings")
            let incoming = try #require(try await pair.incoming.first)
            await withTaskGroup(of: Void.self) { group in
                for author in ["ana", "bo", "cy"] {
                    group.addTask {
                        _ = try? await pair.owner.grant(
                            incoming.id, as: nil, [:], by: ChangeNote(author: author, reason: "yes"))
                    }
                }
            }
            let answered = try #require(try await pair.incoming.first)
            #expect(AccessRequest.state(of: answered) == .granted)
            let grants = try await pair.grants.filter { !$0.isBeingDeleted }
            #expect(grants.map(\.metadata.name) == [answered.status["grant"]?.string])
        }
    }

    /// Trouble at the peer is no answer of its people.
    @Test func onlyWhatThePeerHasAgainstTheRequestIsARefusal() async throws {
        for (entry, isRefusal) in [
            (ResourceFaults.storeFull, false), (ResourceFaults.conflict, false), (LinkFaults.malformed, false),
            (GrantFaults.tooManyRequests, false), (GrantFaults.terms, true), (LinkFaults.noMethod, true),
        ] {
            try await AccessPair.with { pair in
                let way = AccessWay(
                    call: { _, _, _ in throw Fault(entry) }, site: pair.asker.way.site, name: pair.asker.way.name)
                let id = AccessRequest.id("r", in: DataFixture.scope)
                _ = try await pair.bank.resources.create(
                    Document(Resource(id, spec: AccessPair.spec()).document), defaults: .platform, by: AccessPair.note)
                let desk = AccessDesk(resources: pair.bank.resources, way: way)
                _ = try await AccessController(desk).reconcile(id)
                #expect(try await pair.state(id) == (isRefusal ? .refused : .sending), "\(entry.number)")
            }
        }
    }

    /// A request may be there though its answer was lost: it is taken back all the same.
    @Test func aRequestWhoseAnswerWasLostIsTakenBack() async throws {
        try await AccessPair.with { pair in
            let id = AccessRequest.id("r", in: DataFixture.scope)
            _ = try await pair.bank.resources.create(
                Document(Resource(id, spec: AccessPair.spec()).document), defaults: .platform, by: AccessPair.note)
            let lossy = AccessDesk(
                resources: pair.bank.resources,
                way: AccessWay(
                    call: { method, body, site in
                        _ = try await pair.asker.way.call(method, body, site)
                        throw Fault(LinkFaults.lost)
                    }, site: pair.asker.way.site, name: pair.asker.way.name))
            _ = try await AccessController(lossy).reconcile(id)
            #expect(try await pair.state(id) == .sending)
            #expect(AccessRequest.state(of: try #require(try await pair.incoming.first)) == .waiting)
            _ = try await pair.bank.resources.delete(id, version: nil, by: AccessPair.note)
            try await pair.carry(id)
            #expect(AccessRequest.state(of: try #require(try await pair.incoming.first)) == .withdrawn)
        }
    }
}
