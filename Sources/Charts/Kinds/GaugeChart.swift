/// How much of a whole is used, as a half circle with the numbers and a word.
public struct GaugeChart: Chart, Hashable {
    public var title: Phrase
    public var summary: Phrase
    /// Not below zero.
    public var used: Double
    /// What was promised to those who run, where it is not what they use.
    public var requested: Double?
    /// Above zero, or nothing can be said.
    public var total: Double
    public var format: ValueFormat
    /// From which shares on it is nearly full, and full.
    private let near: Double
    private let full: Double

    public init(
        _ title: Phrase, summary: Phrase, used: Double, requested: Double? = nil, total: Double,
        format: ValueFormat = .number, levels: (near: Double, full: Double) = (0.75, 0.9)
    ) {
        self.title = title
        self.summary = summary
        self.used = used.isFinite ? max(0, used) : .nan
        self.requested = requested.flatMap { $0.isFinite ? max(0, $0) : nil }
        self.total = total.isFinite && total > 0 ? total : .nan
        self.format = format
        (near, full) = levels
    }

    public var size: (width: Double, height: Double) { (200, requested == nil ? 152 : 170) }

    /// Of the whole; none where a number is missing.
    public var share: Double? { used.isFinite && total.isFinite ? used / total : nil }

    public var tone: ChartTone { Self.tone(share, near: near, full: full) }

    public var table: ChartTable {
        var rows = [[Phrase("Used", chinese: "已用"), Phrase(format.text(used))]]
        if let requested {
            rows.append([Phrase("Requested", chinese: "已申请"), Phrase(format.text(requested))])
        }
        rows += [
            [Phrase("Total", chinese: "总量"), Phrase(format.text(total))],
            [Phrase("Share", chinese: "占比"), Phrase(share.map { Figures.percent($0) } ?? Figures.none)],
        ]
        return ChartTable(columns: [title, Phrase("Amount", chinese: "数量")], rows: rows)
    }

    public func content(_ pen: Pen) -> String {
        let arc = "M20 100A80 80 0 0 1 180 100"
        func part(_ class: String, from: Double, length: Double) -> String {
            Markup.element(
                "path",
                [
                    ("class", `class`), ("d", arc), ("pathLength", "100"), ("stroke-dasharray", "\(at(length)) 200"),
                    ("stroke-dashoffset", at(-from)),
                ], nil)
        }
        var result = pen.path("gauge grid", arc)
        if let share {
            result += part(
                "gauge " + ChartStyle.stroke(tone.series), from: 0, length: max(0.8, min(1, share) * 100))
            if let requested {
                result += part("gauge mark", from: min(99, requested / total * 100), length: 1)
            }
            for level in [near, full] where level < 1 { result += part("gauge notch", from: level * 100, length: 0.4) }
        }
        result += pen.text(
            "strong large", 100, 88, Phrase(share.map { Figures.percent($0, 0) } ?? Figures.none), anchor: .middle)
        let amounts = Phrase("{0} of {1}", chinese: "{0} / {1}").filled(
            Phrase(format.text(used)), Phrase(format.text(total)))
        result += pen.text(
            "muted", 100, 122,
            share == nil ? Phrase("not measured", chinese: "未测得") : TextWidth.fit(amounts, 196, size: 12),
            anchor: .middle)
        if let requested {
            let says = Phrase("{0} requested", chinese: "已申请 {0}").filled(Phrase(format.text(requested)))
            result += pen.text("muted small", 100, 140, TextWidth.fit(says, 196, size: 10.5), anchor: .middle)
        }
        let word = Self.word(tone)
        let width = 16 + TextWidth.of(pen.language == .chinese ? word.inChinese : word.english, size: 10.5)
        return result + pen.state(tone, word, 100 - width / 2, size.height - 8, room: 196)
    }

    static func tone(_ share: Double?, near: Double, full: Double) -> ChartTone {
        guard let share else { return .neutral }
        return share >= full ? .bad : share >= near ? .waiting : .good
    }

    static func word(_ tone: ChartTone) -> Phrase {
        switch tone {
        case .bad: Phrase("full", chinese: "已满")
        case .waiting: Phrase("nearly full", chinese: "接近上限")
        case .good, .active: Phrase("free", chinese: "充足")
        case .neutral: Phrase("unknown", chinese: "未知")
        }
    }
}
