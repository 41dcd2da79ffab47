import Faults
import Logging

extension ChildWatcher {
    /// Ends what the records of an earlier life name, and reports it as lost. Nil when nothing is left.
    func endLeftOvers() -> Fault? {
        let (found, strange) = records.all()
        let remains = WorkerRemains(records)
        for name in strange {
            logger.warning("no record of a worker", metadata: ["file": "\(records.folder)/\(name)"])
        }
        let ours = Set(children.values.map(\.record.mark))
        var left: [Int32] = []
        for record in found where !ours.contains(record.mark) {
            let remaining = remains.end(record, with: options.recovery.signal, patience: options.recovery.patience)
            guard remaining.isEmpty else {
                left += remaining
                continue
            }
            records.forget(record)
            report(WorkerExit(worker: record.worker, cause: .lost, lastLines: [], peakMemory: 0, processorTime: .zero))
        }
        guard !left.isEmpty else { return nil }
        return Fault(
            RunnerFaults.leftOver, "Processes of workers of an earlier life of the site cannot be ended.",
            at: "processes " + left.sorted().map(String.init).joined(separator: ", "))
    }
}
