import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// A browser without scripts: it keeps cookies, follows redirects, and sends the forms that pages hold with what stands in
/// them.
final class PortalVisitor {
    struct Page {
        let status: Int
        let headers: HTTPHeaders
        /// Without the host.
        let path: String
        let text: String

        /// The heading of the first level.
        var title: String { text.firstMatch(of: /<h1>(.*?)<\/h1>/).map { String($0.1) } ?? "" }
        /// The number of the problem on it.
        var fault: String? { text.firstMatch(of: /<h2>[^<]*\((ATL-\d+)\)<\/h2>/).map { String($0.1) } }
    }

    private let client: HTTPClient
    private let base: String
    private var cookies: [String: String] = [:]

    private init(client: HTTPClient, base: String) {
        self.client = client
        self.base = base
    }

    /// - Parameters:
    ///   - isGuarded: whether the site has TLS, as a `GuardedSite` has.
    ///   - language: `en` or `zh`.
    static func with(
        port: Int, isGuarded: Bool = false, language: String = "en", _ body: (PortalVisitor) async throws -> Void
    ) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let visitor = PortalVisitor(client: client, base: "\(isGuarded ? "https" : "http")://127.0.0.1:\(port)")
        visitor.cookies["atoll-language"] = language
        do {
            try await body(visitor)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    func login(_ name: String, _ password: String = GuardedSite.password) async throws {
        // The first page of all is asked for by itself where it is looked at.
        let arrived = try await send(
            try await get("/login?next=/places"), "/login", ["name": name, "password": password])
        try #require(arrived.status == 200 && !arrived.path.hasPrefix("/login"), "\(arrived.text.prefix(2_000))")
    }

    func get(_ path: String) async throws -> Page { try await request(.GET, path, nil) }

    /// Sends a form of the page.
    ///
    /// - Parameters:
    ///   - action: where it leads, without its query.
    ///   - typed: in the place of what stands in it.
    func send(_ page: Page, _ action: String, _ typed: [String: String] = [:]) async throws -> Page {
        let form = try #require(
            page.text.matches(of: /(?s)<form\b([^>]*)>(.*?)<\/form>/).first {
                Self.attribute("action", $0.1).map { $0.prefix { $0 != "?" && $0 != "#" } == action[...] } ?? false
            }, "no form to \(action) at \(page.path): \(page.text.prefix(3_000))")
        var fields = Self.fields(form.2).filter { typed[$0.0] == nil }
        fields += typed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let query = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        let target = try #require(Self.attribute("action", form.1))
        guard Self.attribute("method", form.1) == "post" else {
            let place = target.split(separator: "#")[0].split(separator: "?")[0]
            return try await request(.GET, "\(place)?\(query)", nil)
        }
        return try await request(.POST, target, query)
    }

    /// The action of the form on a page that posts to a path, with its own query.
    static func action(to path: String, on text: String) -> String? {
        func place(_ address: String) -> Substring { address.prefix { $0 != "?" && $0 != "#" } }
        return text.matches(of: /<form\b([^>]*)>/).filter { attribute("method", $0.1) == "post" }
            .compactMap { attribute("action", $0.1) }.first { place($0) == place(path) }
    }

    private static func fields(_ body: Substring) -> [(String, String)] {
        var fields: [(String, String)] = []
        for input in body.matches(of: /<input\b([^>]*)>/) {
            let isTicked = attribute("type", input.1) != "checkbox" || input.1.contains(" checked")
            guard isTicked, let name = attribute("name", input.1) else { continue }
            fields.append((name, attribute("value", input.1) ?? ""))
        }
        for list in body.matches(of: /(?s)<select\b([^>]*)>(.*?)<\/select>/) {
            let options = list.2.matches(of: /<option value="([^"]*)"( selected)?/)
            guard let name = attribute("name", list.1),
                let chosen = options.first(where: { $0.2 != nil }) ?? options.first
            else { continue }
            fields.append((name, plain(String(chosen.1))))
        }
        for area in body.matches(of: /(?s)<textarea\b([^>]*)>\n?(.*?)<\/textarea>/) {
            guard let name = attribute("name", area.1) else { continue }
            fields.append((name, plain(String(area.2))))
        }
        return fields
    }

    private static func attribute(_ name: String, _ text: Substring) -> String? {
        guard let begin = text.range(of: " \(name)=\"") else { return nil }
        return plain(String(text[begin.upperBound...].prefix { $0 != "\"" }))
    }

    static func plain(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func request(_ method: HTTPMethod, _ path: String, _ body: String?, depth: Int = 0) async throws -> Page {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers.add(name: "accept", value: "text/html")
        request.headers.add(name: "cookie", value: cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        if let body {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.headers.add(name: "origin", value: base)
            request.headers.add(name: "sec-fetch-site", value: "same-origin")
            request.body = .bytes(Array(body.utf8))
        }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        for cookie in response.headers["set-cookie"] {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            if let name = pair.first { cookies[name] = pair.count == 2 ? pair[1] : nil }
        }
        if response.status == .seeOther, depth < 5, let next = response.headers.first(name: "location") {
            return try await self.request(.GET, next, nil, depth: depth + 1)
        }
        return Page(
            status: Int(response.status.code), headers: response.headers, path: path, text: String(buffer: bytes))
    }
}
