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
    func content(_ pen: Pen) -> String
}

extension Chart {
    /// The picture, for use inside of HTML with `ChartStyle.css`. It holds no style of its own, so that a page whose content
    /// security policy forbids inline styles can show it.
    ///
    /// - Parameter id: unique in the page; letters, digits and `-`.
    public func svg(id: String, language: ChartLanguage = .both) -> String {
        let (width, height) = size
        // A wide picture scrolls on a phone; its text would be too small.
        let isWide = width > 480
        let pen = Pen(id: id, language: language)
        let names =
            pen.label("title", [("id", "\(id)-title")], title) + pen.label("desc", [("id", "\(id)-desc")], summary)
        let scale = isWide ? 0.9 : 1.5
        return Markup.element(
            "svg",
            [
                ("class", !isWide ? "chart" : width < 640 ? "chart chart-wide" : "chart chart-wider"), ("id", id),
                ("role", "img"), ("width", at(width * scale)), ("height", at(height * scale)),
                ("viewBox", "0 0 \(at(width)) \(at(height))"), ("aria-labelledby", "\(id)-title"),
                ("aria-describedby", "\(id)-desc"),
            ],
            names + content(pen))
    }

    /// The picture with its title, its summary and its numbers, for use in a page with `ChartStyle.css`.
    public func figure(id: String, language: ChartLanguage = .both) -> String {
        Markup.element(
            "figure", [("class", "chart-figure")],
            Markup.element(
                "figcaption", [],
                Markup.text("strong", [], title, in: language)
                    + Markup.text("span", [("class", "chart-summary")], summary, in: language))
                + Markup.element("div", [("class", "chart-scroll")], svg(id: id, language: language))
                + table.details(title, language))
    }
}
