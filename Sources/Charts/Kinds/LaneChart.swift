/// What each party did when: a lane of spans each, and arrows from who waits to whom it waits for.
public struct LaneChart: Chart, Hashable {
    public struct Span: Sendable, Hashable {
        public var name: Phrase
        public var tone: ChartTone
        public var state: Phrase
        /// In the units of the axis.
        public var start: Double
        /// Nil where it goes on.
        public var end: Double?
        /// Which lane it waits for.
        public var waitsFor: Int?

        public init(
            _ name: Phrase, tone: ChartTone, state: Phrase, start: Double, end: Double?, waitsFor: Int? = nil
        ) {
            self.name = name
            self.tone = tone
            self.state = state
            self.start = start.isFinite ? start : 0
            self.end = end.flatMap { $0.isFinite ? $0 : nil }
            self.waitsFor = waitsFor
        }
    }

    public struct Lane: Sendable, Hashable {
        public var name: Phrase
        public var spans: [Span]

        public init(_ name: Phrase, _ spans: [Span]) {
            self.name = name
            self.spans = spans
        }
    }

    public var title: Phrase
    public var summary: Phrase
    /// What the lanes are.
    public var party: Phrase
    public var lanes: [Lane]
    /// Where what goes on ends in the picture.
    public var now: Double
    /// Seconds from a beginning, or moments.
    public var time: ValueFormat

    public init(
        _ title: Phrase, summary: Phrase, party: Phrase = Phrase("Party", chinese: "参与方"), lanes: [Lane], now: Double,
        time: ValueFormat = .seconds
    ) {
        self.title = title
        self.summary = summary
        self.party = party
        self.now = now.isFinite ? now : 0
        self.time = time
        self.lanes = lanes
        for lane in lanes.indices {
            for (index, span) in lanes[lane].spans.enumerated() {
                if let other = span.waitsFor, other == lane || !lanes.indices.contains(other) {
                    self.lanes[lane].spans[index].waitsFor = nil
                }
            }
        }
    }

    private static let width = 720.0
    private static let row = 44.0

    /// The word of each tone, from the first span that has it.
    private var legend: Legend {
        let spans = lanes.flatMap(\.spans)
        let entries = ChartTone.allCases.compactMap { tone in
            spans.first { $0.tone == tone }.map { (mark: Legend.Mark.bar(tone.series), name: $0.state) }
        }
        return Legend(entries, width: Self.width - 8)
    }

    public var size: (width: Double, height: Double) {
        (Self.width, legend.height + Double(lanes.count) * Self.row + 34)
    }

    public var table: ChartTable {
        ChartTable(
            columns: [
                party, Phrase("Step", chinese: "步骤"), Phrase("State", chinese: "状态"), Phrase("From", chinese: "自"),
                Phrase("To", chinese: "至"), Phrase("Waits for", chinese: "等待"),
            ],
            rows: lanes.flatMap { lane in
                lane.spans.map { span in
                    [
                        lane.name, span.name, span.state, Phrase(time.text(span.start)),
                        span.end.map { Phrase(time.text($0)) } ?? Phrase("goes on", chinese: "进行中"),
                        span.waitsFor.map { lanes[$0].name } ?? Phrase(Figures.none),
                    ]
                }
            })
    }

    public func content(_ pen: Pen) -> String {
        let legend = legend
        let names = min(150, (lanes.map { TextWidth.of($0.name, size: 12) }.max() ?? 0) + 4)
        let (left, right) = (names + 10, Self.width - 24)
        let bottom = legend.height + Double(lanes.count) * Self.row + 8
        let spans = lanes.flatMap(\.spans)
        let times = spans.flatMap { [$0.start, $0.end ?? now] }
        let isMoments = if case .time = time { true } else { false }
        let scale = Scale(times, count: 7, includesZero: !isMoments, isTight: isMoments, format: time)
        func x(_ value: Double) -> Double { left + scale.place(value) * (right - left) }
        func y(_ lane: Int) -> Double { legend.height + Double(lane) * Self.row + 8 }
        var result = pen.hatchings(ChartStyle.count) + legend.content(pen, x: 4, y: 0)
        for tick in scale.ticks {
            result += pen.line("grid", x(tick), legend.height, x(tick), bottom)
            result += pen.text("muted", x(tick), bottom + 17, Phrase(scale.label(tick)), anchor: .middle)
        }
        for (index, lane) in lanes.enumerated() {
            result += pen.text("", names, y(index) + 20, TextWidth.fit(lane.name, names, size: 12), anchor: .end)
            for span in lane.spans {
                let (x1, x2) = (x(span.start), x(span.end ?? now))
                let width = max(1.5, x2 - x1 - 1)
                let waits = span.waitsFor.map {
                    Phrase(", waits for {0}", chinese: "，等待 {0}").filled(lanes[$0].name)
                }
                let says = lane.name + ": " + span.name + ", " + span.state + (waits ?? "")
                result += pen.bar(span.tone.series, x1, y(index) + 14, width, 20, title: says)
                // Where there is room for some of it.
                if width > 24 {
                    // Beside the arrow that leads upwards.
                    let aside = span.waitsFor.map { $0 < index } ?? false ? 14.0 : 1
                    let shown = TextWidth.fit(span.name, width - aside, size: 10.5)
                    result += pen.text("muted small", x1 + aside, y(index) + 10, shown)
                }
            }
        }
        for (index, lane) in lanes.enumerated() {
            for span in lane.spans {
                guard let other = span.waitsFor else { continue }
                let place = min(x(span.start) + 6, x(span.end ?? now))
                let isUpwards = other < index
                let (from, to) = (y(index) + (isUpwards ? 14 : 34), y(other) + (isUpwards ? 34 : 14))
                result += pen.line("reference", place, from, place, to + (isUpwards ? 6 : -6))
                result += pen.arrowhead("head", place, to, isUpwards: isUpwards)
            }
        }
        return result
    }
}
