import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import atoll

/// A browser's bare bones: asks for pages over TLS, keeps cookies, reads links and forms. Follows nothing by itself.
final class PageReader {
    let origin: String
    private var cookies: [String: String] = [:]
    private let client: HTTPClient

    static func with(_ origin: String, _ body: (PageReader) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await body(PageReader(origin, client))
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private init(_ origin: String, _ client: HTTPClient) {
        self.origin = origin
        self.client = client
    }

    struct Answer {
        /// Path and query that were asked for.
        let address: String
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var isPage: Bool { header("content-type").hasPrefix("text/html") }

        /// Empty where it is not there.
        func header(_ name: String) -> String { headers.first(name: name) ?? "" }
    }

    /// - Parameter address: path and query.
    func get(_ address: String) async throws -> Answer { try await ask(.GET, address, nil, []) }

    /// Sends a form as a browser does from a page of the same site.
    ///
    /// - Parameter headers: instead of the browser's own of the same name.
    func post(
        _ address: String, _ fields: [(String, String)], headers: [(String, String)] = []
    ) async throws -> Answer {
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        let own = [
            ("content-type", "application/x-www-form-urlencoded"), ("origin", origin),
            ("sec-fetch-site", "same-origin"),
        ]
        return try await ask(
            .POST, address, body, own.filter { pair in !headers.contains { $0.0 == pair.0 } } + headers)
    }

    /// The same for a form with a file, which comes last.
    func post(
        _ address: String, _ fields: [(String, String)], file: (name: String, text: String),
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let seam = "----seam-of-a-form"
        var body = ""
        for (name, value) in fields {
            body += "--\(seam)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        body += "--\(seam)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
        body += "Content-Type: text/csv\r\n\r\n\(file.text)\r\n--\(seam)--\r\n"
        let own = [
            ("content-type", "multipart/form-data; boundary=\(seam)"), ("origin", origin),
            ("sec-fetch-site", "same-origin"),
        ]
        return try await ask(
            .POST, address, body, own.filter { pair in !headers.contains { $0.0 == pair.0 } } + headers)
    }

    /// Opens the page of a form and sends the form to its action, with everything that stands in it.
    ///
    /// - Parameter fields: what is typed; in the place of what stands there.
    private func fill(_ page: String, action: String, _ fields: [(String, String)]) async throws -> Answer {
        let form = try #require(
            try await get(page).forms.first { $0.action == action }, "no form with the action \(action) at \(page)")
        let kept = form.fields.filter { field in !fields.contains { $0.0 == field.name } && field.isSent }
        return try await post(action, kept.map { ($0.name, $0.value) } + fields)
    }

    func logIn(_ name: String) async throws {
        let answer = try await fill("/login", action: "/login", [("name", name), ("password", PortalSites.password)])
        try #require(answer.status == 303, "\(answer.status): \(answer.text.prefix(2000))")
    }

    /// As they go into a request.
    private var jar: String { cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }

    private func ask(
        _ method: HTTPMethod, _ address: String, _ body: String?, _ headers: [(String, String)]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: origin + address)
        request.method = method
        if !jar.isEmpty { request.headers.add(name: "cookie", value: jar) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(Array(body.utf8)) }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        for field in response.headers["set-cookie"] {
            let pair = field.split(separator: ";")[0].split(separator: "=", maxSplits: 1).map(String.init)
            cookies[pair[0]] = field.contains("Max-Age=0") ? nil : pair.count == 2 ? pair[1] : ""
        }
        return Answer(
            address: address, status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

/// What a page holds. The portal writes its own markup, with every attribute in double quotes.
extension PageReader.Answer {
    struct Field {
        let name: String
        let value: String
        let type: String
        /// Whether a browser sends it as it stands.
        var isSent: Bool { !name.isEmpty && !["submit", "button", "file"].contains(type) }
    }

    struct FormOnPage {
        let isPost: Bool
        let hasFile: Bool
        let action: String
        let fields: [Field]

        func has(_ name: String) -> Bool { fields.contains { $0.name == name && !$0.value.isEmpty } }
    }

    /// Every address that the page leads to or shows.
    var links: [String] {
        text.matches(of: /<a [^>]*?href="([^"]*)"/).map { Self.plain(String($0.1)) }
    }

    var forms: [FormOnPage] {
        text.matches(of: /<form ([^>]*)>(.*?)<\/form>/.dotMatchesNewlines()).map { match in
            let attributes = Self.attributes(String(match.1))
            let fields = String(match.2).matches(of: /<(input|select|textarea|button) ?([^>]*)>/).compactMap { field in
                let its = Self.attributes(String(field.2))
                // A box that is not ticked is not sent.
                if ["checkbox", "radio"].contains(its["type"] ?? ""), its["checked"] == nil { return nil as Field? }
                return Field(
                    name: its["name"] ?? "", value: its["value"] ?? "",
                    type: field.1 == "button" ? "button" : its["type"] ?? "text")
            }
            return FormOnPage(
                isPost: attributes["method"]?.lowercased() == "post",
                hasFile: attributes["enctype"] == "multipart/form-data",
                action: attributes["action"] ?? String(address.prefix { $0 != "?" }), fields: fields)
        }
    }

    private static func attributes(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for match in text.matches(of: /([a-z-]+)(?:="([^"]*)")?/) {
            found[String(match.1)] = match.2.map { plain(String($0)) } ?? ""
        }
        return found
    }

    func has(id: String) -> Bool { text.contains(" id=\"\(Self.escaped(id))\"") }

    static func escaped(_ text: String) -> String {
        [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// What escaped text says.
    static func plain(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
