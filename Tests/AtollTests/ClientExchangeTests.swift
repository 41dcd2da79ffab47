import ArgumentParser
import Faults
import Resources
import Testing

@testable import atoll

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The client against a socket that says exactly what the test wants.
@Suite struct ClientExchangeTests {
    private func exchange<Result>(
        _ answers: [String],
        _ body: (APIClient) async throws -> Result
    ) async throws -> (result: Result, requests: [String]) {
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        let server = CannedServer(socket: location.socket, answers: answers)
        defer { server.stop() }
        let result = try await APIClient.with(location, body)
        return (result, server.received)
    }

    @Test func sendsWhatItIsToldAndReadsTheAnswer() async throws {
        let (value, requests) = try await exchange([CannedServer.answer("200 OK", #"{"items":[1]}"#)]) {
            try await $0.post(APIPath("apply", query: ["file": "a b.yaml"]), .yaml(Array("kind: Tenant\n".utf8)))
        }
        #expect(value == ["items": [1]])
        let request = try #require(requests.first)
        #expect(request.hasPrefix("POST /api/v1/apply?file=a%20b.yaml HTTP/1.1\r\n"))
        #expect(request.contains("content-type: application/yaml\r\n"))
        #expect(request.contains("user-agent: atoll/\(ProgramVersion.text)\r\n"))
        #expect(request.hasSuffix("\r\n\r\nkind: Tenant\n"))
    }

    @Test func throwsTheProblemOfTheServer() async throws {
        let problem = #"{"code":"ATL-1012","detail":"There is no Tenant x.","fix":"Look.","status":404}"#
        let error = await #expect(throws: Fault.self) {
            try await exchange([CannedServer.answer("404 Not Found", problem, type: "application/problem+json")]) {
                try await $0.get(APIPath("tenants", "x"))
            }
        }
        #expect(error?.description == "ATL-1012 There is no Tenant x.\n  fix:    Look.")
    }

    @Test func doesNotFollowToAnotherPlace() async throws {
        let answer = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n"
        await #expect(throws: Fault(ProgramFaults.strangeAnswer)) {
            try await exchange([answer]) { try await $0.get(APIPath("kinds")) }
        }
    }

    @Test func whatIsNotHTTPIsAStrangeAnswer() async throws {
        await #expect(throws: Fault(ProgramFaults.strangeAnswer)) {
            try await exchange(["SSH-2.0-server\r\n\r\n"]) { try await $0.get(APIPath("kinds")) }
        }
    }

    @Test func aConnectionClosedWithoutAnAnswerCountsAsNotRunning() async throws {
        let error = await #expect(throws: Fault(ProgramFaults.notRunning)) {
            try await exchange([""]) { try await $0.get(APIPath("kinds")) }
        }
        #expect(error?.fix.contains("may have taken effect") == true)
    }

    @Test func withoutASocketItSaysHowToStartAServer() async throws {
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        let error = await #expect(throws: Fault(ProgramFaults.notRunning)) {
            try await APIClient.with(location) { try await $0.get(APIPath("kinds")) }
        }
        #expect(error?.place == location.socket)
        #expect(error?.fix.contains("atoll serve --data \(folder.path)") == true)
    }

    @Test func aSocketThatNobodyListensOnIsNotRunning() async throws {
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        CannedServer(socket: location.socket, answers: []).stop()
        let error = await #expect(throws: Fault(ProgramFaults.notRunning)) {
            try await APIClient.with(location) { try await $0.get(APIPath("kinds")) }
        }
        #expect(error?.what.contains("nothing listens") == true, "it does not try until the request times out")
    }

    @Test func aSocketPathThatIsTooLongIsRefusedBefore() async throws {
        let location = try DataLocation(option: "/tmp/" + String(repeating: "a", count: 100))
        await #expect(throws: Fault(ProgramFaults.socketPath)) {
            try await APIClient.with(location) { try await $0.get(APIPath("kinds")) }
        }
    }

    @Test func listsEveryPageAndKeepsTheFirstVersion() async throws {
        let pages = [
            CannedServer.answer("200 OK", #"{"items":[{"a":1}],"resourceVersion":"4","continue":"next page"}"#),
            CannedServer.answer("200 OK", #"{"items":[{"a":2}],"resourceVersion":"6"}"#),
        ]
        let (list, requests) = try await exchange(pages) {
            try await ResourceLister($0).list("tenants", selector: "a=b", scope: ScopeOptions.parse([]))
        }
        #expect(list == ResourceList(items: [["a": 1], ["a": 2]], version: "4"))
        #expect(requests[1].hasPrefix("GET /api/v1/tenants?selector=a%3Db&limit=500&continue=next%20page "))
    }

    @Test func aWatchGoesOnAfterTheLastEventOnANewConnection() async throws {
        func stream(_ events: String) -> String {
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\(events)"
        }
        func event(_ name: String, _ id: Int) -> String {
            "event: \(name)\nid: \(id)\ndata: {\"kind\":\"Tenant\",\"metadata\":{\"name\":\"t\(id)\"}}\n\n"
        }
        let answers = [
            stream(event("added", 5) + "event: bookmark\nid: 8\ndata: {}\n\n"), stream(event("modified", 9)),
            stream("event: error\ndata: {\"code\":\"ATL-1013\"}\n\n"),
        ]
        var seen: [String] = []
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        let server = CannedServer(socket: location.socket, answers: answers)
        defer { server.stop() }
        await #expect(throws: Fault(ResourceFaults.tooOld)) {
            try await APIClient.with(location) { client in
                let watcher = ResourceWatcher(client, plural: "tenants", scope: try ScopeOptions.parse([]))
                try await watcher.run(after: "4") { event in
                    seen.append("\(event.kind) \(ResourceText(event.resource).name)")
                }
            }
        }
        #expect(seen == ["added t5", "modified t9"])
        let asked = server.received.map { $0.contains("watch=true&from=4 ") ? 4 : $0.contains("from=8 ") ? 8 : 9 }
        #expect(asked == [4, 8, 9])
    }

    @Test func aWatchGivesUpWhenTheServerStaysAway() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        let server = CannedServer(socket: location.socket, answers: [head + "event: bookmark\nid: 5\ndata: {}\n\n"])
        defer { server.stop() }
        await #expect(throws: Fault(ProgramFaults.notRunning)) {
            try await APIClient.with(location) { client in
                let watcher = ResourceWatcher(
                    client,
                    plural: "tenants",
                    scope: try ScopeOptions.parse([]),
                    patience: .milliseconds(300)
                )
                unlink(location.socket)
                try await watcher.run(after: "4") { _ in }
            }
        }
    }
}
