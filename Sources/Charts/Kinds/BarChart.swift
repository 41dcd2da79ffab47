/// Upright bars by category, those of several series beside or upon each other.
public struct BarChart: Chart, Hashable {
    public struct Series: Sendable, Hashable {
        public var name: Phrase
        /// One of each category; nil where there is none.
        public var values: [Double?]

        public init(_ name: Phrase, _ values: [Double?]) {
            self.name = name
            self.values = values.map { value in value.flatMap { $0.isFinite ? $0 : nil } }
        }
    }

    public var title: Phrase
    public var summary: Phrase
    /// What the categories are.
    public var category: Phrase
    public var categories: [Phrase]
    public var value: PlotChart.Axis
    public var series: [Series]
    /// Upon each other, positive ones upwards and negative ones downwards.
    public var isStacked: Bool
    public var reference: (name: Phrase, value: Double)? { referenceName.map { ($0, referenceValue) } }
    public var size: (width: Double, height: Double) { (width, height) }
    private let referenceName: Phrase?
    private let referenceValue: Double
    private let width: Double
    private let height: Double

    public init(
        _ title: Phrase, summary: Phrase, category: Phrase, categories: [Phrase], value: PlotChart.Axis,
        series: [Series], isStacked: Bool = false, reference: (name: Phrase, value: Double)? = nil,
        width: Double = 420, height: Double = 320
    ) {
        self.title = title
        self.summary = summary
        self.category = category
        self.categories = categories
        self.value = value
        self.series = series
        self.isStacked = isStacked
        referenceName = reference?.name
        referenceValue = reference?.value ?? 0
        self.width = width
        self.height = height
    }

    public var table: ChartTable {
        ChartTable(
            columns: [category] + series.map(\.name),
            rows: categories.indices.map { row in
                [categories[row]]
                    + series.map { one in Phrase(value(of: one, row).map(value.format.text) ?? Figures.none) }
            })
    }

    public func content(_ pen: Pen) -> String {
        var entries = series.enumerated().map { (mark: Legend.Mark.bar($0.offset), name: $0.element.name) }
        if let reference { entries.append((.reference, reference.name)) }
        let legend = Legend(entries, width: width - 8)
        let frame = Frame(
            x: nil, y: Scale(ends, includesZero: true, format: value.format), names: (category, value.name),
            width: width, height: height, top: legend.height)
        let slot = (frame.right - frame.left) / Double(max(1, categories.count))
        var result = pen.hatchings(series.count) + legend.content(pen, x: 4, y: 0) + frame.content(pen)
        for row in categories.indices {
            result += bars(pen, row, frame, left: frame.left + Double(row) * slot, slot: slot)
        }
        result += labels(pen, frame, slot: slot)
        if let reference {
            let y = frame.placeY(reference.value)
            result += pen.line("reference", frame.left, y, frame.right, y)
        }
        return result
    }

    private func value(of series: Series, _ row: Int) -> Double? {
        series.values.indices.contains(row) ? series.values[row] : nil
    }

    /// Everything that must fit on the axis.
    private var ends: [Double] {
        let all = categories.indices.flatMap { row in
            let values = series.compactMap { value(of: $0, row) }
            guard isStacked else { return values }
            return [values.filter { $0 > 0 }.reduce(0, +), values.filter { $0 < 0 }.reduce(0, +)]
        }
        return all + (reference.map { [$0.value] } ?? [])
    }

    private func bars(_ pen: Pen, _ row: Int, _ frame: Frame, left: Double, slot: Double) -> String {
        let space = min(0.28 * slot, 14)
        let single = (slot - space) / Double(isStacked ? 1 : max(1, series.count))
        var (up, down) = (0.0, 0.0)
        var result = ""
        for (index, one) in series.enumerated() {
            guard let amount = value(of: one, row) else { continue }
            let start = isStacked ? (amount < 0 ? down : up) : 0
            let end = start + amount
            if amount < 0 { down = end } else { up = end }
            let (y1, y2) = (frame.placeY(start), frame.placeY(end))
            let x = left + space / 2 + (isStacked ? 0 : Double(index) * single)
            let says = categories[row] + ", " + one.name + ": " + Phrase(value.format.text(amount))
            result += pen.bar(index, x, min(y1, y2), single * 0.94, abs(y1 - y2), title: says)
        }
        return result
    }

    /// Every one, or every second, third, …, so that they do not touch.
    private func labels(_ pen: Pen, _ frame: Frame, slot: Double) -> String {
        let widest = min(90, categories.map { TextWidth.of($0, size: 12) }.max() ?? 0) + 6
        let every = max(1, Int((widest / slot).rounded(.up)))
        return categories.indices.filter { $0 % every == 0 }.map { row in
            pen.text(
                "muted", frame.left + (Double(row) + 0.5) * slot, frame.bottom + 16,
                TextWidth.fit(categories[row], 90, size: 12), anchor: .middle)
        }.joined()
    }
}
