public import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a site that is gone has left of its workers: ended by what the records say, by whoever comes after it.
public struct WorkerRemains: Sendable {
    let records: WorkerRecords

    init(_ records: WorkerRecords) {
        self.records = records
    }

    /// - Parameter folder: `ChildProcessOptions.folder` of a site that does not run.
    /// - Throws: `RunnerFaults.records`.
    public init(folder: String) throws(Fault) {
        records = try WorkerRecords(folder: folder)
    }

    /// Ends every process that a record names, and removes control groups and records. Blocks until they are gone.
    ///
    /// - Returns: processes that are still there, at most; their records stay.
    public func end() -> [Int32] {
        records.all().records.flatMap { record in
            let left = end(record)
            if left.isEmpty { records.forget(record) }
            return left
        }
    }

    /// Found by its mark, so that none of another owner is touched whatever has become of the numbers meanwhile.
    ///
    /// - Returns: processes that are still there.
    func end(_ record: WorkerRecord, with signal: Int32 = SIGKILL, patience: Duration = .seconds(10)) -> [Int32] {
        let group = WorkerGroup(folders: record.groups, mark: record.processMark)
        guard record.boot == ProcessStatus.bootID else { return [] }
        group.end()
        let left = record.processMark.end(with: signal, patience: patience)
        guard left.isEmpty else { return left }
        // The last one may need a moment to leave its group.
        for _ in 0..<200 where !group.remove() { usleep(5_000) }
        return []
    }
}
