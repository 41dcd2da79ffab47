/// Two axes with their ticks, and the plane between them.
struct Frame {
    let x: Scale?
    let y: Scale
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    private let names: (x: Phrase?, y: Phrase?)

    /// - Parameters:
    ///   - x: nil leaves the axis to the chart (of bars).
    ///   - top: what is kept free above, for the legend.
    init(
        x: Scale?, y: Scale, names: (x: Phrase?, y: Phrase?), width: Double, height: Double, top: Double,
        below: Double = 18
    ) {
        self.x = x
        self.y = y
        self.names = names
        let labels = y.ticks.map { TextWidth.of(y.label($0), size: 12) }.max() ?? 0
        left = labels + 10 + (names.y == nil ? 0 : 18)
        // Half of the last label may stand out.
        right =
            width
            - max(
                10,
                (x.flatMap { scale in scale.ticks.last.map(scale.label) })
                    .map { TextWidth.of($0, size: 12) / 2 + 2 } ?? 0)
        self.top = top + 8
        bottom = height - below - (names.x == nil ? 0 : 18)
    }

    func placeX(_ value: Double) -> Double { left + (x?.place(value) ?? 0) * (right - left) }
    func placeY(_ value: Double) -> Double { bottom - y.place(value) * (bottom - top) }

    /// Grid, labels and names of the axes.
    func content(_ pen: Pen) -> String {
        var result = ""
        for tick in y.ticks {
            let place = placeY(tick)
            result += pen.line(tick == 0 ? "axis" : "grid", left, place, right, place)
            result += pen.text("muted", left - 6, place + 4, Phrase(y.label(tick)), anchor: .end)
        }
        if let x {
            var free = -Double.infinity
            for tick in x.ticks {
                let place = placeX(tick)
                result += pen.line("grid", place, top, place, bottom)
                let half = TextWidth.of(x.label(tick), size: 12) / 2
                guard place - half > free else { continue }
                free = place + half + 4
                result += pen.text("muted", place, bottom + 16, Phrase(x.label(tick)), anchor: .middle)
            }
        }
        if let name = names.x {
            result += pen.text(
                "muted", (left + right) / 2, bottom + 34, TextWidth.fit(name, right - left, size: 12), anchor: .middle)
        }
        if let name = names.y {
            result += pen.text(
                "muted", 12, (top + bottom) / 2, TextWidth.fit(name, bottom - top, size: 12), anchor: .middle,
                turned: true)
        }
        return result
    }
}
