/// A picture of numbers: a pure value that becomes SVG and a table, the same bytes each time.
public protocol Chart: Sendable {
    var title: Phrase { get }
    /// What is to be seen, in a sentence, for those who do not see it.
    var summary: Phrase { get }
    /// The numbers that are drawn.
    var table: ChartTable { get }
    /// Size of the picture in its own units; text has 12.
    var size: (width: Double, height: Double) { get }

    /// What is inside of the picture.
    ///
    /// - Parameter id: prefix of ids, unique in the page.
    func content(id: String) -> String
}

extension Chart {
    /// The picture, for use inside of HTML.
    ///
    /// - Parameter id: unique in the page; letters, digits and `-`.
    public func svg(id: String) -> String {
        let (width, height) = size
        // A wide picture scrolls on a phone; its text would be too small.
        let isWide = width > 480
        let names =
            Markup.text("title", [("id", "\(id)-title")], title)
            + Markup.text("desc", [("id", "\(id)-desc")], summary)
        return Markup.element(
            "svg",
            [
                ("class", "chart"), ("id", id), ("role", "img"), ("viewBox", "0 0 \(at(width)) \(at(height))"),
                ("aria-labelledby", "\(id)-title"), ("aria-describedby", "\(id)-desc"),
                (
                    "style",
                    "max-width:\(at(width * (isWide ? 1.2 : 1.5)))px;min-width:\(at(isWide ? width * 0.9 : 0))px"
                ),
            ],
            names + content(id: id))
    }

    /// The picture with its title, its summary and its numbers, for use in a page with `ChartStyle.css`.
    public func figure(id: String) -> String {
        Markup.element(
            "figure", [("class", "chart-figure")],
            Markup.element(
                "figcaption", [],
                Markup.text("strong", [], title) + Markup.text("span", [("class", "chart-summary")], summary))
                + Markup.element("div", [("class", "chart-scroll")], svg(id: id)) + table.details(title))
    }
}
