/// Series of points over two numeric axes: lines, steps, areas under steps, and scattered points; with bands of
/// uncertainty and lines to compare with.
public struct PlotChart: Chart, Hashable {
    public struct Point: Sendable, Hashable {
        public var x: Double
        public var y: Double

        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    public enum Mark: Sendable, Hashable {
        case line
        /// A line with a marker at each point.
        case lineWithMarkers
        case markers
        /// Each value holds from its `x` to the next point's.
        case steps
        /// Steps and what is below them.
        case area
    }

    public struct Series: Sendable, Hashable {
        public var name: Phrase
        public var mark: Mark
        public var points: [Point]
        /// Bounds at each point; empty or as many as points.
        public var band: [ClosedRange<Double>]

        public init(_ name: Phrase, _ mark: Mark = .line, points: [Point], band: [ClosedRange<Double>] = []) {
            self.name = name
            self.mark = mark
            self.points = points
            self.band = band
        }
    }

    /// A thin dashed line to compare with, such as that of a random order. It is not part of the table.
    public struct Reference: Sendable, Hashable {
        public var name: Phrase
        public var from: Point
        public var to: Point

        public init(_ name: Phrase, from: Point, to: Point) {
            self.name = name
            self.from = from
            self.to = to
        }
    }

    public struct Axis: Sendable, Hashable {
        public var name: Phrase
        public var format: ValueFormat
        public var includesZero: Bool

        public init(_ name: Phrase, _ format: ValueFormat = .number, includesZero: Bool = false) {
            self.name = name
            self.format = format
            self.includesZero = includesZero
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var x: Axis
    public var y: Axis
    public var series: [Series]
    public var references: [Reference]
    public var size: (width: Double, height: Double) { (width, height) }
    private let width: Double
    private let height: Double

    public init(
        _ title: Phrase, summary: Phrase, x: Axis, y: Axis, series: [Series], references: [Reference] = [],
        width: Double = 420, height: Double = 320
    ) {
        self.title = title
        self.summary = summary
        self.x = x
        self.y = y
        self.series = series.map(Self.finite)
        self.references = references
        self.width = width
        self.height = height
    }

    public var table: ChartTable {
        let hasBand = series.contains { !$0.band.isEmpty }
        var columns = [Phrase("Series", chinese: "系列"), x.name, y.name]
        if hasBand { columns += [Phrase("From", chinese: "下限"), Phrase("To", chinese: "上限")] }
        let rows = series.flatMap { series in
            series.points.enumerated().map { index, point in
                var row = [series.name, Phrase(x.format.text(point.x)), Phrase(y.format.text(point.y))]
                if hasBand {
                    let band = series.band.isEmpty ? nil : series.band[index]
                    row += [band?.lowerBound, band?.upperBound].map { Phrase($0.map(y.format.text) ?? Figures.none) }
                }
                return row
            }
        }
        return ChartTable(columns: columns, rows: rows)
    }

    public func content(_ pen: Pen) -> String {
        let entries = series.enumerated().map { (mark: Self.legend($0.element.mark, $0.offset), name: $0.element.name) }
        let legend = Legend(entries + references.map { (.reference, $0.name) }, width: width - 8)
        let points = series.flatMap(\.points) + references.flatMap { [$0.from, $0.to] }
        let bands = series.flatMap { $0.band.flatMap { [$0.lowerBound, $0.upperBound] } }
        let hasArea = series.contains { $0.mark == .area }
        let frame = Frame(
            x: Scale(points.map(\.x), includesZero: x.includesZero, format: x.format),
            y: Scale(points.map(\.y) + bands, includesZero: y.includesZero || hasArea, format: y.format),
            names: (x.name, y.name), width: width, height: height, top: legend.height)
        var result = legend.content(pen, x: 4, y: 0) + frame.content(pen)
        for reference in references {
            result += pen.line(
                "reference", frame.placeX(reference.from.x), frame.placeY(reference.from.y),
                frame.placeX(reference.to.x), frame.placeY(reference.to.y))
        }
        for (index, one) in series.enumerated() where !one.band.isEmpty { result += band(pen, one, index, frame) }
        for (index, one) in series.enumerated() { result += draw(pen, one, index, frame) }
        return result
    }

    private static func legend(_ mark: Mark, _ index: Int) -> Legend.Mark {
        switch mark {
        case .line, .steps, .area: .line(index)
        case .lineWithMarkers: .lineAndMarker(index)
        case .markers: .marker(index)
        }
    }

    private func draw(_ pen: Pen, _ series: Series, _ index: Int, _ frame: Frame) -> String {
        let places = series.points.map { (x: frame.placeX($0.x), y: frame.placeY($0.y)) }
        guard let first = places.first, let last = places.last else { return "" }
        let isStepped = series.mark == .steps || series.mark == .area
        var steps = "M\(at(first.x)) \(at(first.y))"
        for place in places.dropFirst() {
            steps += isStepped ? "H\(at(place.x))V\(at(place.y))" : "L\(at(place.x)) \(at(place.y))"
        }
        var result = ""
        if series.mark == .area {
            let ground = at(frame.placeY(0))
            result += pen.path(
                "area " + ChartStyle.fill(index), steps + "L\(at(last.x)) \(ground)L\(at(first.x)) \(ground)z")
        }
        if series.mark != .markers {
            result += pen.path("line " + ChartStyle.stroke(index), steps, dash: ChartStyle.dash(index))
        }
        if series.mark == .markers || series.mark == .lineWithMarkers || places.count == 1 {
            let radius = series.mark == .markers && places.count > 60 ? 2.2 : 3.5
            result += places.map { pen.marker(index, $0.x, $0.y, radius: radius) }.joined()
        }
        return result
    }

    private func band(_ pen: Pen, _ series: Series, _ index: Int, _ frame: Frame) -> String {
        let upper = zip(series.points, series.band).map {
            "\(at(frame.placeX($0.x))) \(at(frame.placeY($1.upperBound)))"
        }
        let lower = zip(series.points, series.band).map {
            "\(at(frame.placeX($0.x))) \(at(frame.placeY($1.lowerBound)))"
        }
        return pen.path("area " + ChartStyle.fill(index), "M" + (upper + lower.reversed()).joined(separator: "L") + "z")
    }

    /// Without the points that are no numbers; a band that does not fit the points is left out.
    private static func finite(_ series: Series) -> Series {
        let kept = series.points.indices.filter { series.points[$0].x.isFinite && series.points[$0].y.isFinite }
        let hasBand = series.band.count == series.points.count
        return Series(
            series.name, series.mark, points: kept.map { series.points[$0] },
            band: hasBand ? kept.map { series.band[$0] } : [])
    }
}
