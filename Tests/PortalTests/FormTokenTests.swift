import Faults
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Resources
import Testing

@testable import API
@testable import Portal

@Suite struct FormTokenTests {
    /// A visit of a browser with these cookies, whose API has no routes.
    private func visit(_ cookies: String, path: String = "/x") throws -> Visit {
        let head = HTTPRequest(
            method: .post, scheme: "https", authority: "site.example", path: path, headerFields: [.cookie: cookies])
        return try Visit(
            Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            APIContext(source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "t"))),
            api: InnerAPI(responder: Router(context: APIContext.self).buildResponder()))
    }

    private func number(of form: Form, in visit: Visit) -> FaultNumber? {
        do {
            try visit.check(form)
            return nil
        } catch {
            return error.number
        }
    }

    /// Browsers write a space of a form that asks as `+` (WHATWG URL, 5.2).
    @Test func parametersOfTheAddressAreReadAsFormsWriteThem() throws {
        let asked = try visit("", path: "/x?q=trim+nfc%20fold&plus=a%2Bb&empty=&tenant=risk")
        #expect(asked.query("q") == "trim nfc fold")
        #expect(asked.query("plus") == "a+b")
        #expect(asked.query("empty") == nil && asked.query("absent") == nil)
        #expect(asked.place.tenant == "risk")
    }

    @Test func formsOfOtherPagesAreRefused() throws {
        let first = try visit("")
        let cookie = String(try #require(first.formToken.cookieField.split(separator: ";").first))
        let own = try visit(cookie)
        let refused = RequestFaults.formToken.number
        #expect(number(of: Form([(Form.token, own.formToken.masked)]), in: own) == nil)
        #expect(number(of: Form(), in: own) == refused)
        #expect(number(of: Form([(Form.token, "00")]), in: own) == refused)
        #expect(number(of: Form([(Form.token, try visit("").formToken.masked)]), in: own) == refused)
        #expect(number(of: Form([(Form.token, first.formToken.masked)]), in: first) == refused)
    }
}
