import API
import Faults
import Foundation
import Ledger
import NIOHTTP1
import Resources
import Sites
import Testing

@Suite struct PeerRouteTests {
    @Test func theSiteTellsWhoItIs() async throws {
        try await withSite { api, identity, _ in
            let answer = try await api.call(.GET, "/api/v1/site")
            #expect(answer.status == 200)
            #expect(answer.body["id"]?.string == identity.id.text)
            #expect(answer.body["fingerprint"]?.string?.filter { $0 != " " } == identity.id.text)
            #expect(answer.body["displayName"] == "Bank north")
            #expect(answer.body["leaf"]?["serial"]?.string == String(identity.leaf.serial))
            #expect(!answer.text.contains("PRIVATE"))
        }
    }

    @Test func aCodeIsToldOnceAndListedWithoutIt() async throws {
        try await withSite { api, identity, _ in
            let body = #"{"name": "south", "addresses": ["north.example:9370"], "hours": 2}"#
            let invited = try await api.call(.POST, "/api/v1/peers/invite", body)
            #expect(invited.status == 201)
            #expect(invited.headers.first(name: "cache-control") == "no-store")
            let text = try #require(invited.body["code"]?.string)
            let code = try JoinCode(text)
            #expect(code.site == identity.id)
            #expect(invited.body["expires"]?.string == code.expiry.description)
            let list = try await api.call(.GET, "/api/v1/invitations")
            #expect(!list.text.contains(text.dropFirst(7).prefix(16)))
            let invitation = try #require(list.body["items"]?.array?.first)
            #expect(invitation["state"] == "open")
            let id = try #require(invitation["id"]?.string)
            #expect(try await api.call(.DELETE, "/api/v1/invitations/\(id)").status == 200)
            let again = try await api.call(.DELETE, "/api/v1/invitations/\(id)")
            #expect(again.fault == JoiningFaults.noSuchInvitation.number)
        }
    }

    @Test func whatCannotBeUsedIsNamed() async throws {
        try await withSite { api, _, _ in
            let wrong: [(String, String, FaultEntry)] = [
                ("invite", "{}", ProgramFaults.badRequest), ("invite", "[]", ProgramFaults.badRequest),
                ("invite", #"{"name": "x", "hours": "2"}"#, ProgramFaults.badRequest),
                ("invite", #"{"name": "x", "addresses": [1]}"#, ProgramFaults.badRequest),
                ("invite", #"{"name": "x"}"#, JoiningFaults.noAddress),
                ("invite", #"{"name": "x", "adresses": []}"#, ResourceFaults.unknownField),
                ("accept", "{}", ProgramFaults.badRequest),
                ("accept", #"{"code": "atoll1-aaaa", "name": 3}"#, ProgramFaults.badRequest),
                ("accept", #"{"code": "hello"}"#, JoiningFaults.codeMalformed),
                ("nobody/revoke", "{}", ResourceFaults.notFound),
            ]
            for (path, body, entry) in wrong {
                let answer = try await api.call(.POST, "/api/v1/peers/\(path)", body)
                #expect(answer.fault == entry.number, "\(path) \(body)")
            }
        }
    }

    @Test func revokingIsWrittenAndFinal() async throws {
        try await withSite { api, _, store in
            let spec = PeerSpec(
                displayName: "South", site: SiteID(digest: [UInt8](repeating: 3, count: 32)), addresses: [])
            _ = try await store.create(Resource(Peer.id("south"), spec: spec.json), by: ChangeNote(author: "test"))
            let answer = try await api.call(.POST, "/api/v1/peers/south/revoke?reason=ended", "{}")
            #expect(answer.status == 200)
            #expect(answer.body["spec"]?["revoked"] == true)
            #expect(try await store.revisions(of: Peer.id("south")).last?.reason == "ended")
        }
    }

    @Test func theDescriptionNamesThem() async throws {
        try await withSite { api, _, _ in
            let paths = try await api.call(.GET, "/api/v1/openapi.json").body["paths"]?.object ?? [:]
            for path in ["site", "peers/invite", "peers/accept", "peers/{name}/revoke", "invitations/{id}"] {
                #expect(paths["/api/v1/\(path)"] != nil, "\(path)")
            }
        }
    }

    private func withSite(
        _ body: @escaping @Sendable (APIFixture, SiteIdentity, MemoryResourceStore) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-peers-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity = try SiteIdentity.open(folder: folder + "/identity", now: .now)
        let database = try SQLiteDatabase(
            path: folder + "/site.db", snapshots: folder, migrations: [JoiningMigrations.self])
        let store = MemoryResourceStore()
        let profile = SiteProfile(displayName: "Bank north", addresses: [])
        let peers = PeerService(
            resources: ResourceService(registry: KindRegistry([Peer.kind, Route.kind]), store: store),
            book: PeerBook(), keys: PeerKeys(database))
        let joining = Joining(
            identity: identity, profile: profile, invitations: InvitationStore(database, identity: identity),
            peers: peers, transport: NoTransport())
        let routes = PeerRoutes(identity: identity, profile: profile, joining: joining, peers: peers)
        try await APIFixture.with(store: store, routes: [routes]) { api in try await body(api, identity, store) }
    }
}

/// Reaches nobody.
private struct NoTransport: JoinTransport {
    func exchange(
        address: String, pin: SiteID, makeRequest: @escaping @Sendable (JoinSession) throws -> [UInt8]
    ) async throws -> [UInt8] {
        throw Fault(LinkFaults.lost, at: address)
    }
}
