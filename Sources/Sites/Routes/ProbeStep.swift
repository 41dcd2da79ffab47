public import Faults
public import Resources

/// What a probe says of one layer.
public struct ProbeStep: Sendable, Hashable {
    public enum Outcome: String, Sendable, CaseIterable {
        case pass, warn, fail
        /// The route does without this layer, or it was measured earlier and is not due.
        case unused
    }

    public let layer: ProbeLayer
    public let outcome: Outcome
    /// What was found, in words: `TCP connects in 3 ms`.
    public let found: String
    public let wanted: String
    /// What to do; empty when nothing is wrong.
    public let fix: String
    /// The number of the fault that ended the probe, `ATL-3037`; empty without one.
    public let number: String

    public init(
        _ layer: ProbeLayer, _ outcome: Outcome, found: String, wanted: String = "", fix: String = "",
        number: String = ""
    ) {
        self.layer = layer
        self.outcome = outcome
        self.found = found
        self.wanted = wanted
        self.fix = fix
        self.number = number
    }

    /// The layer failed with this fault.
    public init(failed layer: ProbeLayer, _ fault: Fault) {
        self.init(
            layer, .fail, found: fault.what, wanted: fault.wanted ?? "", fix: fault.fix,
            number: fault.number.description)
    }

    /// The one sentence that stands in the condition, in `atoll route probe` and in `atoll doctor`.
    public var text: String {
        var text = number.isEmpty ? found : "\(number) \(found)"
        if outcome == .warn || outcome == .fail {
            if !wanted.isEmpty { text += Self.joint(text) + "wanted: \(wanted)" }
            if !fix.isEmpty { text += Self.joint(text) + "fix: \(fix)" }
        }
        return text
    }

    public var json: JSONValue {
        [
            "layer": .string(layer.rawValue), "outcome": .string(outcome.rawValue), "found": .string(found),
            "wanted": .string(wanted), "fix": .string(fix), "number": .string(number),
        ]
    }

    /// Nil when it is none of a program of this version.
    public init?(_ json: JSONValue) {
        guard let layer = json["layer"]?.string.flatMap(ProbeLayer.init(rawValue:)),
            let outcome = json["outcome"]?.string.flatMap(Outcome.init(rawValue:))
        else { return nil }
        self.init(
            layer, outcome, found: json["found"]?.string ?? "", wanted: json["wanted"]?.string ?? "",
            fix: json["fix"]?.string ?? "", number: json["number"]?.string ?? "")
    }

    private static func joint(_ text: String) -> String {
        text.hasSuffix(".") ? " " : "; "
    }

    var condition: (status: Condition.Status, reason: String) {
        switch outcome {
        case .pass: (.isTrue, "Passed")
        case .warn: (.isTrue, "Warning")
        case .fail: (.isFalse, "Failed")
        case .unused: (.unknown, "NotUsed")
        }
    }
}
