import CoreMetrics
import Faults
import Testing

@testable import Observability

@Suite struct MetricsRegistryTests {
    let registry = MetricsRegistry()

    @Test func countersAddUpAndEndInTotal() {
        let counter = Counter(label: "http.requests", dimensions: [("method", "GET")], factory: registry)
        counter.increment()
        counter.increment(by: 4)
        #expect(
            lines("http_requests") == [
                "# HELP http_requests_total Count of http.requests",
                "# TYPE http_requests_total counter",
                #"http_requests_total{method="GET"} 5"#,
            ])
        counter.reset()
        #expect(lines("http_requests").last == #"http_requests_total{method="GET"} 0"#)
    }

    @Test func countersNeverFall() {
        let whole = registry.makeCounter(label: "a", dimensions: [])
        whole.increment(by: 3)
        whole.increment(by: -2)
        let broken = registry.makeFloatingPointCounter(label: "b", dimensions: [])
        for amount in [1.5, -1, .nan, .infinity] {
            broken.increment(by: amount)
        }
        #expect(lines("a_total").last == "a_total 3")
        #expect(lines("b_total").last == "b_total 1.5")
    }

    @Test func aFullCounterStaysFull() {
        let counter = registry.makeCounter(label: "bytes", dimensions: [])
        counter.increment(by: .max)
        counter.increment(by: 1)
        #expect(lines("bytes_total").last == "bytes_total 9223372036854775807")
    }

    @Test func gaugesKeepTheLastValue() {
        let meter = Meter(label: "queue.depth", factory: registry)
        meter.set(7)
        meter.increment(by: 2.5)
        meter.decrement()
        let gauge = Gauge(label: "load", factory: registry)
        gauge.record(1.25)
        #expect(lines("queue_depth").suffix(2) == ["# TYPE queue_depth gauge", "queue_depth 8.5"])
        #expect(lines("load").suffix(2) == ["# TYPE load gauge", "load 1.25"])
    }

    @Test func timersAreHistogramsInSecondsWithSummedBuckets() throws {
        try registry.describe("wait", help: "Time in the queue", buckets: [0.5, 1, 2])
        let timer = Timer(label: "wait", factory: registry)
        for milliseconds in [500, 501, 1_500, 9_000] {
            timer.recordMilliseconds(milliseconds)
        }
        timer.recordNanoseconds(Int64(-5))
        #expect(
            lines("wait_seconds") == [
                "# HELP wait_seconds Time in the queue",
                "# TYPE wait_seconds histogram",
                #"wait_seconds_bucket{le="0.5"} 2"#,
                #"wait_seconds_bucket{le="1"} 3"#,
                #"wait_seconds_bucket{le="2"} 4"#,
                #"wait_seconds_bucket{le="+Inf"} 5"#,
                "wait_seconds_sum 11.501",
                "wait_seconds_count 5",
            ])
    }

    @Test func recordersLeaveOutWhatIsNotANumber() {
        let recorder = Recorder(label: "rows", factory: registry)
        recorder.record(10)
        recorder.record(Double.nan)
        recorder.record(Double.infinity)
        #expect(lines("rows").suffix(2) == ["rows_sum 10", "rows_count 1"])
        #expect(lines("rows").contains(#"rows_bucket{le="10"} 1"#))
        #expect(lines("rows").contains(#"rows_bucket{le="1"} 0"#))
    }

    @Test(arguments: [[], [1, 1], [2, 1], [.infinity], [.nan]] as [[Double]])
    func bucketsThatDoNotRiseAreRefused(buckets: [Double]) {
        #expect(throws: Fault(ObservabilityFaults.badBuckets)) {
            try registry.describe("x", help: "", buckets: buckets)
        }
    }

    @Test func oneLabelSetIsOneSeriesInWhateverOrder() {
        registry.makeCounter(label: "a", dimensions: [("x", "1"), ("y", "2")]).increment(by: 1)
        registry.makeCounter(label: "a", dimensions: [("y", "2"), ("x", "1")]).increment(by: 1)
        #expect(lines("a_total").last == #"a_total{x="1",y="2"} 2"#)
    }

    @Test func labelSetsBeyondTheLimitAreDroppedAndCounted() {
        let registry = MetricsRegistry(seriesLimit: 2)
        for value in ["a", "b", "c", "d", "a"] {
            registry.makeCounter(label: "n", dimensions: [("v", value)]).increment(by: 1)
        }
        #expect(lines("n_total", in: registry).suffix(2) == [#"n_total{v="a"} 2"#, #"n_total{v="b"} 1"#])
        #expect(lines("atoll_metrics_refused", in: registry).last == refused("n_total", "labels", 2))
    }

    @Test func namesBeyondTheLimitAreDroppedAndCounted() {
        let registry = MetricsRegistry(familyLimit: 1)
        registry.makeMeter(label: "first", dimensions: []).set(Int64(1))
        registry.makeMeter(label: "second", dimensions: []).set(Int64(1))
        #expect(lines("second", in: registry).isEmpty)
        #expect(lines("atoll_metrics_refused", in: registry).last == refused("other", "families", 1))
    }

    @Test func aNameKeepsItsKind() {
        registry.makeMeter(label: "n_total", dimensions: []).set(Int64(1))
        registry.makeCounter(label: "n", dimensions: []).increment(by: 5)
        #expect(lines("n_total").last == "n_total 1")
        #expect(lines("atoll_metrics_refused").last == refused("n_total", "kind", 1))
    }

    @Test(arguments: [("wait_seconds_count", "wait"), ("process_open_fds", "")])
    func noNameIsPrintedTwice(name: String, timer: String) {
        if !timer.isEmpty { Timer(label: timer, factory: registry).recordSeconds(1) }
        registry.makeMeter(label: name, dimensions: []).set(Int64(99))
        #expect(!registry.render().contains("\(name) 99"))
        #expect(lines("atoll_metrics_refused").last == refused(name, "name", 1))
    }

    @Test func destroyedSeriesMakeRoom() {
        let registry = MetricsRegistry(seriesLimit: 1)
        let first = Counter(label: "n", dimensions: [("v", "a")], factory: registry)
        first.increment()
        first.destroy()
        #expect(lines("n_total", in: registry).isEmpty)
        Counter(label: "n", dimensions: [("v", "b")], factory: registry).increment()
        #expect(lines("n_total", in: registry).last == #"n_total{v="b"} 1"#)
    }

    @Test func nothingIsLostWhenManyRecordAtOnce() async {
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { [registry] in
                    for step in 0..<2_000 {
                        let counter = Counter(label: "hits", dimensions: [("w", "\(worker % 2)")], factory: registry)
                        counter.increment()
                        Recorder(label: "sizes", factory: registry).record(step)
                        if step % 500 == 0 { _ = registry.render() }
                    }
                }
            }
        }
        #expect(lines("hits_total").suffix(2) == [#"hits_total{w="0"} 8000"#, #"hits_total{w="1"} 8000"#])
        #expect(lines("sizes").suffix(2) == ["sizes_sum 15992000", "sizes_count 16000"])
        #expect(lines("sizes").contains(#"sizes_bucket{le="1000"} 8008"#))
    }

    /// The lines of the families whose names start like that.
    private func lines(_ name: String, in other: MetricsRegistry? = nil) -> [String] {
        (other ?? registry).render().split(separator: "\n").map(String.init).filter {
            $0.hasPrefix(name) || $0.hasPrefix("# HELP \(name)") || $0.hasPrefix("# TYPE \(name)")
        }
    }

    private func refused(_ metric: String, _ reason: String, _ count: Int) -> String {
        #"atoll_metrics_refused_total{metric="\#(metric)",reason="\#(reason)"} \#(count)"#
    }
}
