/// How often values fall into bins, as bars as wide as their bins; what has no value stands apart.
public struct HistogramChart: Chart, Hashable {
    public struct Bin: Sendable, Hashable {
        /// From this on.
        public var from: Double
        public var to: Double
        /// Not below zero.
        public var count: Double

        public init(from: Double, to: Double, count: Double) {
            self.from = from
            self.to = to
            self.count = count.isFinite ? max(0, count) : 0
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var value: PlotChart.Axis
    /// What is counted.
    public var count: PlotChart.Axis
    /// Rising.
    public var bins: [Bin]
    /// How many have no value; nil where that was not counted.
    public var missing: Double?
    public var size: (width: Double, height: Double) { (width, height) }
    private let width: Double
    private let height: Double

    public init(
        _ title: Phrase, summary: Phrase, value: PlotChart.Axis,
        count: PlotChart.Axis = .init(Phrase("Rows", chinese: "行数")), bins: [Bin], missing: Double? = nil,
        width: Double = 420, height: Double = 240
    ) {
        self.title = title
        self.summary = summary
        self.value = value
        self.count = count
        self.bins = bins.filter { $0.from.isFinite && $0.to.isFinite && $0.from <= $0.to }
        self.missing = missing.flatMap { $0.isFinite ? max(0, $0) : nil }
        self.width = width
        self.height = height
    }

    private static let missingName = Phrase("missing", chinese: "缺失")

    public var table: ChartTable {
        var rows = bins.map { bin in
            [bin.from, bin.to].map { Phrase(value.format.text($0)) } + [Phrase(count.format.text(bin.count))]
        }
        if let missing {
            rows.append([Self.missingName, Phrase(Figures.none), Phrase(count.format.text(missing))])
        }
        return ChartTable(
            columns: [Phrase("From", chinese: "下限"), Phrase("To", chinese: "上限"), count.name], rows: rows)
    }

    public func content(_ pen: Pen) -> String {
        let aside = missing == nil ? 0.0 : 64
        let frame = Frame(
            x: Scale(bins.flatMap { [$0.from, $0.to] }, isTight: true, format: value.format),
            y: Scale(bins.map(\.count) + (missing.map { [$0] } ?? []), includesZero: true, format: count.format),
            names: (value.name, count.name), width: width - aside, height: height, top: 0)
        var result = pen.hatchings(ChartStyle.count) + frame.content(pen)
        for bin in bins {
            let (x1, x2, y) = (frame.placeX(bin.from), frame.placeX(bin.to), frame.placeY(bin.count))
            let says = Phrase(
                "\(value.format.text(bin.from)) – \(value.format.text(bin.to)): \(count.format.text(bin.count))")
            // A bin of one value is drawn as a thin bar.
            result += pen.bar(0, x1 + 0.5, y, max(1.5, x2 - x1 - 1), frame.bottom - y, title: says)
        }
        if let missing {
            let y = frame.placeY(missing)
            let says = Self.missingName + Phrase(": " + count.format.text(missing))
            result += pen.line("axis", width - 56, frame.bottom, width - 4, frame.bottom)
            result += pen.bar(5, width - 46, y, 32, frame.bottom - y, title: says)
            result += pen.text("muted small", width - 30, frame.bottom + 16, Self.missingName, anchor: .middle)
        }
        return result
    }
}
