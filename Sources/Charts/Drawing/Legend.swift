/// Names of series beside their marks, in as many rows as they need.
struct Legend {
    enum Mark {
        case line(Int)
        case marker(Int)
        case lineAndMarker(Int)
        case bar(Int)
        case reference
    }

    private let places: [(x: Double, row: Int, mark: Mark, name: Phrase)]
    let height: Double

    /// - Parameter width: of the whole; longer names are cut.
    init(_ entries: [(mark: Mark, name: Phrase)], width: Double) {
        var places: [(Double, Int, Mark, Phrase)] = []
        var x = 0.0
        var row = 0
        for entry in entries {
            let name = TextWidth.fit(entry.name, width - 30, size: 12)
            let needed = 28 + TextWidth.of(name, size: 12)
            if x > 0, x + needed > width { (x, row) = (0, row + 1) }
            places.append((x, row, entry.mark, name))
            x += needed + 14
        }
        self.places = places.map { (x: $0.0, row: $0.1, mark: $0.2, name: $0.3) }
        height = entries.isEmpty ? 0 : Double(row + 1) * 18 + 6
    }

    /// - Parameters:
    ///   - x: left end.
    ///   - y: upper end.
    func content(_ pen: Pen, x left: Double, y top: Double) -> String {
        places.map { place in
            let x = left + place.x
            let y = top + Double(place.row) * 18 + 9
            let mark =
                switch place.mark {
                case .line(let index):
                    pen.line("line " + ChartStyle.stroke(index), x, y, x + 22, y, dash: ChartStyle.dash(index))
                case .marker(let index): pen.marker(index, x + 11, y)
                case .lineAndMarker(let index):
                    pen.line("line " + ChartStyle.stroke(index), x, y, x + 22, y, dash: ChartStyle.dash(index))
                        + pen.marker(index, x + 11, y)
                case .bar(let index): pen.bar(index, x + 4, y - 6, 14, 12, title: place.name)
                case .reference: pen.line("reference", x, y, x + 22, y)
                }
            return mark + pen.text("", x + 28, y + 4, place.name)
        }.joined()
    }
}
