/// When each phase ran, on one axis of time.
public struct WaterfallChart: Chart, Hashable {
    public struct Phase: Sendable, Hashable {
        public var name: Phrase
        /// In seconds.
        public var start: Double
        public var seconds: Double
        /// What stands beside its bar, such as bytes.
        public var note: Phrase?

        public init(_ name: Phrase, start: Double, seconds: Double, note: Phrase? = nil) {
            self.name = name
            self.start = start.isFinite ? start : 0
            self.seconds = seconds.isFinite ? max(0, seconds) : 0
            self.note = note
        }
    }

    public var title: Phrase
    public var summary: Phrase
    public var phases: [Phase]

    public init(_ title: Phrase, summary: Phrase, phases: [Phase]) {
        self.title = title
        self.summary = summary
        self.phases = phases
    }

    private static let width = 720.0
    private static let row = 26.0

    public var size: (width: Double, height: Double) { (Self.width, Double(phases.count) * Self.row + 34) }

    public var table: ChartTable {
        ChartTable(
            columns: [
                Phrase("Phase", chinese: "阶段"), Phrase("Start", chinese: "开始"), Phrase("Time", chinese: "用时"),
                Phrase("Note", chinese: "备注"),
            ],
            rows: phases.map {
                [
                    $0.name, Phrase(Figures.seconds($0.start)), Phrase(Figures.seconds($0.seconds)),
                    $0.note ?? Phrase(Figures.none),
                ]
            })
    }

    public func content(_ pen: Pen) -> String {
        let names = min(150, (phases.map { TextWidth.of($0.name, size: 12) }.max() ?? 0) + 4)
        let (left, right) = (names + 10, Self.width - 24)
        let bottom = Double(phases.count) * Self.row + 8
        let scale = Scale(
            phases.flatMap { [$0.start, $0.start + $0.seconds] }, count: 7, includesZero: true, format: .seconds)
        func place(_ value: Double) -> Double { left + scale.place(value) * (right - left) }
        var result = ""
        for tick in scale.ticks {
            result += pen.line("grid", place(tick), 0, place(tick), bottom)
            result += pen.text("muted", place(tick), bottom + 17, Phrase(scale.label(tick)), anchor: .middle)
        }
        for (index, phase) in phases.enumerated() {
            let y = Double(index) * Self.row + 4
            let (x1, x2) = (place(phase.start), max(place(phase.start + phase.seconds), place(phase.start) + 1.5))
            let time = Phrase(Figures.seconds(phase.seconds))
            let says = phase.note.map { time + " · " + $0 } ?? time
            result += pen.text("", names, y + 16, TextWidth.fit(phase.name, names, size: 12), anchor: .end)
            result += pen.rectangle(
                ChartStyle.fill(0), x1, y + 3, x2 - x1, 16, round: 2, title: phase.name + ": " + says)
            result += note(pen, says, y: y + 16, from: x1, to: x2, left: left, right: right)
        }
        return result
    }

    /// After the bar, before it or upon it, where it fits; cut where there is most room.
    private func note(
        _ pen: Pen, _ phrase: Phrase, y: Double, from x1: Double, to x2: Double, left: Double, right: Double
    )
        -> String
    {
        let needed = TextWidth.of(phrase, size: 12) + 6
        if x2 + needed <= right + 20 { return pen.text("muted", x2 + 6, y, phrase) }
        if x1 - needed >= left { return pen.text("muted", x1 - 6, y, phrase, anchor: .end) }
        let rooms = [x2 - x1 - 12, right + 14 - x2, x1 - left - 6]
        if rooms[0] < needed, rooms[1] > rooms[0], rooms[1] >= rooms[2] {
            return pen.text("muted", x2 + 6, y, TextWidth.fit(phrase, rooms[1], size: 12))
        }
        if rooms[0] < needed, rooms[2] > rooms[0] {
            return pen.text("muted", x1 - 6, y, TextWidth.fit(phrase, rooms[2], size: 12), anchor: .end)
        }
        let cut = TextWidth.fit(phrase, rooms[0], size: 12)
        return pen.text("ground", x1 + 6, y, cut)
    }
}
