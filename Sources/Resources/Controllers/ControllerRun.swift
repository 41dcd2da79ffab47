import CoreMetrics
import Faults
import Logging
import Synchronization

/// The workers of one run of a controller: they take ids from the queue, one at a time each, and call the reconciler.
final class ControllerRun: Sendable {
    let queue: WorkQueue<ResourceID>
    private let reconciler: any Reconciler
    private let settings: ControllerSettings
    private let logger: Logger
    private let meters: ControllerMeters
    /// Of the ids whose last call threw.
    private let failing = Mutex<[ResourceID: Backoff]>([:])

    init(reconciler: any Reconciler, settings: ControllerSettings, logger: Logger, meters: ControllerMeters) {
        queue = WorkQueue(capacity: settings.capacity)
        self.reconciler = reconciler
        self.settings = settings
        self.logger = logger
        self.meters = meters
    }

    /// Works until the queue is closed or the task is cancelled; what was begun is finished first.
    func work() async {
        while let id = await queue.take() {
            meters.depth.record(queue.depth)
            queue.finish(id, again: await reconcile(id))
            meters.depth.record(queue.depth)
        }
    }

    /// - Returns: when to come back without being asked.
    private func reconcile(_ id: ResourceID) async -> Duration? {
        let start = ContinuousClock.now
        defer { meters.duration.recordNanoseconds(Int64(((ContinuousClock.now - start).seconds * 1e9).rounded())) }
        meters.reconciles.increment()
        do {
            let outcome = try await reconciler.reconcile(id)
            failing.withLock { $0[id] = nil }
            return if case .again(let after) = outcome { max(after, .zero) } else { nil }
        } catch {
            if Task.isCancelled { return nil }
            meters.errors.increment()
            let (pause, failures) = failing.withLock { failing in
                let pause = failing[id, default: settings.backoff].next()
                return (pause, failing[id]?.failures ?? 1)
            }
            // A conflict is the ordinary way to learn that somebody else was faster.
            let level: Logger.Level = (error as? Fault)?.is(ResourceFaults.conflict) == true ? .debug : .warning
            logger.log(
                level: level,
                "reconcile failed",
                metadata: error.forLogs([
                    "resource": "\(id)", "failures": "\(failures)", "retrySeconds": "\(pause.seconds)",
                ])
            )
            return pause
        }
    }
}

extension Error {
    /// Number and place of a fault, the type of any other error: texts of unknown errors may carry values.
    func forLogs(_ metadata: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = metadata
        if let fault = self as? Fault {
            metadata["error"] = "\(fault.number) \(fault.entry.name)"
            metadata["source"] = "\(fault.source)"
        } else {
            metadata["error"] = "\(String(reflecting: type(of: self)))"
        }
        return metadata
    }
}
