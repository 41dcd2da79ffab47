import Faults
import Testing

@testable import atoll

@Suite struct ClientServerSentEventsTests {
    private func events(_ text: String, chunk: Int = .max) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += try parser.feed(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
        }
        return events
    }

    @Test func readsNamesIdsAndData() throws {
        let text = "event: added\nid: 7\ndata: {\"a\":1}\n\nid: 8\ndata: x\n\n"
        #expect(
            try events(text) == [
                ServerSentEvent(name: "added", id: "7", data: "{\"a\":1}"),
                ServerSentEvent(name: "message", id: "8", data: "x"),
            ]
        )
    }

    @Test(arguments: 1...9) func doesNotDependOnHowTheBytesArrive(chunk: Int) throws {
        let text =
            "\u{FEFF}: 心跳\r\nevent: modified\r\nid: 12\r\ndata: 名稱\r\ndata: second\r\n\r\n: ping\n\ndata\n\ndata: z\r\r"
        #expect(
            try events(text, chunk: chunk) == [
                ServerSentEvent(name: "modified", id: "12", data: "名稱\nsecond"),
                ServerSentEvent(name: "message", id: "12", data: ""),
                ServerSentEvent(name: "message", id: "12", data: "z"),
            ]
        )
    }

    @Test func passesOverCommentsUnknownFieldsAndEventsWithoutData() throws {
        #expect(try events(": hello\nretry: 10\nwhat: ever\nevent: added\n\n").isEmpty)
    }

    @Test func removesOneSpaceOnly() throws {
        #expect(try events("data:  two\n\ndata:none\n\n").map(\.data) == [" two", "none"])
    }

    @Test func keepsTheIdUntilAnotherComesAndRefusesNul() throws {
        #expect(try events("id: 1\ndata: a\n\ndata: b\n\nid: 2\u{0}\ndata: c\n\n").map(\.id) == ["1", "1", "1"])
    }

    @Test func anUnfinishedEventIsNotGivenOut() throws {
        #expect(try events("data: a\n\ndata: b\n").map(\.data) == ["a"])
    }

    @Test func refusesAnEventWithoutEnd() throws {
        var parser = ServerSentEventParser()
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: Fault(ProgramFaults.strangeAnswer)) {
            for _ in 0...ServerSentEventParser.maximumBytes >> 20 { _ = try parser.feed(megabyte) }
        }
    }

    @Test func becomesChangesOfResources() throws {
        let data = #"{"kind":"Tenant","metadata":{"name":"a"}}"#
        let event = try WatchEvent(ServerSentEvent(name: "deleted", id: "5", data: data))
        #expect(event.kind == .deleted)
        #expect(event.version == "5")
        #expect(ResourceText(event.resource).title == "Tenant a")
        #expect(JSONLine.text(event.json) == "{\"resource\":\(data),\"type\":\"deleted\"}")
        let bookmark = try WatchEvent(ServerSentEvent(name: "bookmark", id: "9", data: "{}"))
        #expect(bookmark.kind == .bookmark)
    }

    @Test func theServersReasonForEndingIsThrown() {
        let problem = #"{"code":"ATL-1013","detail":"Too old.","fix":"List again."}"#
        #expect(throws: Fault(ResourceFaults.tooOld)) {
            try WatchEvent(ServerSentEvent(name: "error", id: nil, data: problem))
        }
    }

    @Test(arguments: [("added", "{"), ("added", "{}"), ("renamed", #"{"metadata":{"name":"a"}}"#), ("error", "{}")])
    func refusesWhatItDoesNotKnow(name: String, data: String) {
        #expect(throws: Fault(ProgramFaults.strangeAnswer)) {
            try WatchEvent(ServerSentEvent(name: name, id: nil, data: data))
        }
    }
}
