/// How a state is to be taken. Each tone has a colour, a dash, a hatching and an icon of its own; the word that stands beside
/// it is the chart's.
public enum ChartTone: Int, Sendable, Hashable, CaseIterable {
    /// Not begun, left out, unknown.
    case neutral
    /// For someone or something.
    case waiting
    case active
    case good
    case bad

    /// The series whose colour and hatching it has.
    var series: Int {
        switch self {
        case .neutral: 5
        case .waiting: 4
        case .active: 0
        case .good: 2
        case .bad: 1
        }
    }

    var dash: String? {
        switch self {
        case .good, .active: nil
        case .waiting: "6 3"
        case .neutral: "2 3"
        case .bad: "9 3 2 3"
        }
    }
}

extension Pen {
    /// 12 units wide and high around its middle.
    func icon(_ tone: ChartTone, _ x: Double, _ y: Double) -> String {
        let line = "icon " + ChartStyle.stroke(tone.series)
        switch tone {
        case .neutral: return path(line, "M\(at(x - 4)) \(at(y))h8")
        case .waiting:
            return path(
                line,
                "M\(at(x - 5)) \(at(y))a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M\(at(x)) \(at(y - 3))v3h2.5")
        case .active: return path(ChartStyle.fill(tone.series), "M\(at(x - 3.5)) \(at(y - 5))l9 5l-9 5z")
        case .good: return path(line, "M\(at(x - 4.5)) \(at(y))l3 3.5l6 -7")
        case .bad: return path(line, "M\(at(x - 4)) \(at(y - 4))l8 8m0 -8l-8 8")
        }
    }

    /// The icon and the word, from the left; the word is cut to the room.
    func state(_ tone: ChartTone, _ word: Phrase, _ x: Double, _ y: Double, room: Double) -> String {
        icon(tone, x + 6, y - 4)
            + text("small", x + 16, y, TextWidth.fit(word, max(0, room - 16), size: 10.5))
    }

    /// The point of an arrow that ends at a place.
    func arrowhead(_ class: String, _ x: Double, _ y: Double, isUpwards: Bool = false) -> String {
        path(`class`, "M\(at(x)) \(at(y))l-4 \(isUpwards ? 7 : -7)h8z")
    }
}
