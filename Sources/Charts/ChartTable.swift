/// The numbers of a chart as a table.
public struct ChartTable: Sendable, Hashable {
    public var columns: [Phrase]
    public var rows: [[Phrase]]

    public init(columns: [Phrase], rows: [[Phrase]]) {
        self.columns = columns
        self.rows = rows
    }

    /// - Parameter name: what it is a table of.
    public func html(_ name: Phrase) -> String {
        let head = columns.map { Markup.text("th", [("scope", "col")], $0) }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == 0 ? Markup.text("th", [("scope", "row")], cell) : Markup.text("td", [], cell)
            }
            return Markup.element("tr", [], cells.joined())
        }
        return Markup.element(
            "table", [],
            Markup.text("caption", [], name) + Markup.element("thead", [], Markup.element("tr", [], head))
                + Markup.element("tbody", [], body.joined()))
    }

    func details(_ name: Phrase) -> String {
        Markup.element(
            "details", [("class", "chart-data")],
            Markup.text("summary", [], Phrase("Data", chinese: "数据"))
                + Markup.element("div", [("class", "chart-scroll")], html(name)))
    }
}
