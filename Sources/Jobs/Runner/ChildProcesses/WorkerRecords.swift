import Faults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The records of workers, one file each, mode 0600. A file is replaced as a whole.
struct WorkerRecords: Sendable {
    let folder: String

    /// Makes the folder where it is missing.
    ///
    /// - Throws: `RunnerFaults.records`.
    init(folder: String) throws(Fault) {
        self.folder = folder
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST, access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw Fault(
                RunnerFaults.records, "The folder cannot be used: \(String(cString: strerror(errno))).", at: folder)
        }
    }

    /// On the disk when it returns, so that also after a loss of power the worker is known to be gone.
    ///
    /// - Throws: `RunnerFaults.records`.
    func keep(_ record: WorkerRecord) throws(Fault) {
        let path = path(record)
        let partial = path + ".partial"
        guard let bytes = try? JSONEncoder().encode(record) else { throw Fault(RunnerFaults.records, at: path) }
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal(path) }
        let content = [UInt8](bytes)
        let isKept = write(descriptor, content, content.count) == content.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isKept, rename(partial, path) == 0 else {
            if !isKept { errno = code }
            let fault = refusal(path)
            unlink(partial)
            throw fault
        }
        let folder = open(self.folder, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    func forget(_ record: WorkerRecord) {
        unlink(path(record))
    }

    /// All records, and the names of files that are none: what a loss of power left, or somebody else's.
    func all() -> (records: [WorkerRecord], strange: [String]) {
        var records: [WorkerRecord] = []
        var strange: [String] = []
        for name in SystemFile.names(in: folder).sorted() {
            let path = "\(folder)/\(name)"
            guard name.hasSuffix(".json"), let bytes = SystemFile.read(path),
                let record = try? JSONDecoder().decode(WorkerRecord.self, from: Data(bytes)),
                record.version == 1, record.processMark.isWellFormed, name == "\(record.mark).json"
            else {
                if name.hasSuffix(".partial") { unlink(path) } else { strange.append(name) }
                continue
            }
            records.append(record)
        }
        return (records, strange)
    }

    private func path(_ record: WorkerRecord) -> String { "\(folder)/\(record.mark).json" }

    private func refusal(_ path: String) -> Fault {
        Fault(RunnerFaults.records, "A record cannot be written: \(String(cString: strerror(errno))).", at: path)
    }
}
