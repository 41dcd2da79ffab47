import BenchKit
import Foundation

/// What the guest's ledger has of a training.
struct TrainingLedger {
    /// When each tree began and the last one ended, in seconds since 1970: when the rows were agreed on and the key was
    /// there, then whenever the last directions of a tree had come.
    private(set) var bounds: [Double] = []
    /// Payload from guest to host, and back.
    private(set) var bytesUp = 0
    private(set) var bytesDown = 0

    var trees: Int { bounds.count - 1 }

    /// - Parameters:
    ///   - export: JSON lines.
    ///   - keys: seconds that the guest took to make its key.
    init(_ export: String, task: String, keys: Double) throws {
        var agreed = 0.0
        var steps: Set<Int> = []
        var directions = 0.0
        for line in export.split(separator: "\n") {
            let line = try JoinedSites.json(Data(line.utf8))
            guard line["kind"] as? String == "frame", line["task"] as? String == task,
                let type = line["messageType"] as? String, let direction = line["direction"] as? String,
                let bytes = line["bytes"] as? Int, let step = line["step"] as? Int, let time = line["time"] as? Int
            else { continue }
            let isSent = direction == "sent"
            if isSent { bytesUp += bytes } else { bytesDown += bytes }
            switch (type, isSent) {
            case ("boost.rows", false): agreed = Double(time) / 1_000
            case ("boost.directions", false): directions = Double(time) / 1_000
            case ("boost.tree", true):
                guard steps.insert(step).inserted else { continue }
                bounds.append(steps.count == 1 ? agreed + keys : directions)
            default: continue
            }
        }
        bounds.append(directions)
        guard bounds.count > 1, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw BenchFailure("the ledger does not have the trees in their order")
        }
    }
}
