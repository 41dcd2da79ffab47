import Foundation
import Testing

@testable import Charts

/// The charts of sites, machines and jobs.
@Suite struct SiteChartTests {
    @Test func aGaugeSaysItsShareAndAWord() {
        func gauge(_ used: Double, _ total: Double) -> GaugeChart {
            GaugeChart("Memory", summary: "s", used: used, requested: 12e9, total: total, format: .bytes)
        }
        let calm = gauge(4e9, 16e9)
        let drawn = calm.svg(id: "g", language: .english)
        #expect(drawn.contains(">25%<") && drawn.contains(">4.0 GB of 16.0 GB<") && drawn.contains(">free<"))
        #expect(drawn.contains(">12.0 GB requested<") && drawn.contains("stroke-dasharray=\"25 200\""))
        #expect([4e9, 12e9, 14.4e9, 99e9].map { gauge($0, 16e9).tone } == [.good, .waiting, .bad, .bad])
        // More than all of it is drawn as all of it, and said as it is.
        #expect(gauge(32e9, 16e9).svg(id: "g").contains("stroke-dasharray=\"100 200\""))
        #expect(gauge(32e9, 16e9).svg(id: "g").contains(">200%<"))
        for none in [gauge(.nan, 16e9), gauge(1, 0), gauge(1, -.infinity)] {
            #expect(none.tone == .neutral && none.svg(id: "g", language: .chinese).contains(">未测得<"))
        }
    }

    @Test func aMeterSaysHowNearItsLimitIs() {
        func meter(_ used: Double, _ hard: Double?) -> MeterBar {
            MeterBar("Jobs", summary: "s", used: used, hard: hard)
        }
        #expect(meter(3, 5).svg(id: "m", language: .english).contains(">3 of 5<"))
        #expect(meter(3, 5).svg(id: "m", language: .english).contains(">within the limit<"))
        #expect(meter(4, 5).svg(id: "m", language: .chinese).contains(">接近上限<"))
        #expect(meter(7, 5).svg(id: "m", language: .english).contains(">at the limit<"))
        #expect(meter(0, 0).tone == .bad && meter(7, nil).tone == .neutral)
        #expect(meter(7, nil).svg(id: "m", language: .english).contains(">no limit<"))
        let bar = meter(2, 8).svg(id: "m").firstMatch(of: /class="f3" x="0" y="24" width="([\d.]+)"/)
        #expect(bar?.1 == "70")
    }

    @Test func gapsOfTimeStayGaps() {
        let points = (0..<9).map { TimeChart.Point(time: Double($0) * 60, value: $0 == 4 ? nil : Double($0)) }
        let chart = TimeChart(
            "t", summary: "s", value: .init("v"), series: [.init("a", points)], limits: [.init("most", 9)])
        let drawn = chart.svg(id: "t")
        #expect(drawn.matches(of: /<path class="line c1"/).count == 2)
        #expect(drawn.contains("class=\"reference\"") && chart.table.rows.count == 9)
        #expect(chart.table.rows[4].last?.english == Figures.none)
        #expect(chart.table.rows[1].first?.english == "1970-01-01 00:01:00")
        let line = Sparkline("t", summary: "s", points: points, value: .init("v"))
        #expect(line.svg(id: "t").matches(of: /<path class="line c1"/).count == 2)
        // Only what is shown.
        let later = TimeChart(
            "t", summary: "s", value: .init("v"), series: [.init("a", points)], range: 120...240, offset: 3600)
        #expect(later.table.rows.map { $0[0].english.suffix(8) } == ["01:02:00", "01:03:00", "01:04:00"])
    }

    @Test func barsOfAHistogramAreAsWideAsTheirBins() throws {
        let chart = HistogramChart(
            "t", summary: "s", value: .init("v"),
            bins: [.init(from: 0, to: 10, count: 4), .init(from: 10, to: 40, count: 2)], missing: 1)
        let bars = chart.svg(id: "h").matches(
            of: /class="f\d" x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"/
        )
        .map { (width: Double($0.1) ?? 0, height: Double($0.2) ?? 0) }
        try #require(bars.count == 3)
        #expect(abs((bars[1].width + 1) / (bars[0].width + 1) - 3) < 0.01)
        #expect(abs(bars[0].height / bars[1].height - 2) < 0.01 && abs(bars[1].height / bars[2].height - 2) < 0.01)
        #expect(chart.table.rows.last?.first?.english == "missing")
    }

    @Test func lanesSayWhoWaitsForWhom() {
        let chart = LaneChart(
            "t", summary: "s",
            lanes: [
                .init("bank", [.init("train", tone: .active, state: "running", start: 0, end: nil)]),
                .init(
                    "telecom",
                    [.init("train", tone: .waiting, state: "waiting", start: 5, end: nil, waitsFor: 0)]),
                .init("other", [.init("train", tone: .waiting, state: "waiting", start: 5, end: 9, waitsFor: 7)]),
            ], now: 20)
        #expect(chart.table.rows.map { $0[5].english } == [Figures.none, "bank", Figures.none])
        #expect(chart.table.rows[0][4].english == "goes on" && chart.table.rows[2][4].english == "9.0 s")
        let drawn = chart.svg(id: "l", language: .english)
        #expect(drawn.contains(">telecom: train, waiting, waits for bank<"))
        #expect(drawn.matches(of: /class="head"/).count == 1)
        // What goes on ends now: all of the axis.
        let widths = drawn.matches(of: /class="f1" x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="20"/)
        #expect(widths.count == 1 && (Double(widths.first?.1 ?? "") ?? 0) > 500)
    }

    @Test func aMapDrawsManyPeersAndSaysHowManyMore() {
        func map(_ count: Int) -> RouteMap {
            RouteMap(
                "t", summary: "s", site: "bank",
                peers: (0..<count).map {
                    .init(Phrase("p\($0)"), tone: .good, state: "up", route: "direct", detail: "2 ms")
                })
        }
        #expect(map(5).svg(id: "r").matches(of: /class="line c3"/).count == 5)
        #expect(map(0).svg(id: "r").contains(">bank<"))
        let many = map(30)
        #expect(many.svg(id: "r").contains(">+ 6<") && many.table.rows.count == 30)
    }

    /// In grey, too.
    @Test func tonesDifferByMoreThanColour() {
        let icons = ChartTone.allCases.map { ChartTests.pen.icon($0, 0, 0).replacing(/[cf]\d"/, with: "\"") }
        #expect(Set(icons).count == ChartTone.allCases.count)
        #expect(Set(ChartTone.allCases.map(\.series)).count == ChartTone.allCases.count)
    }
}
