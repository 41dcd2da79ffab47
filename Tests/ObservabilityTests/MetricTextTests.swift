import CoreMetrics
import Testing

@testable import Observability

@Suite struct MetricTextTests {
    @Test(arguments: [
        ("http.server.requests", "http_server_requests"), ("GRDBWrites", "grdbwrites"), ("queueDepth", "queue_depth"),
        ("9lives", "_9lives"), ("", "_"), ("a-b c/d", "a_b_c_d"), ("größe", "gr____e"),
    ])
    func namesAreCleaned(label: String, name: String) {
        #expect(MetricName.snakeCase(label) == name)
    }

    @Test(arguments: [("le", "label_le"), ("quantile", "label_quantile"), ("__name__", "_name__"), ("a.b", "a_b")])
    func labelNamesKeepClearOfReservedOnes(label: String, name: String) {
        #expect(MetricName.label(label) == name)
    }

    @Test func suffixesAreNotDoubled() {
        #expect(MetricName.family("jobs_total", .counter) == "jobs_total")
        #expect(MetricName.timer("wait.seconds") == "wait.seconds")
        #expect(MetricName.timer("wait") == "wait_seconds")
    }

    @Test func controlsInNamesAreCleaned() {
        #expect(MetricName.snakeCase("line\nbreak\u{1B}") == "line_break_")
    }

    @Test func labelValuesAreEscaped() {
        let labels = LabelSet([("path", "a\\b\"c\nd"), ("städte", "München")])
        #expect(labels.text == #"path="a\\b\"c\nd",st__dte="München""#)
    }

    @Test func ofTwoLabelsWithOneNameTheFirstStays() {
        #expect(LabelSet([("a.b", "1"), ("a_b", "2")]).text == #"a_b="1""#)
    }

    @Test(
        arguments: [
            (0.0, "0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
            (1e300, "1e+300"), (9_007_199_254_740_991, "9007199254740991"),
        ] as [(Double, String)])
    func numbersAreWritten(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    @Test func helpIsEscaped() throws {
        let registry = MetricsRegistry()
        try registry.describe("a", help: "one\ntwo \\ \"three\"")
        registry.makeMeter(label: "a", dimensions: []).set(Int64(1))
        #expect(registry.render().hasPrefix("# HELP a one\\ntwo \\\\ \"three\"\n"))
    }

    @Test func theStatusLineSurvivesAnyCommandName() throws {
        let tail = (4...24).map { String($0 * 10) }.joined(separator: " ")
        let status = try #require(ProcessStatus("77 (a) b (c)) R \(tail) 0 0"))
        #expect(status.cpuTicks == 290)
        #expect(status.startTicks == 220)
        #expect(status.virtualBytes == 230)
        #expect(status.residentPages == 240)
        #expect(ProcessStatus("77 (a) R 1 2 3") == nil)
        #expect(ProcessStatus("") == nil)
    }

    @Test func bootTimeIsFound() {
        #expect(ProcessFigures.bootTime("cpu 1 2\nbtime 1700000000\nprocesses 3") == 1_700_000_000)
        #expect(ProcessFigures.bootTime("cpu 1 2\n") == nil)
    }
}
