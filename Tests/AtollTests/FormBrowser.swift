import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// What a browser without scripts does: keeps cookies, shows pages, fills in forms and sends them.
final class FormBrowser {
    struct Page {
        let status: Int
        let text: String
        let headers: HTTPHeaders
        /// Where the browser is after the redirects.
        let path: String

        /// The first group of a pattern in the page.
        func found(_ pattern: Regex<(Substring, Substring)>) -> String? {
            text.firstMatch(of: pattern).map { FormBrowser.plain($0.1) }
        }
    }

    private let address: String
    private let client: HTTPClient
    private var cookies: [String: String] = [:]

    /// - Parameter address: `http://127.0.0.1:9371`.
    init(_ address: String, _ client: HTTPClient) {
        self.address = address
        self.client = client
    }

    static func with(_ body: (HTTPClient) async throws -> Void) async throws {
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
        do {
            try await body(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    func open(_ path: String) async throws -> Page {
        try await follow(.GET, path, nil)
    }

    /// Fills in the form of a page that is sent to an address, and sends it.
    ///
    /// - Parameters:
    ///   - action: how the form's address begins.
    ///   - fields: what is typed and ticked; hidden fields are sent as they are.
    func send(_ page: Page, to action: String, _ fields: [(String, String)] = []) async throws -> Page {
        for form in page.text.matches(of: /<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/)
        where Self.plain(form.1).hasPrefix(action) {
            var all: [(String, String)] = []
            for input in form.2.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/) {
                all.append((Self.plain(input.1), Self.plain(input.2)))
            }
            let body = (all + fields).map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
            return try await follow(.POST, Self.plain(form.1), body)
        }
        return try #require(nil, "the page has no form to \(action): \(page.text.prefix(20_000))")
    }

    private func follow(_ method: HTTPMethod, _ path: String, _ body: String?) async throws -> Page {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        request.headers.add(name: "cookie", value: cookies.map { "\($0)=\($1)" }.joined(separator: "; "))
        if let body {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.headers.add(name: "origin", value: address)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await client.execute(request, timeout: .seconds(120))
        for cookie in response.headers["set-cookie"] {
            let pair = cookie.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            let isOver = cookie.contains("Max-Age=0")
            cookies[String(pair[0])] = isOver ? nil : pair.count == 2 ? String(pair[1]) : ""
        }
        let text = String(buffer: try await response.body.collect(upTo: 16 << 20))
        if response.status == .seeOther, let location = response.headers.first(name: "location") {
            return try await follow(.GET, location, nil)
        }
        return Page(status: Int(response.status.code), text: text, headers: response.headers, path: path)
    }

    private static func plain(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
