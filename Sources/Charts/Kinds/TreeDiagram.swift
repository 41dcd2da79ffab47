/// A binary tree, the root above; the colour and dash of a node's box say what group it belongs to.
public struct TreeDiagram: Chart, Hashable {
    public struct Node: Sendable, Hashable {
        /// Two lines in the box.
        public var name: Phrase
        public var detail: Phrase
        /// Which of the groups; nil for leaves.
        public var group: Int?
        /// Places of both children, behind this node.
        public var children: [Int]

        public init(_ name: Phrase, detail: Phrase, group: Int?, children: [Int] = []) {
            self.name = name
            self.detail = detail
            self.group = group
            self.children = children
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var groups: [Phrase]
    /// The root first.
    public var nodes: [Node]
    /// What stands at the way to the first and to the second child.
    public var ways: (Phrase, Phrase) { (firstWay, secondWay) }
    private let firstWay: Phrase
    private let secondWay: Phrase

    /// - Parameter nodes: the root first, children behind their parents. A child that is not there, stands before its parent
    ///   or has another parent already is left out.
    public init(
        _ title: Phrase, summary: Phrase, groups: [Phrase], nodes: [Node],
        ways: (Phrase, Phrase) = (Phrase("yes", chinese: "是"), Phrase("no", chinese: "否"))
    ) {
        self.title = title
        self.summary = summary
        self.groups = groups
        var taken: Set<Int> = []
        self.nodes = nodes.enumerated().map { index, node in
            var node = node
            node.children = node.children.filter { $0 > index && $0 < nodes.count && taken.insert($0).inserted }
            return node
        }
        (firstWay, secondWay) = ways
    }

    /// Levels that are drawn; what is below is said in a number. All of it is in the table.
    private static let deepest = 5
    private static let height = 36.0
    private static let split = 144.0
    private static let leaf = 88.0
    /// Of a leaf; a split has at least two below it.
    private static let slot = (width: 96.0, height: 78.0)

    private struct Layout {
        /// In slots; nil for what is not drawn.
        var x: [Double?]
        var level: [Int]
        /// Nodes below a node that are not drawn.
        var hidden: [Int]
        var leaves = 0

        /// Takes one slot: a narrow box.
        func isEnd(_ node: Node, at index: Int) -> Bool { node.children.isEmpty || level[index] == deepest }
    }

    private var layout: Layout {
        var layout = Layout(
            x: Array(repeating: nil, count: nodes.count), level: Array(repeating: 0, count: nodes.count),
            hidden: Array(repeating: 0, count: nodes.count))
        var below = Array(repeating: 0, count: nodes.count)
        for index in nodes.indices {
            for child in nodes[index].children { layout.level[child] = layout.level[index] + 1 }
        }
        for index in nodes.indices.reversed() {
            below[index] = nodes[index].children.reduce(0) { $0 + below[$1] + 1 }
        }
        // Ends of the drawing from the left to the right, then everything above them.
        var stack = nodes.isEmpty ? [] : [0]
        var drawn: [Int] = []
        while let index = stack.popLast() {
            drawn.append(index)
            let children = nodes[index].children
            if children.isEmpty || layout.level[index] == Self.deepest {
                layout.x[index] = Double(layout.leaves)
                layout.leaves += 1
                layout.hidden[index] = below[index]
            } else {
                stack += children.reversed()
            }
        }
        for index in drawn.reversed() where layout.x[index] == nil {
            let places = nodes[index].children.compactMap { layout.x[$0] }
            layout.x[index] = places.reduce(0, +) / Double(max(1, places.count))
        }
        return layout
    }

    private var legend: Legend {
        Legend(groups.enumerated().map { (.line($0.offset), $0.element) }, width: max(300, Self.slot.width * 4))
    }

    public var size: (width: Double, height: Double) {
        let layout = layout
        let depth = nodes.indices.filter { layout.x[$0] != nil }.map { layout.level[$0] }.max() ?? 0
        return (
            max(420, Double(layout.leaves) * Self.slot.width + 8),
            legend.height + Double(depth) * Self.slot.height + Self.height + 24
        )
    }

    public var table: ChartTable {
        ChartTable(
            columns: [
                Phrase("Node", chinese: "节点"), Phrase("Group", chinese: "归属"), Phrase("Says", chinese: "内容"),
                Phrase("Detail", chinese: "详情"), ways.0, ways.1,
            ],
            rows: nodes.enumerated().map { index, node in
                let children = (0..<2).map {
                    node.children.count > $0 ? Phrase("\(node.children[$0])") : Phrase(Figures.none)
                }
                return [Phrase("\(index)"), group(node) ?? Phrase(Figures.none), node.name, node.detail] + children
            })
    }

    public func content(_ pen: Pen) -> String {
        let layout = layout
        let legend = legend
        let indent = (size.width - Double(layout.leaves) * Self.slot.width) / 2
        func place(_ index: Int) -> (x: Double, y: Double) {
            (
                indent + ((layout.x[index] ?? 0) + 0.5) * Self.slot.width,
                legend.height + 6 + Double(layout.level[index]) * Self.slot.height
            )
        }
        let drawn = nodes.indices.filter { layout.x[$0] != nil }
        var result = legend.content(pen, x: 4, y: 0)
        for index in drawn {
            let from = place(index)
            for (way, child) in nodes[index].children.enumerated() where layout.x[child] != nil {
                let to = place(child)
                let (low, middle) = (from.y + Self.height, (from.y + Self.height + to.y) / 2)
                result += pen.path("axis", "M\(at(from.x)) \(at(low))V\(at(middle))H\(at(to.x))V\(at(to.y))")
                let isLeft = way == 0
                result += pen.text(
                    "muted small", (from.x + to.x) / 2, middle - 4, isLeft ? ways.0 : ways.1, anchor: .middle)
            }
        }
        for index in drawn {
            let (x, y) = place(index)
            let node = nodes[index]
            let width = layout.isEnd(nodes[index], at: index) ? Self.leaf : Self.split
            result += box(pen, node, x: x - width / 2, y: y, width: width)
            result += pen.text("strong", x, y + 15, TextWidth.fit(node.name, width - 8, size: 12.8), anchor: .middle)
            result += pen.text(
                "muted small", x, y + 29, TextWidth.fit(node.detail, width - 8, size: 10.5), anchor: .middle)
            if layout.hidden[index] > 0 {
                result += pen.text(
                    "muted small", x, y + 49, Phrase("+ \(layout.hidden[index])"), anchor: .middle)
            }
        }
        return result
    }

    private func group(_ node: Node) -> Phrase? {
        node.group.flatMap { groups.indices.contains($0) ? groups[$0] : nil }
    }

    private func box(_ pen: Pen, _ node: Node, x: Double, y: Double, width: Double) -> String {
        let looks = node.group.map { "box " + ChartStyle.stroke($0) } ?? "box axis"
        var attributes: [Markup.Attribute] = [
            ("class", looks), ("x", at(x)), ("y", at(y)), ("width", at(width)), ("height", at(Self.height)),
            ("rx", node.group == nil ? "16" : "4"),
        ]
        if let dash = node.group.flatMap(ChartStyle.dash) { attributes.append(("stroke-dasharray", dash)) }
        let says = (group(node).map { $0 + ": " } ?? "") + node.name + ", " + node.detail
        return Markup.element("rect", attributes, pen.label("title", [], says))
    }
}
