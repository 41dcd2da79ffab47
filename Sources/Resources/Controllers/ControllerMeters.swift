import CoreMetrics

/// A controller's figures, each labelled by the controller's name.
struct ControllerMeters: Sendable {
    /// Calls of the reconciler.
    let reconciles: Counter
    /// Those of them that threw.
    let errors: Counter
    /// How long the calls took.
    let duration: CoreMetrics.Timer
    /// Ids that wait, ready or due later.
    let depth: Gauge
    /// Lists read because a watch began, was too old, or for resync.
    let lists: Counter

    init(_ name: String) {
        let labels = [("controller", name)]
        reconciles = Counter(label: "controller.reconciles", dimensions: labels)
        errors = Counter(label: "controller.errors", dimensions: labels)
        duration = CoreMetrics.Timer(label: "controller.reconcile", dimensions: labels)
        depth = Gauge(label: "controller.queue.depth", dimensions: labels)
        lists = Counter(label: "controller.lists", dimensions: labels)
    }
}
