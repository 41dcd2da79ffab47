import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Held by the one process that may change a trial's folder; the system gives it back when that ends, however it ends.
final class FolderLock: Sendable {
    static let fileName = "driver.lock"

    private let descriptor: Int32

    /// - Returns: nil when somebody holds it.
    /// - Throws: `TrialFaults.folder`.
    static func take(_ folder: String) throws(Fault) -> FolderLock? {
        let path = "\(folder)/\(fileName)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Fault(TrialFaults.folder, "The lock cannot be made: \(String(cString: strerror(errno))).", at: path)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            close(descriptor)
            if isHeld { return nil }
            throw Fault(TrialFaults.folder, "The lock cannot be taken: \(String(cString: strerror(errno))).", at: path)
        }
        return FolderLock(descriptor)
    }

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
