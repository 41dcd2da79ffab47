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

    deinit {
        close(descriptor)
    }
}
