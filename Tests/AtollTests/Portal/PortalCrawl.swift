import Foundation
import Testing

@testable import atoll

/// A walk over every page that somebody comes to from the home page by following links.
struct PortalCrawl {
    /// Answers with 200, by the route that gave them; the first few of each.
    private(set) var pages: [PortalMap.Route: [PageReader.Answer]] = [:]
    /// What is wrong with links and forms.
    private(set) var troubles: [String] = []

    /// Pages of one route that are read for what they lead to: another page of the same kind leads nowhere else.
    private static let mostRead = 12
    /// Addresses of one route that are asked for at all.
    private static let mostAsked = 30
    /// What goes on for ever is no page.
    private static let streams = ["/live"]

    /// - Parameter starts: where people come in.
    static func walk(_ reader: PageReader, from starts: [String] = ["/"]) async throws -> PortalCrawl {
        var crawl = PortalCrawl()
        var waiting = starts.map { (address: $0, from: "the start") }
        var seen = Set(starts)
        var asked: [PortalMap.Route: Int] = [:]
        while !waiting.isEmpty {
            let (address, from) = waiting.removeFirst()
            guard let route = PortalMap.route("GET", address) else {
                crawl.troubles.append("\(from) leads to \(address), where there is no page")
                continue
            }
            guard !streams.contains(route.pattern), asked[route, default: 0] < mostAsked else { continue }
            asked[route, default: 0] += 1
            let answer = try await reader.get(address)
            guard answer.status == 200 else {
                crawl.troubles.append("\(from) leads to \(address), which answers \(answer.status)")
                continue
            }
            crawl.pages[route, default: []].append(answer)
            guard answer.isPage, crawl.pages[route]?.count ?? 0 <= mostRead else { continue }
            crawl.look(at: answer)
            for link in answer.links {
                guard link.hasPrefix("/"), !link.hasPrefix("//") else {
                    if !link.hasPrefix("#") { crawl.troubles.append("\(address) leads elsewhere: \(link)") }
                    continue
                }
                let target = String(link.prefix { $0 != "#" })
                if seen.insert(target).inserted { waiting.append((target, address)) }
            }
        }
        return crawl
    }

    /// Every form of every page that was read, with the page.
    var forms: [(page: String, form: PageReader.Answer.FormOnPage)] {
        pages.values.flatMap { $0 }.filter(\.isPage).flatMap { page in page.forms.map { (page.address, $0) } }
    }

    private mutating func look(at page: PageReader.Answer) {
        for form in page.forms {
            let method = form.isPost ? "POST" : "GET"
            if PortalMap.route(method, form.action) == nil {
                troubles.append("\(page.address): a form goes to \(method) \(form.action), where there is nothing")
            }
            if form.isPost, !form.has("form-token") {
                troubles.append("\(page.address): \(form.action) without a token")
            }
            if !form.isPost, form.fields.contains(where: { $0.name == "form-token" }) {
                troubles.append("\(page.address): \(form.action) tells its token in an address")
            }
        }
        // A file to keep asks for nothing at all.
        let isFile = page.header("content-disposition").hasPrefix("attachment")
        for (name, value) in [
            ("content-security-policy", "default-src '\(isFile ? "none" : "self")'"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
        ] where !page.header(name).hasPrefix(value) {
            troubles.append("\(page.address): no \(name)")
        }
    }
}
