/// Values over date and time: lines with gaps where nothing was measured, limits across, moments that are named.
public struct TimeChart: Chart, Hashable {
    public struct Point: Sendable, Hashable {
        /// Seconds since 1970.
        public var time: Double
        /// Nil where nothing was measured.
        public var value: Double?

        public init(time: Double, value: Double?) {
            self.time = time
            self.value = value.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    public struct Series: Sendable, Hashable {
        public var name: Phrase
        /// In order of time.
        public var points: [Point]

        public init(_ name: Phrase, _ points: [Point]) {
            self.name = name
            self.points = points.filter(\.time.isFinite)
        }
    }

    /// A value that must not be passed. It is not part of the table.
    public struct Limit: Sendable, Hashable {
        public var name: Phrase
        public var value: Double

        public init(_ name: Phrase, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var value: PlotChart.Axis
    public var series: [Series]
    public var limits: [Limit]
    /// What is shown; nil shows all that there is.
    public var range: ClosedRange<Double>?
    /// Seconds east of Greenwich of the clock that is shown.
    public var offset: Int
    public var size: (width: Double, height: Double) { (width, height) }
    private let width: Double
    private let height: Double

    public init(
        _ title: Phrase, summary: Phrase, value: PlotChart.Axis, series: [Series], limits: [Limit] = [],
        range: ClosedRange<Double>? = nil, offset: Int = 0, width: Double = 720, height: Double = 220
    ) {
        self.title = title
        self.summary = summary
        self.value = value
        self.limits = limits.filter(\.value.isFinite)
        self.range = range.flatMap { $0.lowerBound.isFinite && $0.upperBound.isFinite ? $0 : nil }
        self.offset = offset
        self.width = width
        self.height = height
        let shown = self.range
        self.series = series.map { one in
            Series(one.name, one.points.filter { shown?.contains($0.time) ?? true })
        }
    }

    /// One row of each time.
    public var table: ChartTable {
        let times = Set(series.flatMap { $0.points.map(\.time) }).sorted()
        let values = series.map { one in
            Dictionary(one.points.map { ($0.time, $0.value) }, uniquingKeysWith: { $1 })
        }
        return ChartTable(
            columns: [Self.timeName] + series.map(\.name),
            rows: times.map { time in
                [Phrase(format.text(time))]
                    + values.map { Phrase(($0[time] ?? nil).map(value.format.text) ?? Figures.none) }
            })
    }

    public func content(_ pen: Pen) -> String {
        var entries = series.enumerated().map { (mark: Legend.Mark.line($0.offset), name: $0.element.name) }
        entries += limits.map { (.reference, $0.name) }
        let legend = Legend(entries.count > 1 ? entries : [], width: width - 8)
        let times = range.map { [$0.lowerBound, $0.upperBound] } ?? series.flatMap { $0.points.map(\.time) }
        let values = series.flatMap { $0.points.compactMap(\.value) } + limits.map(\.value)
        let frame = Frame(
            x: Scale(times, count: Int(width / 90), isTight: true, format: format),
            y: Scale(values, count: 4, includesZero: value.includesZero, format: value.format),
            names: (nil, value.name), width: width, height: height, top: legend.height)
        var result = legend.content(pen, x: 4, y: 0) + frame.content(pen)
        for limit in limits {
            let y = frame.placeY(limit.value)
            result += pen.line("reference", frame.left, y, frame.right, y)
        }
        for (index, one) in series.enumerated() {
            let places = one.points.map { point in
                point.value.map { (x: frame.placeX(point.time), y: frame.placeY($0)) }
            }
            for run in Self.runs(places) {
                result += pen.path(
                    "line " + ChartStyle.stroke(index), Self.steps(run), dash: ChartStyle.dash(index))
                if run.count == 1 { result += pen.marker(index, run[0].x, run[0].y) }
            }
        }
        return result
    }

    private var format: ValueFormat { .time(offset: offset) }

    static let timeName = Phrase("Time", chinese: "时间")

    /// What lies between gaps.
    static func runs(_ places: [(x: Double, y: Double)?]) -> [[(x: Double, y: Double)]] {
        places.split { $0 == nil }.map { $0.compactMap { $0 } }
    }

    static func steps(_ run: [(x: Double, y: Double)]) -> String {
        "M" + run.map { "\(at($0.x)) \(at($0.y))" }.joined(separator: "L")
    }
}
