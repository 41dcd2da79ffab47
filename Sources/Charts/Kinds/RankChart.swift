/// Lying bars with a name each, in the order they are given; the colour says what group a bar belongs to.
public struct RankChart: Chart, Hashable {
    public struct Bar: Sendable, Hashable {
        public var name: Phrase
        /// Which of the groups.
        public var group: Int
        public var value: Double

        public init(_ name: Phrase, group: Int, value: Double) {
            self.name = name
            self.group = group
            self.value = value.isFinite ? max(0, value) : 0
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var item: Phrase
    public var group: Phrase
    public var value: PlotChart.Axis
    public var groups: [Phrase]
    public var bars: [Bar]

    public init(
        _ title: Phrase, summary: Phrase, item: Phrase, group: Phrase, value: PlotChart.Axis, groups: [Phrase],
        bars: [Bar]
    ) {
        self.title = title
        self.summary = summary
        self.item = item
        self.group = group
        self.value = value
        self.groups = groups
        self.bars = bars.filter { groups.indices.contains($0.group) }
    }

    private static let width = 420.0
    private static let row = 22.0
    /// Fonts of readers are wider than the estimate by so much at most; a name that begins before the chart is cut off.
    private static let slack = 1.12
    private var legend: Legend {
        Legend(groups.enumerated().map { (.bar($0.offset), $0.element) }, width: Self.width - 8)
    }

    public var size: (width: Double, height: Double) {
        (Self.width, legend.height + Double(bars.count) * Self.row + 8)
    }

    public var table: ChartTable {
        ChartTable(
            columns: [item, group, value.name],
            rows: bars.map { [$0.name, groups[$0.group], Phrase(value.format.text($0.value))] })
    }

    public func content(_ pen: Pen) -> String {
        let legend = legend
        let names = min(170, (bars.map { TextWidth.of($0.name, size: 12) }.max() ?? 0) * Self.slack + 2)
        let numbers = (bars.map { TextWidth.of(value.format.text($0.value), size: 12) }.max() ?? 0) + 8
        let space = Self.width - names - numbers - 12
        let most = bars.map(\.value).max() ?? 0
        var result = pen.hatchings(groups.count) + legend.content(pen, x: 4, y: 0)
        for (index, bar) in bars.enumerated() {
            let y = legend.height + Double(index) * Self.row + 4
            let length = most > 0 ? bar.value / most * space : 0
            result += pen.text(
                "", names, y + 13, TextWidth.fit(bar.name, (names - 2) / Self.slack, size: 12), anchor: .end)
            result += pen.bar(
                bar.group, names + 8, y + 2, max(1, length), 14,
                title: bar.name + ", " + groups[bar.group] + ": " + Phrase(value.format.text(bar.value)))
            result += pen.text("muted", names + 14 + length, y + 13, Phrase(value.format.text(bar.value)))
        }
        return result
    }
}
