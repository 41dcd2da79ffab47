import Faults
import Ledger
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Data

/// Requests for grants between two sites, without a network: each calls the other's desk.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    private static let sites = (1...2).map { SiteID(digest: [UInt8](repeating: $0, count: 32)) }
    private static let note = ChangeNote(author: "bo")

    /// Two sites that know each other as `bank` and `partner`; the partner has `takings`.
    private struct Pair {
        let bank: DataFixture
        let partner: DataFixture
        let asker: AccessDesk
        let owner: AccessDesk
        let isCut = Switch()

        final class Switch: Sendable {
            let value = Mutex(false)
        }

        final class Box: Sendable {
            let desk = Mutex<AccessDesk?>(nil)
        }

        static func with(_ body: (Pair) async throws -> Void) async throws {
            try await DataFixture.with { bank in
                try await DataFixture.with { partner in
                    let pair = Pair(bank, partner)
                    for (site, name) in [(bank, "partner"), (partner, "bank")] {
                        _ = try await site.resources.store.create(
                            Resource(ResourceID(kind: "Peer", name: name)), by: note)
                    }
                    try await partner.dataset("takings", in: DataFixture.scope)
                    try await body(pair)
                }
            }
        }

        init(_ bank: DataFixture, _ partner: DataFixture) {
            (self.bank, self.partner) = (bank, partner)
            let (boxes, cut) = ([Box(), Box()], isCut)
            func way(_ own: Int) -> AccessWay {
                let other = ["partner", "bank"][own]
                return AccessWay(
                    call: { method, body, _ in
                        if cut.value.withLock({ $0 }) { throw Fault(LinkFaults.lost) }
                        return try await boxes[1 - own].desk.withLock { $0 }!.answer(method, body, of: sites[own])
                    },
                    site: { $0 == other ? sites[1 - own] : nil }, name: { $0 == sites[1 - own] ? other : nil })
            }
            asker = AccessDesk(resources: bank.resources, way: way(0))
            owner = AccessDesk(resources: partner.resources, way: way(1))
            boxes[0].desk.withLock { [asker] in $0 = asker }
            boxes[1].desk.withLock { [owner] in $0 = owner }
        }

        static func spec(_ change: [String: JSONValue] = [:]) -> JSONValue {
            let usual: [String: JSONValue] = [
                "peer": "partner", "dataset": "takings", "columns": ["id", "amount"], "purpose": "scoring",
                "algorithms": ["align", "bin"], "reveals": ["bins"], "uses": 5, "notAfter": "2030-01-01T00:00:00Z",
            ]
            return .object(usual.merging(change) { $1 })
        }

        /// Makes a request at the bank and has it carried.
        func ask(_ name: String, _ change: [String: JSONValue] = [:]) async throws -> ResourceID {
            let id = AccessRequest.id(name, in: DataFixture.scope)
            _ = try await bank.resources.create(
                Document(Resource(id, spec: Self.spec(change)).document), defaults: .platform, by: note)
            try await carry(id)
            return id
        }

        func carry(_ id: ResourceID) async throws { _ = try await AccessController(asker).reconcile(id) }

        /// As the partner's controller does after a decision.
        func tell(_ id: ResourceID) async throws { _ = try await AccessController(owner).reconcile(id) }

        func state(_ id: ResourceID) async throws -> AccessRequest.State {
            AccessRequest.state(of: try await bank.resources.store.get(id))
        }

        var incoming: [Resource] {
            get async throws {
                try await partner.resources.store.listAll(ResourceQuery(kind: AccessRequest.kind.name)).items
            }
        }

        var grants: [Resource] {
            get async throws { try await partner.resources.store.listAll(ResourceQuery(kind: Grant.kind.name)).items }
        }
    }

    @Test func aRequestIsCarriedGrantedAndTold() async throws {
        try await Pair.with { pair in
            let id = try await pair.ask("takings")
            #expect(try await pair.state(id) == .waiting)
            let incoming = try #require(try await pair.incoming.first)
            #expect(incoming.metadata.name == "bank-takings" && incoming.metadata.scope == DataFixture.scope)
            #expect(incoming.spec["direction"] == "incoming" && incoming.spec["peer"] == "bank")
            let answered = try await pair.owner.grant(
                incoming.id, as: "to-bank", ["columns": ["id"], "uses": 2, "minimumBin": 50],
                by: ChangeNote(author: "bo", reason: "half of it"))
            #expect(answered.status["grant"] == "to-bank" && answered.status["decidedBy"] == "bo")
            let grant = try #require(try await pair.grants.first)
            #expect(grant.spec["peer"] == "bank" && grant.spec["dataset"] == "takings" && grant.spec["uses"] == 2)
            #expect(grant.spec["columns"] == ["id"] && grant.spec["algorithms"] == ["align", "bin"])
            #expect(grant.spec["minimumBin"] == 50 && grant.metadata.finalizers == [Grant.finalizer])
            try await pair.tell(incoming.id)
            #expect(try await pair.bank.resources.store.get(id).status["heard"] != nil)
            try await pair.carry(id)
            let seen = try await pair.bank.resources.store.get(id)
            #expect(AccessRequest.state(of: seen) == .granted && seen.status["reason"] == "half of it")
            #expect(seen.status["granted"]?["columns"] == ["id"] && seen.status["granted"]?["uses"] == 2)
            #expect(seen.status["grant"] == nil, "the grant's name is the owner's own")
            await #expect(throws: Fault(GrantFaults.answered)) {
                _ = try await pair.owner.refuse(incoming.id, by: Self.note)
            }
        }
    }

    @Test func aRequestIsRefusedWithAReason() async throws {
        try await Pair.with { pair in
            let id = try await pair.ask("takings")
            let incoming = try #require(try await pair.incoming.first)
            _ = try await pair.owner.refuse(incoming.id, by: ChangeNote(author: "bo", reason: "no agreement"))
            try await pair.carry(id)
            let seen = try await pair.bank.resources.store.get(id)
            #expect(AccessRequest.state(of: seen) == .refused && seen.status["reason"] == "no agreement")
            #expect(try await pair.grants.isEmpty)
        }
    }

    private static let wider: [(member: String, value: JSONValue, entry: FaultEntry)] = [
        ("columns", .array(["id", "y"]), GrantFaults.wider),
        ("algorithms", .array(["train.boosting"]), GrantFaults.wider),
        ("reveals", .array(["model"]), GrantFaults.wider), ("uses", 6, GrantFaults.wider),
        ("notAfter", "2030-01-01T00:00:01Z", GrantFaults.wider), ("columns", .array([]), ResourceFaults.outOfRange),
        ("uses", "many", ResourceFaults.wrongType),
    ]

    @Test(arguments: wider)
    func nothingWiderIsGrantedByAnAnswer(member: String, value: JSONValue, entry: FaultEntry) async throws {
        try await Pair.with { pair in
            _ = try await pair.ask("takings")
            let incoming = try #require(try await pair.incoming.first)
            await #expect(throws: Fault(entry), "\(member)") {
                _ = try await pair.owner.grant(incoming.id, as: nil, [member: value], by: Self.note)
            }
            #expect(try await pair.grants.isEmpty)
            #expect(AccessRequest.state(of: try await pair.partner.resources.store.get(incoming.id)) == .waiting)
        }
    }

    @Test func columnsThatAreNotThereAreNamed() async throws {
        try await Pair.with { pair in
            _ = try await pair.ask("takings", ["columns": ["id", "turnover"]])
            let incoming = try #require(try await pair.incoming.first)
            await #expect(throws: Fault(GrantFaults.terms)) {
                _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: Self.note)
            }
            _ = try await pair.owner.grant(incoming.id, as: nil, ["columns": ["id"]], by: Self.note)
            #expect(try await pair.grants.first?.metadata.name == "bank-takings")
        }
    }

    /// By its answer nobody learns whether a dataset is there.
    @Test func aDatasetThatIsNotThereIsAskedForLikeAnother() async throws {
        try await Pair.with { pair in
            let there = try await pair.ask("there")
            let nowhere = try await pair.ask("nowhere", ["dataset": "risk/cards/secret"])
            for id in [there, nowhere] { #expect(try await pair.state(id) == .waiting) }
            let kept = try #require(try await pair.incoming.first { $0.metadata.name == "bank-nowhere" })
            #expect(kept.metadata.scope == Scope(tenant: "partners", project: "bank"))
            await #expect(throws: Fault(DataFaults.unknownDataset)) {
                _ = try await pair.owner.grant(kept.id, as: nil, [:], by: Self.note)
            }
        }
    }

    @Test func aCutWayAndARepeatedMessageMakeOneRequest() async throws {
        try await Pair.with { pair in
            pair.isCut.value.withLock { $0 = true }
            let id = try await pair.ask("takings")
            let cut = try await pair.bank.resources.store.get(id)
            #expect(AccessRequest.state(of: cut) == .sending)
            #expect(cut.status["problem"]?.string?.contains("\(LinkFaults.lost.number)") == true)
            pair.isCut.value.withLock { $0 = false }
            try await pair.carry(id)
            // The answer to the first was lost: the same is asked again.
            try await pair.bank.resources.store.modifyStatus(id) { $0.status = [:] }
            try await pair.carry(id)
            #expect(try await pair.incoming.count == 1)
            #expect(try await pair.bank.resources.store.get(id).status["problem"] == nil)
            // A decision while the way is cut is told when it is back.
            let incoming = try #require(try await pair.incoming.first)
            pair.isCut.value.withLock { $0 = true }
            _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: Self.note)
            try await pair.tell(incoming.id)
            #expect(try await pair.partner.resources.store.get(incoming.id).status["isTold"] == false)
            pair.isCut.value.withLock { $0 = false }
            try await pair.tell(incoming.id)
            #expect(try await pair.partner.resources.store.get(incoming.id).status["isTold"] == true)
        }
    }

    @Test func aRequestIsWithdrawnByDeletingIt() async throws {
        try await Pair.with { pair in
            let id = try await pair.ask("takings")
            try await pair.bank.resources.delete(id, version: nil, by: Self.note)
            try await pair.carry(id)
            #expect(try await pair.bank.resources.store.find(id) == nil)
            let incoming = try #require(try await pair.incoming.first)
            #expect(AccessRequest.state(of: incoming) == .withdrawn)
            await #expect(throws: Fault(GrantFaults.answered)) {
                _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: Self.note)
            }
            // What the owner deletes is gone for who asks, and not asked again.
            let other = try await pair.ask("other")
            let kept = try #require(try await pair.incoming.first { $0.metadata.name == "bank-other" })
            try await pair.partner.resources.delete(kept.id, version: nil, by: Self.note)
            try await pair.carry(other)
            #expect(try await pair.state(other) == .gone)
        }
    }

    @Test func nobodyMakesIncomingRequestsOrAnswersHisOwn() async throws {
        try await Pair.with { pair in
            await #expect(throws: Fault(ResourceFaults.madeBySite)) {
                _ = try await pair.ask("own", ["direction": "incoming"])
            }
            for name in ["takings@01J8Z6QW4N8E0V3T5B7KX2M9RC/match", "a/b", "Takings"] {
                await #expect(throws: Fault(ResourceFaults.outOfRange)) {
                    _ = try await pair.ask("x", ["dataset": .string(name)])
                }
            }
            let id = try await pair.ask("takings")
            await #expect(throws: Fault(GrantFaults.notAsked)) {
                _ = try await pair.asker.grant(id, as: nil, [:], by: Self.note)
            }
        }
    }

    @Test func whatAPeerSendsIsHeldAgainstTheRules() async throws {
        try await Pair.with { pair in
            func send(_ method: String, _ body: String) async throws -> JSONValue {
                try JSONParser.parse(
                    try await pair.owner.answer(method, Array(body.utf8), of: Self.sites[0]))
            }
            let id = "01J8Z6QW4N8E0V3T5B7KX2M9RC"
            for body in ["", "[]", "{}", #"{"id": "x"}"#, "\u{0}", #"{"id": "\#(id.lowercased())"}"#] {
                await #expect(throws: Fault(LinkFaults.malformed), "\(body)") { _ = try await send("access.ask", body) }
            }
            await #expect(throws: (any Error).self) { _ = try await send("access.ask", #"{"id": "\#(id)"}"#) }
            let wide = #"""
                {"id": "\#(id)", "name": "../x", "spec": {"dataset": "takings", "columns": ["a\u0000b"], "purpose": "p",
                 "algorithms": ["align"], "notAfter": "2030-01-01T00:00:00Z"}}
                """#
            await #expect(throws: (any Error).self) { _ = try await send("access.ask", wide) }
            #expect(try await pair.incoming.isEmpty)
            #expect(try await send("access.state", #"{"id": "\#(id)"}"#)["state"] == "Gone")
            // Another peer neither sees nor withdraws what is not its own.
            _ = try await pair.ask("takings")
            let kept = try #require(try await pair.incoming.first)
            let uid = try #require(kept.metadata.labels[AccessRequest.label]).uppercased()
            let stranger = SiteID(digest: [UInt8](repeating: 3, count: 32))
            await #expect(throws: Fault(GrantFaults.missing)) {
                _ = try await pair.owner.answer("access.state", Array(#"{"id": "\#(uid)"}"#.utf8), of: stranger)
            }
            // Words of a peer are one line, and no more than 500 characters of it.
            let answer = try AccessAnswer(Array(#"{"state": "Refused", "reason": "a\nb\u202e"}"#.utf8))
            #expect(answer.reason == "a b ")
            #expect(throws: Fault(LinkFaults.malformed)) { _ = try AccessAnswer(Array(#"{"state": "Sending"}"#.utf8)) }
        }
    }

    @Test func aPeerHasSoManyRequestsOpenAndNoMore() async throws {
        try await Pair.with { pair in
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
        try await Pair.with { pair in
            func send(_ method: String, _ id: String, to desk: AccessDesk) async throws {
                let message = #"""
                    {"id": "\#(id)", "name": "r", "spec": {"dataset": "takings", "columns": ["id"], "purpose": "p",
                     "algorithms": ["align"], "notAfter": "2099-01-01T00:00:00Z"}}
                    """#
                _ = try await desk.answer(method, Array(message.utf8), of: Self.sites[0])
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
                _ = try await tomorrow.answer("access.ask", Array(wide.utf8), of: Self.sites[0])
            }
        }
    }

    /// A word of a peer that comes again and again is listened to once in a while.
    @Test func aPeerThatCallsWithoutEndWritesNothing() async throws {
        try await Pair.with { pair in
            let id = try await pair.ask("takings")
            let message = Array(#"{"id": "\#(try await pair.bank.resources.store.get(id).metadata.uid)"}"#.utf8)
            _ = try await pair.asker.answer("access.changed", message, of: Self.sites[1])
            let heard = try await pair.bank.resources.store.get(id)
            #expect(heard.status["heard"]?.string != nil)
            for _ in 0..<10 { _ = try await pair.asker.answer("access.changed", message, of: Self.sites[1]) }
            #expect(try await pair.bank.resources.store.get(id).metadata.version == heard.metadata.version)
        }
    }

    /// The grant of whoever was first stays when a second says the same.
    @Test func twoThatGrantAtOnceLeaveTheGrant() async throws {
        try await Pair.with { pair in
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
            try await Pair.with { pair in
                let way = AccessWay(
                    call: { _, _, _ in throw Fault(entry) }, site: pair.asker.way.site, name: pair.asker.way.name)
                let id = AccessRequest.id("r", in: DataFixture.scope)
                _ = try await pair.bank.resources.create(
                    Document(Resource(id, spec: Pair.spec()).document), defaults: .platform, by: Self.note)
                let desk = AccessDesk(resources: pair.bank.resources, way: way)
                _ = try await AccessController(desk).reconcile(id)
                #expect(try await pair.state(id) == (isRefusal ? .refused : .sending), "\(entry.number)")
            }
        }
    }

    /// A request may be there though its answer was lost: it is taken back all the same.
    @Test func aRequestWhoseAnswerWasLostIsTakenBack() async throws {
        try await Pair.with { pair in
            let id = AccessRequest.id("r", in: DataFixture.scope)
            _ = try await pair.bank.resources.create(
                Document(Resource(id, spec: Pair.spec()).document), defaults: .platform, by: Self.note)
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
            _ = try await pair.bank.resources.delete(id, version: nil, by: Self.note)
            try await pair.carry(id)
            #expect(AccessRequest.state(of: try #require(try await pair.incoming.first)) == .withdrawn)
        }
    }

    @Test func schemasAreShownToThoseTheyAreOfferedTo() async throws {
        try await Pair.with { pair in
            #expect(try await pair.asker.offers(of: "partner").isEmpty)
            let id = Dataset.id("takings", in: DataFixture.scope)
            _ = try await pair.owner.offer(id, to: "bank", true, by: Self.note)
            let offer = try #require(try await pair.asker.offers(of: "partner").first)
            #expect(offer["name"] == "risk/cards/takings" && offer["ids"] == ["id"])
            #expect(offer["columns"] == [["name": "id", "type": "text"], ["name": "amount", "type": "integer"]])
            #expect(offer["rows"] == nil && offer["digest"] == nil)
            _ = try await pair.owner.offer(id, to: "bank", false, by: Self.note)
            #expect(try await pair.asker.offers(of: "partner").isEmpty)
            await #expect(throws: Fault(ResourceFaults.danglingReference)) {
                _ = try await pair.owner.offer(id, to: "nobody", true, by: Self.note)
            }
        }
    }
}
