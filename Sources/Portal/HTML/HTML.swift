import Charts

/// A piece of a page. Every text and every value of an attribute is escaped when it comes in; words stay in both
/// languages until the page is written for its reader.
///
/// There is no way to make markup of a text: elements come from `tag` and `void` alone, with names that the code writes.
public struct HTML: Sendable {
    private enum Piece: Sendable {
        case markup(String)
        case words(Words)
        case written(@Sendable (Language) -> String)
    }

    private var pieces: [Piece]

    init() {
        pieces = []
    }

    private init(_ piece: Piece) {
        pieces = [piece]
    }

    init(_ words: Words) {
        self.init(.words(words))
    }

    /// Markup of the product's own that is written by other parts: charts and their tables.
    init(written: @escaping @Sendable (Language) -> String) {
        self.init(.written(written))
    }

    var isEmpty: Bool { pieces.isEmpty }

    func write(_ language: Language) -> String {
        var result = ""
        write(language, into: &result)
        return result
    }

    func write(_ language: Language, into result: inout String) {
        for piece in pieces {
            switch piece {
            case .markup(let text): result += text
            case .words(let words): result += Markup.escape(words.text(language))
            case .written(let write): result += write(language)
            }
        }
    }

    mutating func append(_ other: HTML) {
        for piece in other.pieces {
            // Neighbours of plain markup become one, so that a long table is a few long texts.
            if case .markup(let more) = piece, case .markup(var last) = pieces.last {
                pieces.removeLast()
                last += more
                pieces.append(.markup(last))
            } else {
                pieces.append(piece)
            }
        }
    }

    static func + (left: HTML, right: HTML) -> HTML {
        var result = left
        result.append(right)
        return result
    }

    fileprivate static func markup(_ text: String) -> HTML { HTML(.markup(text)) }
    fileprivate static func escaped(_ text: String) -> HTML { HTML(.markup(Markup.escape(text))) }
}

/// What somebody named or wrote, or a number: shown as it is, in every language.
func plain(_ text: String) -> HTML { HTML.escaped(text) }

/// An attribute of an element.
struct Attribute: Sendable {
    fileprivate enum Value: Sendable {
        case text(String)
        case words(Words)
        case none
    }

    fileprivate let name: StaticString
    fileprivate let value: Value?

    init(_ name: StaticString, _ value: String) {
        self.name = name
        self.value = .text(value)
    }

    init(_ name: StaticString, _ words: Words) {
        self.name = name
        value = .words(words)
    }

    private init(_ name: StaticString, value: Value?) {
        self.name = name
        self.value = value
    }

    /// An attribute that is there or not: `required`.
    static func flag(_ name: StaticString, _ isThere: Bool = true) -> Attribute {
        Attribute(name, value: isThere ? Value.none : nil)
    }

    /// Left out where there is no value.
    static func optional(_ name: StaticString, _ value: String?) -> Attribute {
        Attribute(name, value: value.map(Value.text))
    }

    static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    static func id(_ id: String) -> Attribute { Attribute("id", id) }
    static func label(_ words: Words) -> Attribute { Attribute("aria-label", words) }

    /// A link within the site; anything else, such as a scheme of its own, leads nowhere.
    static func href(_ path: String) -> Attribute { Attribute("href", Self.local(path)) }
    static func action(_ path: String) -> Attribute { Attribute("action", Self.local(path)) }

    private static func local(_ path: String) -> String {
        path.hasPrefix("#") || path.hasPrefix("?") || isLocal(path) ? path : "#"
    }
}

/// Whether an address is a path of this site. Browsers take `\` for `/`, and leave tabs and line breaks out, so that
/// either could hide the `//` of another host.
func isLocal(_ path: String) -> Bool {
    path.hasPrefix("/") && !path.hasPrefix("//") && !path.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") }
}

/// An element with content.
func tag(_ name: StaticString, _ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try tag(name, attributes, content: content)
}

func tag(_ name: StaticString, _ attributes: [Attribute], @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    var result = opening(name, attributes)
    result.append(try content())
    result.append(.markup("</\(name)>"))
    return result
}

/// An element that cannot have content: `input`, `br`.
func void(_ name: StaticString, _ attributes: Attribute...) -> HTML { opening(name, attributes) }
func void(_ name: StaticString, _ attributes: [Attribute]) -> HTML { opening(name, attributes) }

private func opening(_ name: StaticString, _ attributes: [Attribute]) -> HTML {
    var result = HTML.markup("<\(name)")
    for attribute in attributes {
        switch attribute.value {
        case nil: break
        case .some(.none): result.append(.markup(" \(attribute.name)"))
        case .text(let text): result.append(.markup(" \(attribute.name)=\"\(Markup.escape(text))\""))
        case .words(let words):
            result.append(.markup(" \(attribute.name)=\""))
            result.append(HTML(words))
            result.append(.markup("\""))
        }
    }
    result.append(.markup(">"))
    return result
}

@resultBuilder
enum HTMLBuilder {
    static func buildExpression(_ html: HTML) -> HTML { html }
    static func buildExpression(_ words: Words) -> HTML { HTML(words) }
    static func buildExpression(_ html: HTML?) -> HTML { html ?? HTML() }
    static func buildBlock(_ parts: HTML...) -> HTML {
        var result = HTML()
        for part in parts { result.append(part) }
        return result
    }
    static func buildOptional(_ part: HTML?) -> HTML { part ?? HTML() }
    static func buildEither(first part: HTML) -> HTML { part }
    static func buildEither(second part: HTML) -> HTML { part }
    static func buildArray(_ parts: [HTML]) -> HTML {
        var result = HTML()
        for part in parts { result.append(part) }
        return result
    }
}
