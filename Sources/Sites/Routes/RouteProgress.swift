import Faults
import Resources

/// Where a route stands: a value that is told what happens and says what the route's status is. It has no clock, no
/// socket and no store.
struct RouteProgress: Sendable, Hashable {
    enum Phase: Sendable, Hashable {
        /// Never had a link since it is kept.
        case new
        case up
        case lost
    }

    private(set) var phase = Phase.new
    /// What the next link should use.
    private(set) var tuning: LinkTuning
    /// The last probe, also a failed try to dial.
    private(set) var report: ProbeReport?
    /// The last probe of a link, kept for what quick ones leave out.
    private var measured: ProbeReport?
    /// When everything was measured last with success; nil when it is due.
    private(set) var lastWhole: Timestamp?

    init(tuning: LinkTuning) {
        self.tuning = tuning
    }

    /// A link is there. What was measured on the one before it stands in until it is due again.
    mutating func linkUp(_ report: ProbeReport) {
        phase = .up
        self.report = report
    }

    mutating func linkLost(_ report: ProbeReport) {
        if phase == .up { phase = .lost }
        self.report = report
    }

    /// A try to reach the peer failed; the phase stays.
    mutating func failed(_ report: ProbeReport) {
        self.report = report
    }

    /// A probe over the link came to its end.
    ///
    /// - Returns: whether the tuning has changed by so much that the link should be made again.
    mutating func probed(_ report: ProbeReport, depth: Prober.Depth, spec: RouteSpec) -> Bool {
        var report = report
        if depth == .quick, let measured { report.fillIn(from: measured) }
        self.report = report
        guard report.failing == nil else { return false }
        measured = report
        guard depth == .whole else { return false }
        lastWhole = report.time
        let chosen = TuningChoice.tuning(for: spec, figures: report.figures, now: tuning)
        let isWorth = TuningChoice.isWorthRedialling(from: tuning, to: chosen)
        guard isWorth else { return false }
        tuning = chosen
        // What the new window lets through is measured anew, once the route is made with it.
        if spec.way == .direct { lastWhole = nil }
        return true
    }

    /// Whether everything should be measured, and not only what costs little. After a failure the little comes first.
    func isWholeDue(at time: Timestamp, every period: Int64) -> Bool {
        guard report?.failing == nil else { return false }
        guard let lastWhole else { return true }
        // A clock that was set back makes it due as well.
        return !(0..<period).contains(time.milliseconds - lastWhole.milliseconds)
    }

    /// The route leads another way, or its spec has other wishes: everything is measured anew.
    mutating func change(to spec: RouteSpec, sharesLink: Bool) {
        tuning = TuningChoice.applying(spec, to: sharesLink ? tuning : .standard)
        guard !sharesLink else { return }
        measured = nil
        lastWhole = nil
    }

    /// One word for tables.
    var state: String {
        guard let report else { return "Waiting" }
        if report.failing != nil { return phase == .lost ? "Lost" : phase == .up ? "Failing" : "NotConnected" }
        return report.warnings.isEmpty ? "Ready" : "Degraded"
    }

    /// `Ready` first, then one for every layer.
    func conditions(generation: Int64) -> [Condition] {
        let layers = ProbeLayer.allCases.map { layer in
            guard let step = report?[layer] else {
                let failing = report?.failing
                return Condition(
                    layer.rawValue, .unknown, reason: failing == nil ? "NotMeasured" : "NotReached",
                    message: failing.map { "\($0.layer.rawValue) comes first and fails." }
                        ?? "It was not measured yet.",
                    observedGeneration: generation)
            }
            return Condition(
                layer.rawValue, step.condition.status, reason: step.condition.reason, message: step.text,
                observedGeneration: generation)
        }
        return [ready(generation)] + layers
    }

    /// The whole status, with transition times kept where nothing changed.
    func write(to resource: inout Resource, spec: RouteSpec) {
        for condition in conditions(generation: resource.metadata.generation) { resource.set(condition) }
        var status = resource.status.object ?? [:]
        status["state"] = .string(state)
        status["failing"] = .string(report?.failing?.layer.rawValue ?? "")
        status["tuning"] = [
            "windowKiB": .integer(Int64(tuning.window >> 10)), "creditKiB": .integer(Int64(tuning.credit >> 10)),
        ]
        status["figures"] = report?.figures.json ?? [:]
        status["steps"] = .array((report?.steps ?? []).map(\.json))
        if let report { status["lastProbe"] = .string(report.time.description) }
        resource.status = .object(status)
    }

    private func ready(_ generation: Int64) -> Condition {
        guard let report else {
            return Condition(
                "Ready", .unknown, reason: "Waiting", message: "The route was not tried yet.",
                observedGeneration: generation)
        }
        if let failing = report.failing {
            let reason =
                switch phase {
                case .lost: "LinkLost"
                case .up: failing.layer.rawValue
                case .new: "NotConnected"
                }
            return Condition(
                "Ready", .isFalse, reason: reason, message: "\(failing.layer.rawValue): \(failing.text)",
                observedGeneration: generation)
        }
        let warnings = report.warnings
        return Condition(
            "Ready", .isTrue, reason: warnings.isEmpty ? "Connected" : "Degraded",
            message: warnings.isEmpty
                ? "The peer is reached." : warnings.map { "\($0.layer.rawValue): \($0.text)" }.joined(separator: " "),
            observedGeneration: generation)
    }
}
