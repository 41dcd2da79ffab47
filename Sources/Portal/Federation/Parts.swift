import Charts
import HTTPTypes
import Resources

/// A chart with its title, its summary and its numbers.
///
/// - Parameter id: unique in the page.
func drawn(_ chart: any Chart, id: String) -> HTML {
    HTML { language in
        switch language {
        case .english: chart.figure(id: id, language: .english)
        case .chinese: chart.figure(id: id, language: .chinese)
        }
    }
}

/// The same as a command, to be copied.
///
/// - Parameter id: unique in the page.
func onCommandLine(_ commands: [String], id: String = "command") -> HTML {
    more(Words("The same on the command line", "用命令行完成")) {
        copyable(commands.joined(separator: "\n"), id: id, Words("Command", "命令"))
    }
}

/// A word of a command line: in quotation marks where a shell needs them.
func shellWord(_ text: String) -> String {
    let isPlain =
        !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "@"):
                true
            default: false
            }
        }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}

/// What the API says in English, as it is.
func inEnglish(_ text: String) -> HTML {
    tag("span", Attribute("lang", "en")) { plain(text) }
}

/// A name or an id in the letters of a machine.
func code(_ text: String) -> HTML { tag("span", .class("id")) { plain(text) } }

extension SiteCalls {
    /// Every item of a list of resources, over all of its pages, up to some thousands; none for those who may not see it.
    func every(_ path: String, _ query: Query = []) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var token: String?
        for _ in 0..<20 {
            guard let page = try await find(path, query + [("continue", token)]) else { break }
            items += page["items"]?.array ?? []
            token = page["continue"]?.string
            if token == nil { break }
        }
        return items
    }
}

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
