import Crypto
import Faults
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Checkpoints as files `<folder>/<job>/<task>/<unit>.checkpoint`, for their owner alone: written beside, flushed,
/// renamed, and the folder flushed, so that after a kill there is the old, the new, or both, and never a part of one.
///
/// A file is `ATLC`, a version byte 1, 32 bytes SHA-256 of the state, and the state.
public final class FileCheckpointStore: CheckpointStore {
    private static let magic: [UInt8] = Array("ATLC".utf8) + [1]
    private static let headLength = 5 + 32
    private static let ending = ".checkpoint"

    private let folder: String

    /// - Parameter folder: made at the first save.
    public init(folder: String) {
        self.folder = folder
    }

    public func save(_ bytes: [UInt8], job: String, task: String, unit: UInt64) async throws {
        let path = try path(job: job, task: task)
        try await Self.onThread { [folder] in
            for part in [folder, Self.parent(of: path), path] { try Self.makeFolder(part) }
            try Self.write(bytes, to: path, unit)
            var isChanged = false
            for other in Self.units(in: path) where !CheckpointRetention.keeps(other, newest: unit) {
                try Self.delete(Self.file(path, other))
                isChanged = true
            }
            if isChanged { try Self.flush(path) }
        }
    }

    public func resume(job: String, task: String, at unit: UInt64) async throws -> [UInt8]? {
        let path = try path(job: job, task: task)
        return try await Self.onThread {
            let units = Self.units(in: path)
            guard unit == 0 || units.contains(unit) else {
                throw Fault(TaskFaults.checkpointMissing, at: "task \(task), unit \(unit)")
            }
            for other in units where other > unit { try Self.delete(Self.file(path, other)) }
            if units.contains(where: { $0 > unit }) { try Self.flush(path) }
            guard unit > 0 else { return nil }
            let file = Self.file(path, unit)
            guard let bytes = try Self.read(file) else {
                try Self.delete(file)
                throw Fault(TaskFaults.checkpointUnreadable, at: "task \(task), unit \(unit)")
            }
            return bytes
        }
    }

    public func units(job: String, task: String) async throws -> [UInt64] {
        let path = try path(job: job, task: task)
        return try await Self.onThread { Self.units(in: path) }
    }

    public func jobs() async throws -> Set<String> {
        try await Self.onThread { [folder] in Set(CheckpointFolder.names(in: folder)) }
    }

    public func remove(job: String) async throws {
        let path = try path(job: job)
        try await Self.onThread { [folder] in
            let tasks = CheckpointFolder.names(in: path)
            for task in tasks.map({ "\(path)/\($0)" }) {
                for name in CheckpointFolder.names(in: task) { try Self.delete("\(task)/\(name)") }
                rmdir(task)
            }
            guard rmdir(path) == 0 || errno == ENOENT else { throw Self.fault(path) }
            if !tasks.isEmpty { try Self.flush(folder) }
        }
    }

    // MARK: Paths

    /// Names come from plans and workers: only letters, digits, hyphens and underscores become parts of a path.
    private func path(job: String, task: String? = nil) throws(Fault) -> String {
        for name in [job, task ?? "x"] {
            let isPlain = name.utf8.allSatisfy { byte in
                (0x30...0x39) ~= byte || (0x41...0x5A) ~= byte || (0x61...0x7A) ~= byte || byte == 0x2D || byte == 0x5F
            }
            guard isPlain, (1...WorkerSocket.maximumName).contains(name.utf8.count) else {
                throw Fault(TaskFaults.checkpointNotKept, "The name of a job or task cannot be a file's.")
            }
        }
        return task.map { "\(folder)/\(job)/\($0)" } ?? "\(folder)/\(job)"
    }

    private static func file(_ path: String, _ unit: UInt64) -> String { "\(path)/\(unit)\(ending)" }

    private static func parent(of path: String) -> String { String(path[..<path.lastIndex(of: "/")!]) }

    private static func units(in path: String) -> [UInt64] {
        CheckpointFolder.names(in: path).compactMap { name in
            guard name.hasSuffix(ending), let unit = UInt64(name.dropLast(ending.count)) else { return nil }
            return unit
        }.sorted()
    }

    // MARK: Files

    private static func write(_ bytes: [UInt8], to path: String, _ unit: UInt64) throws(Fault) {
        let beside = "\(path)/\(unit).new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(beside) }
        let isWritten = [magic + Array(SHA256.hash(data: bytes)), bytes].allSatisfy { part in
            part.withUnsafeBytes { part in
                var done = 0
                while done < part.count {
                    let count = systemWrite(descriptor, part.baseAddress! + done, part.count - done)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return false }
                    done += count
                }
                return true
            }
        }
        let failure = isWritten && fsync(descriptor) == 0 ? nil : fault(beside)
        close(descriptor)
        if let failure {
            unlink(beside)
            throw failure
        }
        guard rename(beside, file(path, unit)) == 0 else { throw fault(path) }
        try flush(path)
    }

    /// - Returns: nil for a file that is not whole.
    private static func read(_ file: String) throws(Fault) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(file) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw fault(file) }
        guard facts.st_size >= headLength else { return nil }
        var head = [UInt8](repeating: 0, count: headLength)
        var bytes = [UInt8](repeating: 0, count: Int(facts.st_size) - headLength)
        guard fill(&head, from: descriptor), fill(&bytes, from: descriptor) else { return nil }
        return head == magic + Array(SHA256.hash(data: bytes)) ? bytes : nil
    }

    private static func fill(_ bytes: inout [UInt8], from descriptor: Int32) -> Bool {
        bytes.withUnsafeMutableBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = systemRead(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    private static func makeFolder(_ path: String) throws(Fault) {
        if mkdir(path, 0o700) == 0 { return try flush(parent(of: path)) }
        guard errno == EEXIST else { throw fault(path) }
    }

    private static func delete(_ path: String) throws(Fault) {
        guard unlink(path) == 0 || errno == ENOENT else { throw fault(path) }
    }

    private static func flush(_ folder: String) throws(Fault) {
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault(folder) }
    }

    private static func fault(_ path: String) -> Fault {
        Fault(
            TaskFaults.checkpointNotKept, "The site could not keep a checkpoint: \(String(cString: strerror(errno))).",
            at: path)
    }

    /// Flushes take long: not on a thread that others wait for.
    private static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
        -> Result
    {
        try await withCheckedThrowingContinuation { continuation in
            _ = PlainThread { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}

/// The names in a folder; none where there is no folder.
enum CheckpointFolder {
    static func names(in path: String) -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
