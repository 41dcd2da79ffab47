public import Resources

/// The parts of a trial, in order; those from `upload` to `report` belong to trials that learn.
public enum TrialPhase: String, Sendable, CaseIterable, Codable {
    case deploy, check, measure, upload, align, train, evaluate, report
    case tearDown = "tear-down"

    /// Whether only trials that learn have it.
    var isOfLearning: Bool { [.upload, .align, .train, .evaluate, .report].contains(self) }
}

/// What happens in a trial, told as it happens.
public enum TrialEvent: Sendable, Hashable {
    case began(TrialPhase)
    /// How far the phase is: a sentence.
    case progress(TrialPhase, String)
    case ended(TrialPhase, seconds: Double)

    public var json: JSONValue {
        switch self {
        case .began(let phase): ["event": "began", "phase": .string(phase.rawValue)]
        case .progress(let phase, let text):
            ["event": "progress", "phase": .string(phase.rawValue), "text": .string(text)]
        case .ended(let phase, let seconds):
            ["event": "ended", "phase": .string(phase.rawValue), "seconds": .number(seconds)]
        }
    }
}
