import CoreMetrics
import Logging
import MetricsTestKit
import Resources
import ResourcesTestKit
import ServiceLifecycle
import Testing

/// The figures and the log lines of a controller.
@Suite struct ControllerMetersTests {
    /// The process has one metrics system; everything made before this is not counted.
    private static let metrics: TestMetrics = {
        let metrics = TestMetrics()
        MetricsSystem.bootstrap(metrics)
        return metrics
    }()

    private struct Failing: Reconciler {
        struct Secret: Error {
            let text = "the-value"
        }
        let calls: Shared<Int>

        func reconcile(_ id: ResourceID) async throws -> Reconciliation {
            if calls.withLock({
                $0 += 1
                return $0
            }) <= 2 {
                throw Secret()
            }
            return .done
        }
    }

    @Test func figuresAreLabelledAndLogsCarryNoValues() async throws {
        let metrics = Self.metrics
        let store = MemoryResourceStore()
        _ = try await store.create(Sample.widget("a", spec: ["password": "the-value"]), by: Sample.note)
        let lines = Shared<[String]>([])
        var settings = ControllerSettings()
        settings.backoff = Backoff(least: .zero, first: .milliseconds(1), most: .milliseconds(2))
        let calls = Shared(0)
        let controller = Controller(
            "measured",
            store: store,
            sources: [.each("Widget")],
            reconciler: Failing(calls: calls),
            settings: settings,
            logger: Logger(label: "test") { _ in Collector(lines: lines) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await controller.run() }
            try await eventually(within: .seconds(120), "three calls") { calls.withLock { $0 } == 3 }
            try await eventually(within: .seconds(120), "three durations") {
                try metrics.expectTimer("controller.reconcile", [("controller", "measured")]).values.count == 3
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        let labels = [("controller", "measured")]
        #expect(try metrics.expectCounter("controller.reconciles", labels).totalValue == 3)
        #expect(try metrics.expectCounter("controller.errors", labels).totalValue == 2)
        #expect(try metrics.expectCounter("controller.lists", labels).totalValue == 1)
        #expect(try metrics.expectRecorder("controller.queue.depth", labels).values.contains(0))
        let text = lines.withLock { $0.joined(separator: "\n") }
        #expect(text.contains("reconcile failed") && text.contains("Widget a") && text.contains("Secret"))
        #expect(text.contains("measured"), "each line says whose it is")
        #expect(!text.contains("the-value"))
    }
}

/// Keeps each line with its metadata.
private struct Collector: LogHandler {
    let lines: Shared<[String]>
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        lines.withLock { $0.append("\(event.level) \(event.message) \(all)") }
    }
}
