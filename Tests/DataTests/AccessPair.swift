import Faults
import Ledger
import Resources
import ResourcesTestKit
import Synchronization

@testable import Data

/// Two sites that know each other as `bank` and `partner`; the partner has `takings`.
struct AccessPair {
    static let sites = (1...2).map { SiteID(digest: [UInt8](repeating: $0, count: 32)) }
    static let note = ChangeNote(author: "bo")

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

    static func with(_ body: (AccessPair) async throws -> Void) async throws {
        try await DataFixture.with { bank in
            try await DataFixture.with { partner in
                let pair = AccessPair(bank, partner)
                for (site, name) in [(bank, "partner"), (partner, "bank")] {
                    _ = try await site.resources.store.create(
                        Resource(ResourceID(kind: "Peer", name: name)), by: Self.note)
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
                    return try await boxes[1 - own].desk.withLock { $0 }!.answer(method, body, of: Self.sites[own])
                },
                site: { $0 == other ? Self.sites[1 - own] : nil }, name: { $0 == Self.sites[1 - own] ? other : nil })
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
            Document(Resource(id, spec: Self.spec(change)).document), defaults: .platform, by: Self.note)
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
