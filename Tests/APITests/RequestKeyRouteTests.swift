import API
import Faults
import NIOHTTP1
import Resources
import Synchronization
import Testing

/// Changes that are sent again under one key.
@Suite struct RequestKeyRouteTests {
    private static let key = ["idempotency-key": "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""]

    @Test func aChangeThatIsSentAgainIsDoneOnce() async throws {
        try await APIFixture.with { api in
            let first = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: Self.key)
            #expect(first.status == 201 && first.headers.first(name: "idempotent-replayed") == nil)
            let again = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: Self.key)
            #expect(again.status == 201 && again.headers.first(name: "idempotent-replayed") == "true")
            for name in ["location", "etag", "content-type"] {
                #expect(again.headers.first(name: name) == first.headers.first(name: name), "\(name)")
            }
            #expect(again.body == first.body && again.body != .null)
            let other = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("other"), headers: Self.key)
            #expect(other.status == 422 && other.fault == RequestFaults.keyReused.number)
            let withoutKey = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"))
            #expect(withoutKey.status == 409, "without the key it would have been refused")
        }
    }

    @Test func aDeletionThatIsSentAgainIsAnsweredAsTheFirst() async throws {
        try await APIFixture.with { api in
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"))
            let first = try await api.call(.DELETE, "/api/v1/tenants/retail", headers: Self.key)
            let again = try await api.call(.DELETE, "/api/v1/tenants/retail", headers: Self.key)
            #expect(first.status == 200 && again.status == 200 && again.body == first.body)
            #expect(try await api.call(.DELETE, "/api/v1/tenants/retail").status == 404)
        }
    }

    @Test func aRefusalIsKeptLikeAnyAnswer() async throws {
        try await APIFixture.with { api in
            let first = try await api.call(.DELETE, "/api/v1/tenants/retail", headers: Self.key)
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"))
            let again = try await api.call(.DELETE, "/api/v1/tenants/retail", headers: Self.key)
            #expect(first.status == 404 && again.status == 404 && again.body == first.body)
            #expect(again.headers.first(name: "content-type") == "application/problem+json")
            #expect(try await api.call(.GET, "/api/v1/tenants/retail").status == 200)
        }
    }

    @Test func manyAtOnceAreOne() async throws {
        try await APIFixture.with { api in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: Self.key).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.contains(201) && Set(statuses).isSubset(of: [201, 409]), "\(statuses)")
            let last = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: Self.key)
            #expect(last.status == 201)
            let history = try await api.call(.GET, "/api/v1/tenants/retail/history")
            #expect(history.body["items"]?.array?.count == 1)
        }
    }

    @Test func whatHoldsASecretTakesNoKey() async throws {
        try await APIFixture.with { api in
            let set = try await api.call(.PUT, "/api/v1/secrets/directory", "needle", headers: Self.key)
            #expect(set.status == 400 && set.fault == RequestFaults.keyRefused.number)
            #expect(try await api.call(.GET, "/api/v1/secrets").body["items"] == [])
            let bad = try await api.call(
                .POST, "/api/v1/tenants", Sample.tenant("x"), headers: ["idempotency-key": "a b"])
            #expect(bad.fault == RequestFaults.keyForm.number)
        }
    }

    /// What a caller may do is asked before anything that was kept is told.
    @Test func keysOfOthersAndOfThoseWhoMayNotAreNothing() async throws {
        try await APIFixture.with(callers: RoleHeader()) { api in
            let admin = Self.key.merging(["x-role": "platform-admin"]) { $1 }
            #expect(
                try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: admin).status == 201)
            let viewer = Self.key.merging(["x-role": "viewer"]) { $1 }
            let refused = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: viewer)
            #expect(refused.status == 403)
            let nobody = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("retail"), headers: Self.key)
            #expect(nobody.status == 401)
        }
    }

    @Test func everyChangeSaysWhetherItTakesAKey() async throws {
        try await APIFixture.with { api in
            let paths = try await api.call(.GET, "/api/v1/openapi.json").body["paths"]?.object ?? [:]
            var refused: Set<String> = []
            for (path, item) in paths {
                for (method, operation) in item.object ?? [:] {
                    let told = operation["x-atoll-idempotency-key"]?.string
                    #expect((method == "get") == (told == nil), "\(method) \(path)")
                    let names = operation["parameters"]?.array?.compactMap { $0["name"]?.string } ?? []
                    #expect(names.contains("Idempotency-Key") == (told == "taken"), "\(method) \(path)")
                    if told == "refused" { refused.insert("\(method) \(path)") }
                }
            }
            #expect(refused == ["put /api/v1/secrets/{name}"])
        }
    }

    @Test func moreThanACallerMaySendIsRefused() async throws {
        let limiter = RateLimiter(perSecond: 1) { 0 }
        try await APIFixture.with(callers: RoleHeader(), limiter: limiter) { api in
            let viewer = ["x-role": "viewer"]
            for _ in 0..<5 { #expect(try await api.call(.GET, "/api/v1/tenants", headers: viewer).status == 200) }
            let more = try await api.call(.GET, "/api/v1/tenants", headers: viewer)
            #expect(more.status == 429 && more.fault == RequestFaults.tooManyRequests.number)
            #expect(more.headers.first(name: "retry-after") == "1")
            // Whoever is not known is another caller, by the address.
            for _ in 0..<5 { #expect(try await api.call(.GET, "/api/v1/tenants").status == 401) }
            #expect(try await api.call(.GET, "/api/v1/tenants").status == 429)
        }
    }

    @Test func aBucketFillsAgainAtItsRate() {
        let clock = TestClock()
        let limiter = RateLimiter(perSecond: 2) { clock.seconds }
        for _ in 0..<10 { #expect(limiter.wait("ana") == nil) }
        #expect(limiter.wait("ana") == 1)
        #expect(limiter.wait("eva") == nil)
        clock.seconds = 0.5
        #expect(limiter.wait("ana") == nil)
        #expect(limiter.wait("ana") == 1)
        clock.seconds = 1_000
        for _ in 0..<10 { #expect(limiter.wait("ana") == nil, "never more than five seconds' worth") }
        #expect(limiter.wait("ana") == 1)
    }
}

private final class TestClock: Sendable {
    private let time = Mutex(0.0)

    var seconds: Double {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
