/// Steps and what each comes after, from above: boxes with a name and a state, arrows between them.
public struct GraphDiagram: Chart, Hashable {
    public struct Node: Sendable, Hashable {
        public var name: Phrase
        public var tone: ChartTone
        /// The word of its state.
        public var state: Phrase
        /// Beside the word, such as a time.
        public var detail: Phrase?
        /// Places of what it comes after, before this node.
        public var after: [Int]

        public init(_ name: Phrase, tone: ChartTone, state: Phrase, detail: Phrase? = nil, after: [Int] = []) {
            self.name = name
            self.tone = tone
            self.state = state
            self.detail = detail
            self.after = after
        }
    }

    public var title: Phrase
    public var summary: Phrase
    /// What the nodes are.
    public var item: Phrase
    public var nodes: [Node]
    private let layout: LayeredLayout

    /// - Parameter nodes: each behind those it comes after; what is not there is left out.
    public init(_ title: Phrase, summary: Phrase, item: Phrase, nodes: [Node]) {
        self.title = title
        self.summary = summary
        self.item = item
        self.nodes = nodes.enumerated().map { index, node in
            var node = node
            node.after = Set(node.after).filter { (0..<index).contains($0) }.sorted()
            return node
        }
        layout = LayeredLayout(after: self.nodes.prefix(Self.most).map(\.after))
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.title == right.title && left.summary == right.summary && left.item == right.item
            && left.nodes == right.nodes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(title)
        hasher.combine(nodes)
    }

    /// Nodes that are drawn; all are in the table.
    private static let most = 150
    private static let box = (width: 168.0, height: 44.0)
    private static let slot = (width: 184.0, height: 74.0)

    public var size: (width: Double, height: Double) {
        let layers = (layout.layer.max() ?? 0) + 1
        return (
            max(320, layout.breadth * Self.slot.width + Self.box.width + 8),
            Double(layers) * Self.slot.height - (Self.slot.height - Self.box.height) + (hidden > 0 ? 28 : 8)
        )
    }

    public var table: ChartTable {
        ChartTable(
            columns: [
                item, Phrase("State", chinese: "状态"), Phrase("Detail", chinese: "详情"),
                Phrase("After", chinese: "前置"),
            ],
            rows: nodes.map { node in
                let after = node.after.map { nodes[$0].name }
                let names = after.dropFirst().reduce(after.first ?? Phrase(Figures.none)) { $0 + ", " + $1 }
                return [node.name, node.state, node.detail ?? Phrase(Figures.none), names]
            })
    }

    private var hidden: Int { max(0, nodes.count - Self.most) }

    public func content(_ pen: Pen) -> String {
        let indent = (size.width - layout.breadth * Self.slot.width) / 2
        func x(_ place: Double) -> Double { indent + place * Self.slot.width }
        func y(_ layer: Int) -> Double { 4 + Double(layer) * Self.slot.height }
        var result = ""
        for line in layout.lines {
            var steps = ""
            for (index, (from, to)) in zip(line, line.dropFirst()).enumerated() {
                // Straight through the layers that are passed, bent between them.
                let (x1, x2) = (x(from.place), x(to.place))
                let isLast = index == line.count - 2
                let (y1, y2) = (y(from.layer) + Self.box.height, y(to.layer) - (isLast ? 5 : 0))
                if index == 0 { steps += "M\(at(x1)) \(at(y1))" } else { steps += "V\(at(y1))" }
                let middle = at((y1 + y2) / 2)
                steps += "C\(at(x1)) \(middle) \(at(x2)) \(middle) \(at(x2)) \(at(y2))"
            }
            result += pen.path("whisker axis", steps)
            if let last = line.last { result += pen.arrowhead("head", x(last.place), y(last.layer)) }
        }
        for index in layout.layer.indices {
            result += box(pen, nodes[index], x: x(layout.place[index]), y: y(layout.layer[index]))
        }
        if hidden > 0 {
            result += pen.text("muted", size.width / 2, size.height - 6, Phrase("+ \(hidden)"), anchor: .middle)
        }
        return result
    }

    private func box(_ pen: Pen, _ node: Node, x: Double, y: Double) -> String {
        let (width, height) = Self.box
        let left = x - width / 2
        var attributes: [Markup.Attribute] = [
            ("class", "box " + ChartStyle.stroke(node.tone.series)), ("x", at(left)), ("y", at(y)),
            ("width", at(width)),
            ("height", at(height)), ("rx", "5"),
        ]
        if let dash = node.tone.dash { attributes.append(("stroke-dasharray", dash)) }
        let says = [node.state, node.detail].compactMap { $0 }.reduce(node.name) { $0 + ", " + $1 }
        let state = node.detail.map { node.state + " · " + $0 } ?? node.state
        return Markup.element("rect", attributes, pen.label("title", [], says))
            + pen.text("strong", left + 10, y + 18, TextWidth.fit(node.name, width - 20, size: 12.8))
            + pen.state(node.tone, state, left + 9, y + 35, room: width - 18)
    }
}
