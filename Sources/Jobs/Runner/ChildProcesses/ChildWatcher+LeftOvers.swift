import Faults
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ChildWatcher {
    /// Ends what the records of an earlier life name, and reports it as lost. Nil when nothing is left.
    func endLeftOvers() -> Fault? {
        let (found, strange) = records.all()
        for name in strange {
            logger.warning("no record of a worker", metadata: ["file": "\(records.folder)/\(name)"])
        }
        let ours = Set(children.values.map(\.record.mark))
        var left: [Int32] = []
        for record in found where !ours.contains(record.mark) {
            let remaining = end(record)
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

    /// Found by its mark, so that none of another owner is touched whatever has become of the numbers meanwhile.
    ///
    /// - Returns: processes that are still there.
    private func end(_ record: WorkerRecord) -> [Int32] {
        let group = WorkerGroup(folders: record.groups, mark: record.processMark)
        guard record.boot == ProcessStatus.bootID else { return [] }
        group.end()
        let (signal, patience) = options.recovery
        let left = record.processMark.end(with: signal, patience: patience)
        guard left.isEmpty else { return left }
        // The last one may need a moment to leave its group.
        for _ in 0..<200 where !group.remove() { usleep(5_000) }
        return []
    }
}
