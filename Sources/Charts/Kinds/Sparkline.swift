/// A small line over time without axes, for a row of a table.
public struct Sparkline: Chart, Hashable {
    public var title: Phrase
    public var summary: Phrase
    /// In order of time. A point without a value is a gap.
    public var points: [TimeChart.Point]
    public var value: PlotChart.Axis
    public var time: ValueFormat

    public init(
        _ title: Phrase, summary: Phrase, points: [TimeChart.Point], value: PlotChart.Axis,
        time: ValueFormat = .time(offset: 0)
    ) {
        self.title = title
        self.summary = summary
        self.points = points.filter(\.time.isFinite)
        self.value = value
        self.time = time
    }

    public var size: (width: Double, height: Double) { (120, 28) }

    public var table: ChartTable {
        ChartTable(
            columns: [TimeChart.timeName, value.name],
            rows: points.map {
                [Phrase(time.text($0.time)), Phrase($0.value.map(value.format.text) ?? Figures.none)]
            })
    }

    public func content(_ pen: Pen) -> String {
        let values = points.compactMap(\.value) + (value.includesZero ? [0] : [])
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let (begin, end) = (points.map(\.time).min() ?? 0, points.map(\.time).max() ?? 1)
        func place(_ point: TimeChart.Point) -> (x: Double, y: Double)? {
            guard let value = point.value else { return nil }
            let share = high > low ? (value - low) / (high - low) : 0.5
            return (4 + (end > begin ? (point.time - begin) / (end - begin) : 1) * 112, 24 - share * 20)
        }
        let runs = TimeChart.runs(points.map(place))
        var result = pen.line("grid", 4, 26, 116, 26)
        for run in runs { result += pen.path("line " + ChartStyle.stroke(0), TimeChart.steps(run)) }
        if let last = runs.last?.last { result += pen.marker(0, last.x, last.y, radius: 3) }
        return result
    }
}
