/// How much of a limit is used, as a lying bar with the numbers and a word.
public struct MeterBar: Chart, Hashable {
    public var title: Phrase
    public var summary: Phrase
    /// Not below zero.
    public var used: Double
    /// Nil where there is no limit.
    public var hard: Double?
    public var format: ValueFormat

    public init(_ title: Phrase, summary: Phrase, used: Double, hard: Double?, format: ValueFormat = .number) {
        self.title = title
        self.summary = summary
        self.used = used.isFinite ? max(0, used) : .nan
        self.hard = hard.flatMap { $0.isFinite ? max(0, $0) : nil }
        self.format = format
    }

    public var size: (width: Double, height: Double) { (280, 44) }

    /// Of the limit; a limit of zero is full.
    public var share: Double? {
        guard let hard, used.isFinite else { return nil }
        return hard > 0 ? used / hard : 1
    }

    public var tone: ChartTone { GaugeChart.tone(share, near: 0.8, full: 1) }

    public var table: ChartTable {
        ChartTable(
            columns: [title, Phrase("Amount", chinese: "数量")],
            rows: [
                [Phrase("Used", chinese: "已用"), Phrase(format.text(used))],
                [
                    Phrase("Limit", chinese: "上限"),
                    hard.map { Phrase(format.text($0)) } ?? Phrase("none", chinese: "无"),
                ],
            ])
    }

    public func content(_ pen: Pen) -> String {
        let amount = Phrase(format.text(used))
        let amounts =
            hard.map { Phrase("{0} of {1}", chinese: "{0} / {1}").filled(amount, Phrase(format.text($0))) } ?? amount
        let word: Phrase =
            switch tone {
            case .bad: Phrase("at the limit", chinese: "达到上限")
            case .waiting: Phrase("near the limit", chinese: "接近上限")
            case .good, .active: Phrase("within the limit", chinese: "未超限")
            case .neutral: hard == nil ? Phrase("no limit", chinese: "无上限") : Phrase("unknown", chinese: "未知")
            }
        let room = TextWidth.of(word, size: 10.5) + 20
        var result = pen.text("", 0, 14, TextWidth.fit(amounts, 280 - room, size: 12))
        result += pen.state(tone, word, 280 - room + 2, 14, room: room)
        result += pen.hatchings(ChartStyle.count) + pen.rectangle("track", 0, 24, 280, 12, round: 2)
        if let share {
            let says = amounts + ", " + word
            result += pen.bar(tone.series, 0, 24, max(1, min(1, share) * 280), 12, title: says)
        }
        return result
    }
}
