import Faults
import NIOHTTP1
import Resources
import Testing

@Suite struct WatchRouteTests {
    @Test func aWatchTellsChangesFromAVersionOn() async throws {
        try await APIFixture.with { api in
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("before"))
            let version = try #require(try await api.call(.GET, "/api/v1/tenants").body["resourceVersion"]?.string)
            let lines = try await api.lines("/api/v1/tenants?watch=true&from=\(version)")
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("after"))
            _ = try await api.call(.DELETE, "/api/v1/tenants/before")
            var events: [String] = []
            var ids: [String] = []
            for try await line in lines {
                if line.hasPrefix("event: ") { events.append(String(line.dropFirst(7))) }
                if line.hasPrefix("id: ") { ids.append(String(line.dropFirst(4))) }
                if line.hasPrefix("data: "), events.count == 2 { break }
            }
            #expect(events == ["added", "deleted"])

            let again = try await api.lines("/api/v1/tenants?watch=true", headers: ["Last-Event-ID": ids[0]])
            for try await line in again where line.hasPrefix("event: ") {
                #expect(line == "event: deleted", "a watch goes on after the last event seen")
                break
            }
        }
    }

    @Test func aVersionThatIsGoneIsRefusedAtOnce() async throws {
        try await APIFixture.with(store: MemoryResourceStore(history: 4)) { api in
            for index in 0..<20 { _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("t\(index)")) }
            let answer = try await api.call(.GET, "/api/v1/tenants?watch=true&from=1")
            #expect(answer.status == 410)
            #expect(answer.fault == ResourceFaults.tooOld.number)
        }
    }
}
