/// Draws pieces of SVG in one page, in its language.
public struct Pen: Sendable {
    /// Prefix of ids, unique in the page.
    let id: String
    let language: ChartLanguage

    /// An element that holds a phrase and nothing else.
    func label(_ name: String, _ attributes: [Markup.Attribute] = [], _ phrase: Phrase) -> String {
        Markup.text(name, attributes, phrase, in: language)
    }

    func line(
        _ class: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dash: String? = nil
    ) -> String {
        var attributes: [Markup.Attribute] = [
            ("class", `class`), ("x1", at(x1)), ("y1", at(y1)), ("x2", at(x2)), ("y2", at(y2)),
        ]
        if let dash { attributes.append(("stroke-dasharray", dash)) }
        return Markup.element("line", attributes, nil)
    }

    func rectangle(
        _ class: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double, round: Double = 0,
        title: Phrase? = nil
    ) -> String {
        var attributes: [Markup.Attribute] = [
            ("class", `class`), ("x", at(x)), ("y", at(y)), ("width", at(max(0, width))),
            ("height", at(max(0, height))),
        ]
        if round > 0 { attributes.append(("rx", at(round))) }
        return Markup.element("rect", attributes, title.map { label("title", [], $0) })
    }

    enum Anchor: String { case start, middle, end }

    func text(
        _ class: String, _ x: Double, _ y: Double, _ phrase: Phrase, anchor: Anchor = .start,
        turned: Bool = false
    ) -> String {
        var attributes: [Markup.Attribute] = [("x", at(x)), ("y", at(y))]
        if !`class`.isEmpty { attributes.append(("class", `class`)) }
        if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
        if turned { attributes.append(("transform", "rotate(-90 \(at(x)) \(at(y)))")) }
        return label("text", attributes, phrase)
    }

    func path(_ class: String, _ steps: String, dash: String? = nil) -> String {
        var attributes: [Markup.Attribute] = [("class", `class`), ("d", steps)]
        if let dash { attributes.append(("stroke-dasharray", dash)) }
        return Markup.element("path", attributes, nil)
    }

    /// A shape of its own for each series: circle, square, triangle, diamond, and the first two hollow.
    func marker(_ index: Int, _ x: Double, _ y: Double, radius r: Double = 3.5) -> String {
        let looks = "dot " + ChartStyle.fill(index)
        switch index % ChartStyle.count {
        case 0:
            return Markup.element("circle", [("class", looks), ("cx", at(x)), ("cy", at(y)), ("r", at(r))], nil)
        case 1: return rectangle(looks, x - r, y - r, 2 * r, 2 * r)
        case 2: return path(looks, "M\(at(x)) \(at(y - r * 1.2))l\(at(r * 1.2)) \(at(r * 2.1))h\(at(-r * 2.4))z")
        case 3:
            return path(
                looks,
                "M\(at(x)) \(at(y - r * 1.3))l\(at(r * 1.3)) \(at(r * 1.3))l\(at(-r * 1.3)) \(at(r * 1.3))l\(at(-r * 1.3)) \(at(-r * 1.3))z"
            )
        case 4:
            return Markup.element(
                "circle", [("class", "box " + ChartStyle.stroke(index)), ("cx", at(x)), ("cy", at(y)), ("r", at(r))],
                nil)
        default: return rectangle("box " + ChartStyle.stroke(index), x - r, y - r, 2 * r, 2 * r)
        }
    }

    /// Hatching over a bar that tells its series apart without colour; nothing for the first.
    func hatching(_ index: Int) -> String {
        guard index % ChartStyle.count > 0 else { return "" }
        let mark =
            switch index % ChartStyle.count {
            case 1: "M0 6L6 0"
            case 2: "M0 0L6 6"
            case 3: "M0 3H6"
            case 4: "M3 0V6"
            default: "M0 3H6M3 0V6"
            }
        return Markup.element(
            "pattern",
            [
                ("id", "\(id)-hatch-\(index % ChartStyle.count)"), ("width", "6"), ("height", "6"),
                ("patternUnits", "userSpaceOnUse"),
            ],
            Markup.element(
                "path",
                [
                    ("class", "hatch"), ("d", mark),
                ], nil))
    }

    func hatchings(_ count: Int) -> String {
        let marks = (0..<min(count, ChartStyle.count)).map { hatching($0) }.joined()
        return marks.isEmpty ? "" : Markup.element("defs", [], marks)
    }

    /// A bar in the colour of a series, hatched where it is not the first.
    func bar(
        _ index: Int, _ x: Double, _ y: Double, _ width: Double, _ height: Double, title: Phrase
    ) -> String {
        var result = rectangle(ChartStyle.fill(index), x, y, width, height, title: title)
        if index % ChartStyle.count > 0 {
            result += Markup.element(
                "rect",
                [
                    ("fill", "url(#\(id)-hatch-\(index % ChartStyle.count))"), ("x", at(x)), ("y", at(y)),
                    ("width", at(max(0, width))), ("height", at(max(0, height))), ("pointer-events", "none"),
                ], nil)
        }
        return result
    }
}
