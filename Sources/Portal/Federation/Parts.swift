import Charts
import HTTPTypes
import Resources

/// What the API says in English, as it is.
func inEnglish(_ text: String) -> HTML {
    tag("span", Attribute("lang", "en")) { plain(text) }
}

/// A name or an id in the letters of a machine.
func code(_ text: String) -> HTML { tag("span", .class("id")) { plain(text) } }

extension SiteCalls {
    /// Reads a resource, changes its spec and writes it, unless somebody else has changed it meanwhile.
    ///
    /// - Parameter edit: of the members of the spec.
    func change(
        _ path: String, _ query: Query = [], key: String?, _ edit: (inout [String: JSONValue]) -> Void
    ) async throws {
        let read = try await get(path, query)
        var spec = read["spec"]?.object ?? [:]
        edit(&spec)
        var document = read.object ?? [:]
        document["status"] = nil
        document["spec"] = .object(spec)
        try await send(.put, path, query, .object(document), key: key)
    }
}

extension Form {
    /// A whole number where one was written; what is none goes to the API as it is, which says so.
    func integer(_ name: String) -> JSONValue? {
        self[name].map { text in Int64(text).map { .integer($0) } ?? .string(text) }
    }
}

extension HTML {
    /// With something between each two.
    static func joined(_ parts: [HTML], by separator: HTML) -> HTML {
        var result = HTML()
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(separator) }
            result.append(part)
        }
        return result
    }
}

extension Mood {
    /// As charts have it.
    var tone: ChartTone {
        switch self {
        case .good: .good
        case .busy: .active
        case .waiting: .waiting
        case .bad: .bad
        case .plain: .neutral
        }
    }
}
