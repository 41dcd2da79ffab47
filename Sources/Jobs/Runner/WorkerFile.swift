public import Faults
import TaskRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file for a worker, closed with the last reference to this. No process that this one starts has it, but the
/// worker that is given it.
public final class WorkerFile: Sendable {
    /// Above all numbers under which workers get files.
    public let descriptor: Int32

    /// Takes a descriptor over, under another number; the one given is closed.
    ///
    /// - Throws: `RunnerFaults.notStarted` when there are no more descriptors.
    public init(taking given: Int32) throws(Fault) {
        descriptor = fcntl(given, F_DUPFD_CLOEXEC, WorkerLaunch.firstFile + Int32(TaskOrder.mostDescriptors))
        let failure = errno
        close(given)
        guard descriptor >= 0 else {
            throw Fault(
                RunnerFaults.notStarted, "A file for a worker cannot be held: \(String(cString: strerror(failure))).")
        }
    }

    /// A file without a name that holds these bytes, open for reading.
    ///
    /// - Parameter folder: where it is written; there is nothing of it when this returns.
    /// - Throws: `RunnerFaults.notStarted` when it cannot be written.
    public convenience init(holding bytes: [UInt8], folder: String) throws(Fault) {
        let path = "\(folder)/result-\(UInt64.random(in: 0 ... .max))"
        let written = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { unlink(path) }
        guard written >= 0, Self.write(bytes, to: written) else {
            let failure = errno
            if written >= 0 { close(written) }
            throw Self.fault(failure)
        }
        close(written)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.fault(errno) }
        try self.init(taking: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let start = done
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + start, $0.count - start, off_t(start))
            }
            guard count > 0 || count < 0 && errno == EINTR else { return false }
            done += max(0, count)
        }
        return true
    }

    private static func fault(_ failure: Int32) -> Fault {
        Fault(
            RunnerFaults.notStarted, "A result for a worker cannot be written: \(String(cString: strerror(failure))).")
    }

    deinit {
        close(descriptor)
    }
}
