import Charts
import Resources

/// A moment, in UTC, the same in both languages.
func time(_ moment: Timestamp) -> HTML {
    let text = moment.description
    let shown = text.prefix(16).replacing("T", with: " ")
    return tag("time", Attribute("datetime", text)) { plain("\(shown) UTC") }
}

/// A moment as the API writes it; a dash for none.
func time(_ text: String?) -> HTML {
    text.flatMap(Timestamp.init).map { time($0) } ?? plain("–")
}

/// 1,234,567.
func number(_ value: Int64) -> HTML { plain(numberText(value)) }

func numberText(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
        result.append(digit)
    }
    return (value < 0 ? "-" : "") + result
}

/// With so many decimals.
func number(_ value: Double?, decimals: Int) -> HTML {
    guard let value, value.isFinite else { return plain("–") }
    return plain(decimalText(value, decimals))
}

func decimalText(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard decimals > 0, scaled.magnitude < 1e15 else { return "\(value)" }
    let whole = Int64(scaled.magnitude)
    let (front, back) = whole.quotientAndRemainder(dividingBy: Int64(scale))
    let tail = String(back)
    let isNegative = scaled < 0
    return (isNegative ? "-" : "") + numberText(front) + "." + String(repeating: "0", count: decimals - tail.count)
        + tail
}

/// 12.3 MB, as charts and commands have it.
func bytes(_ count: Int64?) -> HTML { plain(count.map(bytesText) ?? "–") }

func bytesText(_ count: Int64) -> String { Figures.bytes(Double(count)) }

/// A state: words, a mark of its own and a colour, so that none of the three is needed.
func state(_ words: HTML, _ mood: Mood) -> HTML {
    tag("span", .class("state \(mood.rawValue)")) {
        tag("span", .class("mark"), Attribute("aria-hidden", "true")) { plain(mood.mark) }
        words
    }
}

/// How something stands.
enum Mood: String, Sendable {
    case good, busy, waiting, bad, plain

    var mark: String {
        switch self {
        case .good: "✓"
        case .busy: "▶"
        case .waiting: "…"
        case .bad: "✕"
        case .plain: "○"
        }
    }
}

/// A fact in a list of facts, `dl`.
func fact(_ name: Words, _ value: HTML) -> HTML {
    tag("div") {
        tag("dt") { name }
        tag("dd") { value }
    }
}

func facts(@HTMLBuilder _ content: () throws -> HTML) rethrows -> HTML {
    try tag("dl", .class("facts"), content: content)
}

/// A part of a page with a heading of the second level.
///
/// - Parameter id: unique in the page.
func section(_ title: Words, id: String, _ note: Words? = nil, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML
{
    try tag("section", .id(id), Attribute("aria-labelledby", "\(id)-title"), .class("card")) {
        tag("h2", .id("\(id)-title")) { title }
        note.map { words in tag("p", .class("note")) { words } }
        try content()
    }
}

/// What stands where a list has nothing: what it is for, and the way to the first one.
func emptyState(_ words: Words) -> HTML { emptyState(words) { HTML() } }

/// The same with the way there below it.
func emptyState(_ words: Words, @HTMLBuilder _ more: () throws -> HTML) rethrows -> HTML {
    try tag("div", .class("empty")) {
        tag("p") { words }
        try more()
    }
}

/// A name that leads to its page.
func link(_ name: String, _ path: String) -> HTML {
    tag("a", .href(path)) { plain(name) }
}

func link(_ words: Words, _ path: String, class names: String? = nil) -> HTML {
    tag("a", .href(path), .optional("class", names)) { words }
}

/// Text that is copied as it is: an id, a code, a command, a document. A script adds a button that copies.
func copyable(_ text: String, id: String, _ label: Words, isBlock: Bool = true) -> HTML {
    tag("div", .class(isBlock ? "copy block" : "copy")) {
        tag("pre", .id(id), Attribute("tabindex", "0"), .label(label), Attribute("role", "region")) { plain(text) }
        tag(
            "button", .class("quiet"), Attribute("type", "button"), .flag("hidden"), Attribute("data-copy", id),
            Attribute("data-copied", Words("Copied", "已复制"))
        ) { Words("Copy", "复制") }
    }
}

/// What folds out.
func more(_ title: Words, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try tag("details", .class("more")) {
        tag("summary") { title }
        try content()
    }
}

/// Sections of one thing as pages of their own.
///
/// - Parameter tabs: title and address; the chosen one is where the reader is.
func tabs(_ tabs: [(title: Words, path: String)], chosen: Int) -> HTML {
    tag("nav", .class("tabs"), .label(Words("Sections of this page", "本页内容"))) {
        tag("ul") {
            for (index, tab) in tabs.enumerated() {
                tag("li") {
                    tag("a", .href(tab.path), .optional("aria-current", index == chosen ? "page" : nil)) { tab.title }
                }
            }
        }
    }
}
