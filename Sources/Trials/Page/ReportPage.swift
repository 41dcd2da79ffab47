import Charts

/// A trial's report as one HTML file that needs nothing else: English and Chinese, light and dark, for screen, phone and
/// paper. Without scripts it is English.
public struct ReportPage: Sendable {
    /// What the file is called beside `TrialDocument.fileName`.
    public static let fileName = "report.html"

    public let document: TrialDocument
    let findings: ReportFindings

    public init(document: TrialDocument) {
        self.document = document
        findings = ReportFindings(document)
    }

    /// The same bytes each time.
    public var html: String {
        let title = Phrase(document.name) + " · " + ReportText.report.phrase
        let policy =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        let head = [
            Markup.element("meta", [("charset", "utf-8")], nil),
            Markup.element("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)], nil),
            Markup.element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], nil),
            Markup.element("meta", [("name", "color-scheme"), ("content", "light dark")], nil),
            Markup.element("meta", [("name", "referrer"), ("content", "no-referrer")], nil),
            Markup.element("link", [("rel", "icon"), ("href", "data:,")], nil),
            Markup.text("title", [], title),
            Markup.element("style", [], ChartStyle.css + "\n" + Self.css),
        ]
        let sections = [
            problems, summary, models, curves, importance, scorecard, trees, privacy, timeline, expectations, data,
            routes,
            figures,
            again,
        ]
        return "<!DOCTYPE html>\n"
            + Markup.element(
                "html", [("lang", "en")],
                "\n" + Markup.element("head", [], "\n" + head.joined(separator: "\n") + "\n") + "\n"
                    + Markup.element(
                        "body", [],
                        "\n" + masthead + "\n"
                            + Markup.element(
                                "main", [],
                                "\n" + sections.filter { !$0.isEmpty }.joined(separator: "\n") + "\n")
                            + "\n" + Markup.text("footer", [], ReportText.made.phrase)
                            + Markup.element("script", [], Self.script) + "\n")) + "\n"
    }

    private var masthead: String {
        let state = document.held ? ReportText.held : .notHeld
        let languages = Markup.element(
            "div",
            [("class", "languages"), ("role", "group"), ("aria-label", "Language / 语言"), ("hidden", "")],
            Markup.element("button", [("type", "button"), ("data-lang", "en"), ("lang", "en")], "EN")
                + Markup.element("button", [("type", "button"), ("data-lang", "zh"), ("lang", "zh-CN")], "中文"))
        return Markup.element(
            "header", [],
            Markup.element(
                "div", [("class", "masthead")],
                Markup.text("p", [("class", "kicker")], Phrase("Atoll · ") + ReportText.report.phrase) + languages)
                + Markup.text("h1", [], Phrase(document.name))
                + Markup.element(
                    "p", [("class", "byline")],
                    Markup.text("span", [("class", "state " + (document.held ? "good" : "bad"))], state.phrase)
                        + Markup.text("time", [], Phrase(document.began))))
    }

    // MARK: Pieces that sections share

    /// - Parameters:
    ///   - id: of the heading, for links.
    ///   - content: markup; a section without any is left out.
    func section(_ id: String, _ title: ReportText, _ note: Phrase? = nil, _ content: String) -> String {
        guard !content.isEmpty else { return "" }
        return Markup.element(
            "section", [("aria-labelledby", id)],
            Markup.text("h2", [("id", id)], title.phrase)
                + (note.map { Markup.text("p", [("class", "note")], $0) } ?? "")
                + content)
    }

    func table(_ name: Phrase, _ columns: [Phrase], _ rows: [[Phrase]]) -> String {
        guard !rows.isEmpty else { return "" }
        return Markup.element("div", [("class", "scroll")], ChartTable(columns: columns, rows: rows).html(name))
    }

    func table(_ name: ReportText, _ columns: [ReportText], _ rows: [[Phrase]]) -> String {
        table(name.phrase, columns.map(\.phrase), rows)
    }

    func grid(_ figures: [String]) -> String {
        let figures = figures.filter { !$0.isEmpty }
        return figures.isEmpty
            ? ""
            : Markup.element(
                "div", [("class", "grid")],
                figures.map { Markup.element("div", [("class", "card")], $0) }.joined(separator: "\n"))
    }

    func number(_ value: Double?, _ format: ValueFormat = .number) -> Phrase {
        Phrase(value.map(format.text) ?? Figures.none)
    }
}
