import Faults
import Resources
import Trials

/// Shows how far a trial is, on standard error, and what it found; or both as JSON lines.
final class TrialWriter: Sendable {
    private let isJSON: Bool

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func tell(_ event: TrialEvent) {
        if isJSON {
            try? Console.write(JSONLine.text(event.json))
            return
        }
        switch event {
        case .began(let phase): Console.note(Terminal.error.paint(Self.title(phase), .strong))
        case .progress(_, let text): Console.note("  " + TerminalText.line(text))
        case .ended(_, let seconds): Console.note("  done in \(TrialText.seconds(seconds))")
        }
    }

    func write(_ report: TrialReport) throws(Fault) {
        if isJSON {
            try Console.write(JSONLine.text(["event": "report", "report": report.json]))
        } else {
            try Console.write(TrialText(report).text(for: .output))
        }
    }

    private static func title(_ phase: TrialPhase) -> String {
        switch phase {
        case .deploy: "Deploy"
        case .check: "Check"
        case .measure: "Measure"
        case .upload: "Upload"
        case .align: "Align"
        case .train: "Train"
        case .evaluate: "Evaluate"
        case .report: "Report"
        case .tearDown: "Tear down"
        }
    }
}
