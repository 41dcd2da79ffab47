import HTTPTypes
import Hummingbird

/// How a reader wants pages to look: kept in cookies, so that the first paint is right.
struct Look: Sendable {
    enum Theme: String, Sendable, CaseIterable {
        case system, light, dark
    }

    static let languageCookie = "atoll-language"
    static let themeCookie = "atoll-theme"

    let language: Language
    let theme: Theme

    init(_ request: Request, _ cookies: CookieJar) {
        language =
            cookies[Self.languageCookie].flatMap(Language.init(rawValue:))
            ?? Self.preferred(request.headers[.acceptLanguage] ?? "")
        theme = cookies[Self.themeCookie].flatMap(Theme.init(rawValue:)) ?? .system
    }

    /// The language of the highest weight among those that there are; English for others (RFC 9110, 12.5.4).
    static func preferred(_ header: String) -> Language {
        let ranges = header.prefix(500).split(separator: ",").compactMap { entry -> (Language, Double)? in
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first?.lowercased(), let language = Language(rawValue: String(tag.prefix(2))),
                tag.count == 2 || tag.dropFirst(2).first == "-"
            else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return weight > 0 ? (language, weight) : nil
        }
        return ranges.enumerated().max { ($0.element.1, -$0.offset) < ($1.element.1, -$1.offset) }?.element.0
            ?? .english
    }
}

/// The cookies of a request; of a name that comes twice the first counts.
struct CookieJar: Sendable {
    private var values: [Substring: Substring] = [:]

    init(_ request: Request) {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, values[parts[0]] == nil else { continue }
                values[parts[0]] = parts[1]
            }
        }
    }

    subscript(_ name: String) -> String? { values[Substring(name)].map(String.init) }
}
