import Faults
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Resources
import Testing

@testable import API

/// What pages of the same site are answered: the same as everybody, without JSON between.
@Suite struct InnerAPITests {
    private static let value: JSONValue = [
        "text": "\u{1F30A} \"'\n", "list": [1, 2.5, true, .null], "none": [:], "far": .integer(.max), "whole": 3.0,
    ]

    private let api: InnerAPI
    private let context = APIContext(
        source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    private let page = Request(
        head: HTTPRequest(method: .get, scheme: "https", authority: "site.example", path: "/"),
        body: RequestBody(buffer: ByteBuffer()))

    init() {
        let router = Router(context: APIContext.self)
        router.on("value", method: .get) { _, _ in Response.json(Self.value) }
        router.on("value", method: .post) { _, _ in Response.json(Self.value, status: .created) }
        router.on("infinite", method: .get) { _, _ in Response.json(["x": .number(.infinity)]) }
        router.on("two", method: .get) { _, _ in
            let first = Response.json(["number": 1])
            _ = Response.json(["number": 2])
            return first
        }
        router.on("refused", method: .get) { _, _ in
            Response.json(Problem.json(Fault(ResourceFaults.notFound)), status: .notFound)
        }
        router.on("empty", method: .get) { _, _ in Response(status: .noContent) }
        router.on("text", method: .get) { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "no JSON")))
        }
        api = InnerAPI(responder: router.buildResponder())
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String) async throws -> InnerAPI.Answer {
        try await api.answer(method, path, of: page, context)
    }

    @Test func whatIsReadIsWhatEverybodyReads() async throws {
        let written = try await api.respond(.get, "/value", of: page, context)
        #expect(written.headers[InnerValue.header] == nil, "nothing of it is told to others")
        let read = try JSONParser.parse(Array(buffer: try await written.body.collected()))
        let answer = try await ask(.get, "/value")
        #expect(answer.value == read && read == Self.value)
        #expect(answer.headers[.contentType] == "application/json")
        let made = try await ask(.post, "/value")
        #expect(made.status == .created && made.value == read && made.headers[InnerValue.header] == nil)
    }

    @Test func answersAreTheirOwn() async throws {
        #expect(try await ask(.get, "/two").value == ["number": 1], "the one that was given, not the last one made")
        #expect(try await ask(.get, "/infinite").value == ["x": .null], "as JSON has it")
        #expect(try await ask(.get, "/empty").value == [:])
        let refused = try await ask(.get, "/refused")
        #expect(refused.status == .notFound && refused.value["code"]?.string == "ATL-1012")
        await #expect(throws: Fault(ResourceFaults.syntax)) { _ = try await ask(.get, "/text") }
    }
}
