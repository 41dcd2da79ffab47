import Foundation
import Testing

@testable import atoll

/// A walk over every page that somebody comes to from the home page by following links.
struct PortalCrawl {
    /// Answers with 200, by the route that gave them; the first few of each.
    private(set) var pages: [PortalMap.Route: [PageReader.Answer]] = [:]
    /// What is wrong with links, forms, headers and texts.
    private(set) var troubles: [String] = []
    /// Addresses that were not asked for, because enough of their route were.
    private(set) var leftOut = 0

    /// Links to a place within a page, by where they lead, with the page that has one.
    private var fragments: [Fragment: String] = [:]

    private struct Fragment: Hashable {
        let address: String
        let id: String
    }

    /// Pages of one route that are read for what they lead to: another page of the same kind leads nowhere else.
    private static let mostRead = 12
    /// Addresses of one route that are asked for at all.
    private static let mostAsked = 30
    /// What goes on for ever is no page.
    private static let streams = ["/live"]
    /// As `PageWriter` has it.
    private static let policyOfPages =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    /// A file to keep asks for nothing at all.
    private static let policyOfFiles = "default-src 'none'; style-src 'unsafe-inline'"

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
            guard !streams.contains(route.pattern) else { continue }
            guard asked[route, default: 0] < mostAsked else {
                crawl.leftOut += 1
                continue
            }
            asked[route, default: 0] += 1
            let answer = try await reader.get(address)
            guard answer.status == 200 else {
                crawl.troubles.append("\(from) leads to \(address), which answers \(answer.status)")
                continue
            }
            crawl.pages[route, default: []].append(answer)
            crawl.checkHeaders(of: answer)
            guard answer.isPage, crawl.pages[route]?.count ?? 0 <= mostRead else { continue }
            crawl.look(at: answer)
            for link in answer.links {
                let target = String(link.prefix { $0 != "#" })
                if link.count > target.count {
                    let id = String(link.dropFirst(target.count + 1))
                    crawl.fragments[Fragment(address: target.isEmpty ? address : target, id: id)] = address
                }
                guard !target.isEmpty else { continue }
                guard target.hasPrefix("/"), !target.hasPrefix("//") else {
                    crawl.troubles.append("\(address) leads elsewhere: \(link)")
                    continue
                }
                if seen.insert(target).inserted { waiting.append((target, address)) }
            }
        }
        crawl.checkFragments()
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
        if !page.header("cache-control").hasPrefix("no-store") { troubles.append("\(page.address): no cache-control") }
        for mark in HostileNames.marks where page.text.contains(mark) {
            troubles.append("\(page.address) has markup that somebody wrote: \(mark)")
        }
    }

    private mutating func checkHeaders(of answer: PageReader.Answer) {
        let policy = answer.header("content-security-policy")
        let isFile = !answer.isPage || answer.header("content-disposition").hasPrefix("attachment")
        if isFile ? !policy.hasPrefix(Self.policyOfFiles) : policy != Self.policyOfPages {
            troubles.append("\(answer.address): the policy is '\(policy)'")
        }
        if answer.header("x-content-type-options") != "nosniff" {
            troubles.append("\(answer.address): no x-content-type-options")
        }
    }

    /// Links within pages lead to something that has the id.
    private mutating func checkFragments() {
        let answers = pages.values.joined().filter(\.isPage).map { ($0.address, $0) }
        let read = Dictionary(answers, uniquingKeysWith: { first, _ in first })
        for (fragment, page) in fragments {
            guard let target = read[fragment.address] else { continue }
            if !target.has(id: fragment.id.removingPercentEncoding ?? fragment.id) {
                troubles.append("\(page) leads to \(fragment.address)#\(fragment.id), which has no such id")
            }
        }
    }
}
