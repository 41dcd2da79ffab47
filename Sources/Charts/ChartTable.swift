/// The numbers of a chart as a table.
public struct ChartTable: Sendable, Hashable {
    public var columns: [Phrase]
    public var rows: [[Phrase]]

    public init(columns: [Phrase], rows: [[Phrase]]) {
        self.columns = columns
        self.rows = rows
    }

    /// - Parameter name: what it is a table of.
    public func html(_ name: Phrase, language: ChartLanguage = .both) -> String {
        func text(_ name: String, _ attributes: [Markup.Attribute], _ phrase: Phrase) -> String {
            Markup.text(name, attributes, phrase, in: language)
        }
        let head = columns.map { text("th", [("scope", "col")], $0) }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == 0 ? text("th", [("scope", "row")], cell) : text("td", [], cell)
            }
            return Markup.element("tr", [], cells.joined())
        }
        return Markup.element(
            "table", [],
            text("caption", [], name) + Markup.element("thead", [], Markup.element("tr", [], head))
                + Markup.element("tbody", [], body.joined()))
    }

    func details(_ name: Phrase, _ language: ChartLanguage) -> String {
        Markup.element(
            "details", [("class", "chart-data")],
            Markup.text("summary", [], Phrase("Data", chinese: "数据"), in: language)
                + Markup.element("div", [("class", "chart-scroll")], html(name, language: language)))
    }
}
