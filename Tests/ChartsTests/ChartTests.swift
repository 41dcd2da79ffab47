import Foundation
import Testing

@testable import Charts

/// What every kind of chart must do.
@Suite struct ChartTests {
    private static let hostile = "</script><img src=x onerror=\"y\">&' " + String(repeating: "long信", count: 300)

    static let pen = Pen(id: "c", language: .both)

    private static func charts(_ text: String) -> [any Chart] {
        let name = Phrase(text, chinese: text + "中")
        let axis = PlotChart.Axis(name, .percent)
        let points = (0..<20).map { PlotChart.Point(x: Double($0) / 20, y: Double($0 * $0) / 400) }
        let marks: [PlotChart.Mark] = [.line, .lineWithMarkers, .markers, .steps, .area, .line, .markers]
        return [
            PlotChart(
                name, summary: name, x: axis, y: axis,
                series: marks.map { .init(name, $0, points: points, band: points.map { ($0.y - 0.1)...($0.y + 0.1) }) },
                references: [.init(name, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))]),
            BarChart(
                name, summary: name, category: name, categories: (0..<12).map { Phrase("\($0)" + text) }, value: axis,
                series: (0..<7).map { series in .init(name, (0..<12).map { Double($0 - series) }) },
                reference: (name, 1)),
            BarChart(
                name, summary: name, category: name, categories: [name, name], value: axis,
                series: [.init(name, [1, -2]), .init(name, [nil, -3])], isStacked: true),
            RankChart(
                name, summary: name, item: name, group: name, value: axis, groups: [name, name],
                bars: (0..<9).map { .init(name, group: $0 % 2, value: Double($0)) }),
            IntervalChart(
                name, summary: name, item: name, value: axis,
                rows: [.init(name, 0.7, interval: 0.6...0.8), .init(name, 0.75)]),
            WaterfallChart(
                name, summary: name,
                phases: (0..<8).map { .init(name, start: Double($0) * 10, seconds: $0 == 6 ? 70 : 9, note: name) }),
            TreeDiagram(
                name, summary: name, groups: [name, name],
                nodes: (0..<15).map { index in
                    .init(
                        name, detail: name, group: index % 2, children: index < 7 ? [2 * index + 1, 2 * index + 2] : [])
                }),
        ] + ofSites(name)
    }

    /// Without anything to draw, and with numbers that are none.
    private static var empty: [any Chart] {
        let axis = PlotChart.Axis("x")
        let bad = [PlotChart.Point(x: .nan, y: 1), .init(x: 1, y: .infinity)]
        return [
            PlotChart("t", summary: "s", x: axis, y: axis, series: []),
            PlotChart("t", summary: "s", x: axis, y: axis, series: [.init("a", .area, points: bad, band: [0...1])]),
            BarChart("t", summary: "s", category: "c", categories: [], value: axis, series: []),
            BarChart("t", summary: "s", category: "c", categories: ["a"], value: axis, series: [.init("b", [.nan])]),
            RankChart(
                "t", summary: "s", item: "i", group: "g", value: axis, groups: ["g"],
                bars: [.init("a", group: 5, value: 1), .init("a", group: 0, value: .nan)]),
            IntervalChart("t", summary: "s", item: "i", value: axis, rows: [.init("a", .nan)]),
            WaterfallChart("t", summary: "s", phases: [.init("a", start: .nan, seconds: -.infinity)]),
            WaterfallChart("t", summary: "s", phases: []), TreeDiagram("t", summary: "s", groups: [], nodes: []),
        ] + emptyOfSites
    }

    @Test func everyChartIsNamedAndHasATable() throws {
        for (index, chart) in Self.charts("name").enumerated() {
            let figure = chart.figure(id: "c\(index)")
            #expect(figure.contains("role=\"img\"") && figure.contains("aria-labelledby=\"c\(index)-title\""))
            #expect(figure.contains("<title id=\"c\(index)-title\" data-zh=\"name中\">name</title>"))
            #expect(figure.contains("<desc id=\"c\(index)-desc\""))
            #expect(figure.contains("<details class=\"chart-data\">") && !chart.table.rows.isEmpty)
            #expect(chart.table.rows.allSatisfy { $0.count == chart.table.columns.count })
        }
    }

    @Test func everyChartIsWellFormedWhateverItIsGiven() throws {
        for (index, chart) in (Self.charts("name") + Self.charts(Self.hostile) + Self.empty).enumerated() {
            let figure = chart.figure(id: "c\(index)")
            #expect(!figure.contains("<script") && !figure.contains("<img") && !figure.contains("</script"))
            #expect(!figure.contains("nan") && !figure.contains("inf\""))
            try Self.expectWellFormed(figure)
        }
    }

    @Test func theSameChartIsTheSameText() {
        for (one, other) in zip(Self.charts("name"), Self.charts("name")) {
            #expect(one.figure(id: "c") == other.figure(id: "c"))
        }
    }

    @Test func textsStayWithinThePicture() throws {
        for chart in Self.charts(Self.hostile) + Self.charts("name") {
            let (width, height) = chart.size
            for text in chart.content(Self.pen).matches(of: /<text x="([-\d.]+)" y="([-\d.]+)"([^>]*)>([^<]*)</) {
                let (x, y) = (try #require(Double(text.1)), try #require(Double(text.2)))
                let isTurned = text.3.contains("rotate")
                let length = TextWidth.of(
                    String(text.4).replacing("&amp;", with: "&").replacing("&#39;", with: "'")
                        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\""),
                    size: text.3.contains("small") ? 10.5 : text.3.contains("large") ? 28 : 12)
                let share = text.3.contains("middle") ? 0.5 : text.3.contains("end") ? 1 : 0
                let (begin, end) =
                    isTurned ? (y - length / 2, y + length / 2) : (x - length * share, x + length * (1 - share))
                let type = type(of: chart)
                #expect(begin >= -2 && end <= (isTurned ? height : width) + 2, "\(type) \(text.4)")
                #expect((0...height).contains(y), "\(type)")
            }
        }
    }

    /// In grey, too: no two of the series that are told apart have the same dash, shape or hatching.
    @Test func seriesDifferByMoreThanColour() {
        let count = ChartStyle.count
        #expect(Set((0..<count).map { ChartStyle.dash($0) ?? "" }).count == count)
        let grey = (0..<count).map { Self.pen.marker($0, 0, 0).replacing(/[cf]\d"/, with: "\"") }
        #expect(Set(grey).count == count)
        let hatchings = (0..<count).map { Self.pen.hatching($0).replacing(/c-hatch-\d/, with: "") }
        #expect(Set(hatchings).count == count)
    }

    @Test func aTreeWithLinksThatLeadNowhereIsDrawnAsFarAsItGoes() throws {
        let nodes: [TreeDiagram.Node] = [
            .init("0", detail: "", group: 0, children: [1, 1, 0, -4, 99, 2]),
            .init("1", detail: "", group: 7, children: [0, 2]),
            .init("2", detail: "", group: nil),
        ]
        let tree = TreeDiagram("t", summary: "s", groups: ["g"], nodes: nodes)
        #expect(tree.nodes.map(\.children) == [[1, 2], [], []])
        try Self.expectWellFormed(tree.figure(id: "c"))
    }

    @Test func aDeepTreeIsCutAndSaysHowMuch() {
        // A chain of 20,000 splits: neither the stack nor the picture may grow with it.
        let nodes = (0..<20_001).map { index in
            TreeDiagram.Node(Phrase("\(index)"), detail: "", group: 0, children: index < 20_000 ? [index + 1] : [])
        }
        let tree = TreeDiagram("t", summary: "s", groups: ["g"], nodes: nodes)
        #expect(tree.size.height < 700 && tree.size.width < 700)
        #expect(tree.content(Self.pen).contains("+ 19995") && tree.table.rows.count == 20_001)
    }

    @Test func stackedBarsStandUponEachOther() {
        let chart = BarChart(
            "t", summary: "s", category: "c", categories: ["a"], value: .init("v"),
            series: [.init("one", [3]), .init("two", [2])], isStacked: true)
        let bars = chart.content(Self.pen).matches(
            of: /class="f(\d)" x="[\d.]+" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/
        )
        .compactMap { bar in Double(bar.2).flatMap { y in Double(bar.4).map { (y: y, height: $0) } } }.suffix(2)
        let (below, above) = (bars.first, bars.last)
        #expect(abs((above?.y ?? 0) + (above?.height ?? 0) - (below?.y ?? 0)) < 0.02)
        #expect(abs((below?.height ?? 0) / (above?.height ?? 1) - 1.5) < 0.01)
    }

    @Test func theStyleAsksForNothing() {
        #expect(
            !ChartStyle.css.contains("http") && !ChartStyle.css.contains("url(") && !ChartStyle.css.contains("@import"))
        for index in 1...ChartStyle.count {
            // Light, dark by the system, dark by the page.
            #expect(ChartStyle.css.components(separatedBy: "--chart-\(index):").count == 4)
        }
    }

    /// A page under `style-src 'self'` shows them as they are.
    @Test func nothingHasAStyleOfItsOwn() {
        for (index, chart) in (Self.charts("name") + Self.empty).enumerated() {
            let figure = chart.figure(id: "c\(index)")
            #expect(!figure.contains(" style=") && !figure.contains("<style") && !figure.contains("var(--"))
            #expect(figure.firstMatch(of: /<svg class="chart[a-z -]*" [^>]*width="[\d.]+" height="[\d.]+"\s/) != nil)
        }
    }

    @Test func oneLanguageIsPlainText() {
        for (index, chart) in Self.charts("name").enumerated() {
            let english = chart.figure(id: "c\(index)", language: .english)
            let chinese = chart.figure(id: "c\(index)", language: .chinese)
            #expect(!english.contains("data-zh") && !chinese.contains("data-zh"))
            #expect(english.unicodeScalars.allSatisfy { !(0x4E00...0x9FFF).contains($0.value) })
            #expect(english.contains(">Data<") && chinese.contains(">数据<") && chinese.contains(">name中<"))
            // The same picture but for its words.
            #expect(english.count { $0 == "<" } == chinese.count { $0 == "<" })
            let both = chart.figure(id: "c\(index)")
            #expect(both.replacing(/\sdata-zh="[^"]*"/, with: "") == english)
        }
    }

    /// Every element that begins ends, in order, and every attribute is quoted.
    static func expectWellFormed(_ markup: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var open: [Substring] = []
        var covered = 0
        let tag = /<(\/?)([a-z][a-zA-Z0-9]*)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(\/?)>/
        for match in markup.matches(of: tag) {
            covered += 1
            if !match.1.isEmpty {
                #expect(open.popLast() == match.2, sourceLocation: sourceLocation)
            } else if match.4.isEmpty {
                open.append(match.2)
            }
        }
        #expect(open.isEmpty && covered == markup.count { $0 == "<" }, sourceLocation: sourceLocation)
    }
}
