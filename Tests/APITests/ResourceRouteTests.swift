import Faults
import NIOHTTP1
import Resources
import Testing

@testable import API

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ResourceRouteTests {
    @Test func aResourceLivesItsWholeLife() async throws {
        try await APIFixture.with { api in
            let created = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"))
            #expect(created.status == 201)
            #expect(created.headers.first(name: "location") == "/api/v1/tenants/retail")
            let tag = try #require(created.headers.first(name: "etag"))
            let read = try await api.call(.GET, "/api/v1/tenants/retail")
            #expect(read.status == 200)
            #expect(read.headers.first(name: "etag") == tag)
            #expect(read.body["spec"]?["contact"] == "", "defaults are filled in")
            #expect(try await api.call(.GET, "/api/v1/tenants/retail", headers: ["If-None-Match": tag]).status == 304)

            let changed = Sample.tenant("retail", displayName: "Retail and merchants")
            let replaced = try await api.call(.PUT, "/api/v1/tenants/retail", changed, headers: ["If-Match": tag])
            #expect(replaced.status == 200)
            #expect(replaced.body["metadata"]?["generation"] == 2)
            let stale = try await api.call(.PUT, "/api/v1/tenants/retail", changed, headers: ["If-Match": tag])
            #expect(stale.status == 409)
            #expect(stale.fault == ResourceFaults.conflict.number)

            let history = try await api.call(.GET, "/api/v1/tenants/retail/history")
            let author = try #require(history.body["items"]?.array?.first?["author"]?.string)
            #expect(author.contains("uid \(geteuid())"), "the author is known by the socket")
            let diff = try await api.call(.GET, "/api/v1/tenants/retail/diff?from=1&to=2")
            #expect(diff.body["items"]?.array?.map { $0["path"] } == ["spec.displayName"])
            let back = try await api.call(.POST, "/api/v1/tenants/retail/rollback", #"{"to": 1}"#)
            #expect(back.body["spec"]?["displayName"] == "Retail risk")
            #expect(back.body["metadata"]?["generation"] == 3)

            let gone = try await api.call(.DELETE, "/api/v1/tenants/retail")
            #expect(gone.status == 200)
            #expect(try await api.call(.GET, "/api/v1/tenants/retail").fault == ResourceFaults.notFound.number)
            let last = try await api.call(.GET, "/api/v1/tenants/retail/history").body["items"]?.array?.last
            #expect(last?["spec"] == .null, "the deletion is a revision")
        }
    }

    @Test func pagesJoinToTheWholeList() async throws {
        try await APIFixture.with { api in
            for index in 10..<23 {
                _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("t\(index)"))
            }
            var names: [String] = []
            var path = "/api/v1/tenants?limit=5"
            while true {
                let page = try await api.call(.GET, path)
                names += (page.body["items"]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string }
                guard let token = page.body["continue"]?.string else { break }
                path = "/api/v1/tenants?limit=5&continue=\(token)"
            }
            #expect(names == (10..<23).map { "t\($0)" })
        }
    }

    @Test func applyTakesAFileInAnyOrderAndTellsWhatItDid() async throws {
        try await APIFixture.with { api in
            let dry = try await api.call(.POST, "/api/v1/apply?dryRun=true", Sample.twoDocuments)
            #expect(dry.body["items"]?.array?.map { $0["action"] } == ["created", "created"])
            #expect(try await api.store.list(ResourceQuery()).items.isEmpty, "a dry run writes nothing")
            let first = try await api.call(.POST, "/api/v1/apply", Sample.twoDocuments)
            #expect(first.body["items"]?.array?.map { $0["action"] } == ["created", "created"])
            let second = try await api.call(.POST, "/api/v1/apply", Sample.twoDocuments)
            #expect(second.body["items"]?.array?.map { $0["action"] } == ["unchanged", "unchanged"])
            let changed = Sample.twoDocuments.replacing("Merchants", with: "Small merchants")
            let third = try await api.call(.POST, "/api/v1/apply?reason=clearer", changed)
            #expect(third.body["items"]?.array?.first?["action"] == "updated")
            #expect(third.body["items"]?.array?.first?["changes"]?.array?.first?["path"] == "spec.displayName")
            let history = try await api.call(.GET, "/api/v1/projects/merchants/history?tenant=retail")
            #expect(history.body["items"]?.array?.last?["reason"] == "clearer")
        }
    }

    @Test func oneBadDocumentKeepsTheOthersOut() async throws {
        try await APIFixture.with { api in
            let bad = Sample.twoDocuments.replacing("displayName: Retail", with: "dispayName: Retail")
            let answer = try await api.call(.POST, "/api/v1/apply?file=x.yaml", bad)
            #expect(answer.status == 422)
            #expect(answer.fault == ResourceFaults.invalidDocument.number)
            let texts = (answer.body["errors"]?.array ?? []).compactMap { $0["where"]?.string }
            #expect(texts.contains("spec.dispayName (line 11 of x.yaml)"), "\(texts)")
            #expect(answer.text.contains("did you mean 'displayName'?"))
            #expect(try await api.store.list(ResourceQuery()).items.isEmpty)
        }
    }

    @Test func refusalsHaveNumbers() async throws {
        let large = String(repeating: "#", count: YAMLReader.maximumBytes + 10)
        let cases: [(path: String, body: String?, fault: FaultEntry)] = [
            ("/api/v1/tenannts", nil, ResourceFaults.unknownKind),
            ("/api/v1/nothing/here/at/all", nil, ProgramFaults.noSuchRoute),
            ("/nothing", nil, ProgramFaults.noSuchRoute),
            ("/api/v1/tenants?limit=0", nil, ProgramFaults.badRequest),
            ("/api/v1/tenants?watch=maybe", nil, ProgramFaults.badRequest),
            ("/api/v1/tenants?selector=a==b", nil, ResourceFaults.invalidSelector),
            ("/api/v1/tenants?continue=abc", nil, ResourceFaults.invalidPageToken),
            ("/api/v1/tenants?watch=true&from=77", nil, ResourceFaults.invalidVersion),
            ("/api/v1/projects/x", nil, ResourceFaults.scopeMismatch),
            ("/api/v1/tenants/x?tenant=a", nil, ResourceFaults.scopeMismatch),
            ("/api/v1/tenants/Bad_Name", nil, ResourceFaults.invalidName),
            ("/api/v1/tenants", "{", ResourceFaults.syntax),
            ("/api/v1/tenants", #"{"a": 1, "a": 2}"#, ResourceFaults.duplicateKey),
            ("/api/v1/projects", Sample.tenant("x"), ProgramFaults.badRequest),
            ("/api/v1/apply", "", ResourceFaults.syntax),
            ("/api/v1/apply", large, ResourceFaults.tooLarge),
            ("/api/v1/tenants", Sample.tenant("retail"), ResourceFaults.alreadyExists),
            ("/api/v1/tenants/retail/rollback", #"{"to": 9}"#, ResourceFaults.noSuchRevision),
            ("/api/v1/tenants/retail/rollback", "{}", ProgramFaults.badRequest),
        ]
        try await APIFixture.with { api in
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"))
            for (path, body, entry) in cases {
                let answer = try await api.call(body == nil ? .GET : .POST, path, body)
                #expect(answer.fault == entry.number, "\(path) \(answer.text.prefix(300))")
                #expect(answer.status == entry.status, "\(path)")
            }
            let other = try await api.call(.PUT, "/api/v1/tenants/other", Sample.tenant("retail"))
            #expect(other.fault == ResourceFaults.immutableField.number)
        }
    }

    @Test func whatHasNoNumberIsToldWithoutItsInside() async throws {
        try await APIFixture.with(store: BrokenStore()) { api in
            let answer = try await api.call(.GET, "/api/v1/tenants")
            #expect(answer.fault == ProgramFaults.unexpected.number)
            #expect(!answer.text.contains("needle"))
        }
    }

    @Test func onlyTheServersUserAndRootAreServed() throws {
        try CallerMiddleware.admit(Caller(uid: 0))
        try CallerMiddleware.admit(Caller(uid: geteuid()))
        let stranger = Caller(uid: geteuid() + 4711)
        #expect(throws: Fault(ProgramFaults.foreignCaller)) { try CallerMiddleware.admit(stranger) }
        #expect(throws: Fault(ProgramFaults.foreignCaller)) { try CallerMiddleware.admit(nil) }
    }

    @Test func everyProblemIsComplete() async throws {
        try await APIFixture.with { api in
            let answer = try await api.call(.GET, "/api/v1/tenants/none")
            #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            #expect(answer.body["type"] == "https://atoll.dev/errors/ATL-1012")
            #expect(answer.body["status"] == 404)
            for member in ["title", "detail", "fix", "name", "where"] {
                #expect(answer.body[member]?.string?.isEmpty == false, "\(member)")
            }
        }
    }
}

/// A store that fails in a way that nobody foresaw.
private struct BrokenStore: ResourceStore, RevisionStore {
    struct Trouble: Error {
        let inside = "needle"
    }

    func get(_ id: ResourceID) async throws -> Resource { throw Trouble() }
    func list(_ query: ResourceQuery) async throws -> ResourcePage { throw Trouble() }
    func create(_ resource: Resource, by change: ChangeNote) async throws -> Resource { throw Trouble() }
    func update(_ resource: Resource, by change: ChangeNote) async throws -> Resource { throw Trouble() }
    func updateStatus(_ resource: Resource) async throws -> Resource { throw Trouble() }
    func delete(_ id: ResourceID, version: ResourceVersion?, by change: ChangeNote) async throws -> Resource {
        throw Trouble()
    }
    func watch(_ query: ResourceQuery, from version: ResourceVersion?) async throws -> ResourceWatch { throw Trouble() }
    func revisions(of id: ResourceID) async throws -> [Revision] { throw Trouble() }
}
