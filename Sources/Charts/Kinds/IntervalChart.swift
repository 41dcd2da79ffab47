/// A value with its interval in each row, on one axis that need not begin at zero.
public struct IntervalChart: Chart, Hashable {
    public struct Row: Sendable, Hashable {
        public var name: Phrase
        public var value: Double
        public var interval: ClosedRange<Double>?

        public init(_ name: Phrase, _ value: Double, interval: ClosedRange<Double>? = nil) {
            self.name = name
            self.value = value
            self.interval = interval.flatMap { $0.lowerBound.isFinite && $0.upperBound.isFinite ? $0 : nil }
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var item: Phrase
    public var value: PlotChart.Axis
    public var rows: [Row]

    public init(_ title: Phrase, summary: Phrase, item: Phrase, value: PlotChart.Axis, rows: [Row]) {
        self.title = title
        self.summary = summary
        self.item = item
        self.value = value
        self.rows = rows.filter { $0.value.isFinite }
    }

    private static let width = 320.0
    private static let row = 46.0

    public var size: (width: Double, height: Double) { (Self.width, Double(rows.count) * Self.row + 48) }

    public var table: ChartTable {
        ChartTable(
            columns: [item, value.name, Phrase("From", chinese: "下限"), Phrase("To", chinese: "上限")],
            rows: rows.map { row in
                let bounds = [row.interval?.lowerBound, row.interval?.upperBound]
                return [row.name, Phrase(value.format.text(row.value))]
                    + bounds.map { Phrase($0.map(value.format.text) ?? Figures.none) }
            })
    }

    public func content(_ pen: Pen) -> String {
        let values = rows.flatMap { row in
            [row.value] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
        }
        let scale = Scale(values, count: 4, includesZero: value.includesZero, format: value.format)
        // Half of the first and of the last label stand out.
        let ends = [scale.ticks.first, scale.ticks.last].map { tick in
            tick.map { TextWidth.of(scale.label($0), size: 12) / 2 + 2 } ?? 0
        }
        let (left, right) = (max(14, ends[0]), Self.width - max(24, ends[1]))
        let bottom = Double(rows.count) * Self.row + 6
        func place(_ value: Double) -> Double { left + scale.place(value) * (right - left) }
        var result = ""
        for tick in scale.ticks {
            result += pen.line("grid", place(tick), 0, place(tick), bottom)
            result += pen.text("muted", place(tick), bottom + 16, Phrase(scale.label(tick)), anchor: .middle)
        }
        result += pen.text(
            "muted", (left + right) / 2, bottom + 34, TextWidth.fit(value.name, right - left, size: 12), anchor: .middle
        )
        for (index, row) in rows.enumerated() {
            let y = Double(index) * Self.row + 32
            let number = Phrase(value.format.text(row.value))
            let room = right - left - TextWidth.of(number, size: 12) - 12
            result += pen.rectangle("ground", left - 4, y - 28, right - left + 8, 18)
            result += pen.text("", left, y - 14, TextWidth.fit(row.name, room, size: 12))
            result += pen.text("strong", right, y - 14, number, anchor: .end)
            if let interval = row.interval {
                let (x1, x2) = (place(interval.lowerBound), place(interval.upperBound))
                result += pen.path(
                    "whisker " + ChartStyle.stroke(index),
                    "M\(at(x1)) \(at(y))H\(at(x2))M\(at(x1)) \(at(y - 4))v8M\(at(x2)) \(at(y - 4))v8")
            }
            result += pen.marker(index, place(row.value), y, radius: 4.5)
        }
        return result
    }
}
