import Faults
import Ledger
import Resources
import Synchronization
import Testing

@testable import Data

/// Requests for grants between two sites, without a network: each calls the other's desk.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    @Test func aRequestIsCarriedGrantedAndTold() async throws {
        try await AccessPair.with { pair in
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
                _ = try await pair.owner.refuse(incoming.id, by: AccessPair.note)
            }
        }
    }

    @Test func aRequestIsRefusedWithAReason() async throws {
        try await AccessPair.with { pair in
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
        try await AccessPair.with { pair in
            _ = try await pair.ask("takings")
            let incoming = try #require(try await pair.incoming.first)
            await #expect(throws: Fault(entry), "\(member)") {
                _ = try await pair.owner.grant(incoming.id, as: nil, [member: value], by: AccessPair.note)
            }
            #expect(try await pair.grants.isEmpty)
            #expect(AccessRequest.state(of: try await pair.partner.resources.store.get(incoming.id)) == .waiting)
        }
    }

    @Test func columnsThatAreNotThereAreNamed() async throws {
        try await AccessPair.with { pair in
            _ = try await pair.ask("takings", ["columns": ["id", "turnover"]])
            let incoming = try #require(try await pair.incoming.first)
            await #expect(throws: Fault(GrantFaults.terms)) {
                _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: AccessPair.note)
            }
            _ = try await pair.owner.grant(incoming.id, as: nil, ["columns": ["id"]], by: AccessPair.note)
            #expect(try await pair.grants.first?.metadata.name == "bank-takings")
        }
    }

    /// By its answer nobody learns whether a dataset is there.
    @Test func aDatasetThatIsNotThereIsAskedForLikeAnother() async throws {
        try await AccessPair.with { pair in
            let there = try await pair.ask("there")
            let nowhere = try await pair.ask("nowhere", ["dataset": "risk/cards/secret"])
            for id in [there, nowhere] { #expect(try await pair.state(id) == .waiting) }
            let kept = try #require(try await pair.incoming.first { $0.metadata.name == "bank-nowhere" })
            #expect(kept.metadata.scope == Scope(tenant: "partners", project: "bank"))
            await #expect(throws: Fault(DataFaults.unknownDataset)) {
                _ = try await pair.owner.grant(kept.id, as: nil, [:], by: AccessPair.note)
            }
        }
    }

    @Test func aCutWayAndARepeatedMessageMakeOneRequest() async throws {
        try await AccessPair.with { pair in
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
            _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: AccessPair.note)
            try await pair.tell(incoming.id)
            #expect(try await pair.partner.resources.store.get(incoming.id).status["isTold"] == false)
            pair.isCut.value.withLock { $0 = false }
            try await pair.tell(incoming.id)
            #expect(try await pair.partner.resources.store.get(incoming.id).status["isTold"] == true)
        }
    }

    @Test func aRequestIsWithdrawnByDeletingIt() async throws {
        try await AccessPair.with { pair in
            let id = try await pair.ask("takings")
            try await pair.bank.resources.delete(id, version: nil, by: AccessPair.note)
            try await pair.carry(id)
            #expect(try await pair.bank.resources.store.find(id) == nil)
            let incoming = try #require(try await pair.incoming.first)
            #expect(AccessRequest.state(of: incoming) == .withdrawn)
            await #expect(throws: Fault(GrantFaults.answered)) {
                _ = try await pair.owner.grant(incoming.id, as: nil, [:], by: AccessPair.note)
            }
            // What the owner deletes is gone for who asks, and not asked again.
            let other = try await pair.ask("other")
            let kept = try #require(try await pair.incoming.first { $0.metadata.name == "bank-other" })
            try await pair.partner.resources.delete(kept.id, version: nil, by: AccessPair.note)
            try await pair.carry(other)
            #expect(try await pair.state(other) == .gone)
        }
    }

    @Test func nobodyMakesIncomingRequestsOrAnswersHisOwn() async throws {
        try await AccessPair.with { pair in
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
                _ = try await pair.asker.grant(id, as: nil, [:], by: AccessPair.note)
            }
        }
    }

    @Test func whatAPeerSendsIsHeldAgainstTheRules() async throws {
        try await AccessPair.with { pair in
            func send(_ method: String, _ body: String) async throws -> JSONValue {
                try JSONParser.parse(
                    try await pair.owner.answer(method, Array(body.utf8), of: AccessPair.sites[0]))
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

    @Test func schemasAreShownToThoseTheyAreOfferedTo() async throws {
        try await AccessPair.with { pair in
            #expect(try await pair.asker.offers(of: "partner").isEmpty)
            let id = Dataset.id("takings", in: DataFixture.scope)
            _ = try await pair.owner.offer(id, to: "bank", true, by: AccessPair.note)
            let offer = try #require(try await pair.asker.offers(of: "partner").first)
            #expect(offer["name"] == "risk/cards/takings" && offer["ids"] == ["id"])
            #expect(offer["columns"] == [["name": "id", "type": "text"], ["name": "amount", "type": "integer"]])
            #expect(offer["rows"] == nil && offer["digest"] == nil)
            _ = try await pair.owner.offer(id, to: "bank", false, by: AccessPair.note)
            #expect(try await pair.asker.offers(of: "partner").isEmpty)
            await #expect(throws: Fault(ResourceFaults.danglingReference)) {
                _ = try await pair.owner.offer(id, to: "nobody", true, by: AccessPair.note)
            }
        }
    }
}
