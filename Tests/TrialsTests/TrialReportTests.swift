import Faults
import Resources
import Testing

@testable import Trials

/// Figures by name and what is expected of them.
@Suite struct TrialReportTests {
    private var report: TrialReport {
        var report = TrialReport("t")
        report.phases = [.init(phase: .deploy, start: 0, seconds: 1.5), .init(phase: .measure, start: 0, seconds: 2.5)]
        report.sites = [
            .init(name: "a", figures: ["disk.write": 5e6]), .init(name: "b", figures: ["disk.write": 4e6]),
        ]
        report.pairs = [
            .init(
                from: "a", to: "b", figures: ["round_trip_p50": 0.001, "bandwidth_out": 9, "bandwidth_in": 7]),
            .init(
                from: "b", to: "a", figures: ["round_trip_p50": 0.003, "bandwidth_out": 8, "bandwidth_in": 10]),
        ]
        report.actual = 4
        report.predicted = 3
        return report
    }

    @Test func theWorstOfEachFigureHasTheShortName() {
        let figures = report.figures
        #expect(figures["seconds"] == 4 && figures["seconds.deploy"] == 1.5)
        #expect(figures["b.disk.write"] == 4e6 && figures["disk.write"] == 4e6)
        #expect(figures["round_trip_p50"] == 0.003 && figures["a.b.round_trip_p50"] == 0.001)
        #expect(figures["bandwidth_out"] == 8 && figures["bandwidth"] == 7)
        #expect(figures["predicted_over_actual"] == 0.75)
    }

    @Test func expectationsHoldAtTheirBounds() throws {
        let figures = report.figures
        for text in ["seconds <= 4", "seconds >= 4", "predicted_over_actual in 0.7..1.4", "disk.write >= 4e6"] {
            #expect(try Expectation(text, at: "x").check(figures) == nil, "\(text)")
        }
        for text in ["seconds <= 3.9", "seconds >= 4.1", "predicted_over_actual in 0.8..1.4"] {
            #expect(try Expectation(text, at: "x").check(figures) == Fault(TrialFaults.notHeld), "\(text)")
        }
        let missing = try Expectation("bandwith >= 1", at: "x").check(figures)
        #expect(missing == Fault(TrialFaults.notHeld) && missing?.wanted?.contains("bandwidth") == true)
    }

    @Test func theFirstThingThatIsWrongIsTheFailure() {
        var report = report
        #expect(report.failure == nil && report.json["held"] == true)
        report.expectations = [("x", nil), ("y", Fault(TrialFaults.notHeld))]
        #expect(report.failure == Fault(TrialFaults.notHeld) && report.json["held"] == false)
        #expect(report.json["failure"]?["number"] == "ATL-7009")
        report.fault = Fault(TrialFaults.interrupted)
        #expect(report.failure == Fault(TrialFaults.interrupted))
    }
}
