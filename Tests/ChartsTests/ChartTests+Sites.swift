@testable import Charts

extension ChartTests {
    /// Charts of sites, machines and jobs with a text in every place.
    static func ofSites(_ name: Phrase) -> [any Chart] {
        let axis = PlotChart.Axis(name, .percent)
        let points = (0..<20).map {
            TimeChart.Point(time: 1.8e9 + Double($0) * 900, value: $0 == 7 ? nil : Double($0) / 20)
        }
        return [
            GaugeChart(name, summary: name, used: 3e9, requested: 5e9, total: 16e9, format: .bytes),
            MeterBar(name, summary: name, used: 4, hard: 5), MeterBar(name, summary: name, used: 4, hard: nil),
            Sparkline(name, summary: name, points: points, value: axis),
            TimeChart(
                name, summary: name, value: axis, series: [.init(name, points), .init(name, points)],
                limits: [.init(name, 0.9)]),
            HistogramChart(
                name, summary: name, value: axis, count: axis,
                bins: (0..<9).map { .init(from: Double($0), to: Double($0 + 1), count: Double($0 * 3)) }, missing: 4),
            GraphDiagram(
                name, summary: name, item: name,
                nodes: (0..<15).map { index in
                    .init(
                        name, tone: ChartTone.allCases[index % 5], state: name, detail: name,
                        after: index > 0 ? [index / 2, index - 1] : [])
                }),
            LaneChart(
                name, summary: name, party: name,
                lanes: (0..<3).map { lane in
                    .init(
                        name,
                        ChartTone.allCases.map { tone in
                            .init(
                                name, tone: tone, state: name, start: Double(tone.rawValue * 10),
                                end: tone == .bad ? nil : Double(tone.rawValue * 10 + 8),
                                waitsFor: tone == .waiting ? (lane + 1) % 3 : nil)
                        })
                }, now: 60),
            RouteMap(
                name, summary: name, site: name,
                peers: ChartTone.allCases.map { .init(name, tone: $0, state: name, route: name, detail: name) }),
        ]
    }

    static var emptyOfSites: [any Chart] {
        let axis = PlotChart.Axis("x")
        return [
            GaugeChart("t", summary: "s", used: .nan, requested: .infinity, total: -1),
            GaugeChart("t", summary: "s", used: 1e300, requested: 1e300, total: 1e-300),
            MeterBar("t", summary: "s", used: .nan, hard: .nan), MeterBar("t", summary: "s", used: 1, hard: 0),
            Sparkline("t", summary: "s", points: [], value: axis),
            Sparkline(
                "t", summary: "s", points: [.init(time: .nan, value: 1), .init(time: 1, value: .nan)], value: axis),
            TimeChart("t", summary: "s", value: axis, series: []),
            TimeChart("t", summary: "s", value: axis, series: [.init("a", [.init(time: 1e300, value: 1e300)])]),
            HistogramChart("t", summary: "s", value: axis, bins: []),
            HistogramChart(
                "t", summary: "s", value: axis,
                bins: [.init(from: .nan, to: 1, count: 1), .init(from: 2, to: 2, count: .nan)],
                missing: .nan), GraphDiagram("t", summary: "s", item: "i", nodes: []),
            LaneChart("t", summary: "s", lanes: [], now: .nan),
            LaneChart(
                "t", summary: "s",
                lanes: [.init("a", [.init("b", tone: .bad, state: "c", start: .nan, end: -.infinity, waitsFor: 0)])],
                now: .infinity), RouteMap("t", summary: "s", site: "a", peers: []),
        ]
    }
}
