import BenchKit

/// What one training took. Times and bytes are of one tree.
struct BoostFigures: Sendable {
    /// Wall clock, by tree.
    let seconds: [Double]
    /// Of both parties, programs and workers, by tree.
    let processorSeconds: [Double]
    /// Processor seconds by part; complete for workers of one core. `pool`: randomness made ahead; `wire`: both sites'
    /// programs; `other`: what workers do besides.
    let parts: [String: Double]
    let bytesUp: Double
    let bytesDown: Double
    /// Of a worker, bytes.
    let peak: Double
    /// Mean loss on all rows after the last tree.
    let loss: Double
    /// Seconds of the whole job, as planned and as they were.
    var predicted: Double?
    let actual: Double

    static let encrypted = ["encrypt", "receive", "accumulate", "pack", "rerandomise", "decrypt"]

    /// Share of the processor time that is neither work on ciphertexts nor randomness for it.
    var outside: Double {
        (parts["wire", default: 0] + parts["other", default: 0]) / parts.values.reduce(0, +)
    }

    /// - Parameters:
    ///   - guest: figures of the task's result at the guest.
    ///   - host: the same at the host.
    init(
        _ job: MeteredJob, _ ledger: TrainingLedger, _ guest: [String: Double], _ host: [String: Double]
    ) throws {
        let bounds = ledger.bounds
        let trees = Double(ledger.trees)
        guard guest["trees"] == trees else { throw BenchFailure("the ledger does not have every tree") }
        guard let loss = guest["loss.training"] else { throw BenchFailure("the task left no loss") }
        self.loss = loss
        let looks = bounds.map(job.sample(at:))
        seconds = zip(bounds, bounds.dropFirst()).map { $1 - $0 }
        processorSeconds = zip(looks, looks.dropFirst()).map { $1.total - $0.total }
        bytesUp = Double(ledger.bytesUp) / trees
        bytesDown = Double(ledger.bytesDown) / trees
        peak = job.peak
        actual = job.seconds
        let (first, last) = (looks[0], looks[looks.count - 1])
        var parts: [String: Double] = [:]
        for part in Self.encrypted {
            parts[part] = (guest["processor.\(part)", default: 0] + host["processor.\(part)", default: 0]) / trees
        }
        parts["pool"] = (last.idle - first.idle) / trees
        parts["other"] = (last.workers - first.workers) / trees - parts.values.reduce(0, +)
        parts["wire"] = (last.programs - first.programs) / trees
        self.parts = parts
    }
}
