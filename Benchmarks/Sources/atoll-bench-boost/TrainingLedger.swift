import BenchKit
import Foundation

/// What the guest's ledger has of a training.
struct TrainingLedger {
    /// When each tree began, that is when its first message was written down, in seconds since 1970. A tree's first 1,024
    /// rows are encrypted by then.
    private(set) var starts: [Double] = []
    /// When the last tree was grown.
    private(set) var end = 0.0
    /// Payload from guest to host, and back.
    private(set) var bytesUp = 0
    private(set) var bytesDown = 0

    /// - Parameter export: JSON lines.
    init(_ export: String, task: String) throws {
        var steps: [Int: Double] = [:]
        for line in export.split(separator: "\n") {
            let line = try JoinedSites.json(Data(line.utf8))
            guard line["kind"] as? String == "frame", line["task"] as? String == task,
                let type = line["messageType"] as? String, let direction = line["direction"] as? String,
                let bytes = line["bytes"] as? Int, let step = line["step"] as? Int, let time = line["time"] as? Int
            else { continue }
            if direction == "sent" { bytesUp += bytes } else { bytesDown += bytes }
            let seconds = Double(time) / 1_000
            if type == "boost.tree" { steps[step] = min(steps[step] ?? seconds, seconds) }
            if type == "boost.end", direction == "sent" { end = seconds }
        }
        starts = steps.values.sorted()
        guard let last = starts.last, end > last else { throw BenchFailure("the ledger has no trees") }
    }
}
