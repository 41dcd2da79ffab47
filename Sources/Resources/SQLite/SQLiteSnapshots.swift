import Faults
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Copies of the database made before an upgrade. A copy has its name only once it is whole and on the disk.
enum SQLiteSnapshots {
    /// Copies the whole database to a new file; the newest eight copies are kept.
    static func take(of pool: DatabasePool, into folder: String) throws {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw Fault(ResourceFaults.storeReadOnly, "The snapshot folder cannot be made.", at: folder)
        }
        let file = "\(folder)/\(Timestamp.now.description.filter { $0.isNumber || $0 == "T" || $0 == "Z" }).db"
        let partial = file + ".partial"
        do {
            unlink(partial)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
            }
            chmod(partial, 0o600)
            try flush(partial)
        } catch {
            unlink(partial)
            throw error
        }
        guard rename(partial, file) == 0 else {
            throw Fault(ResourceFaults.storeReadOnly, "The snapshot cannot be put in place.", at: file)
        }
        try flush(folder)
        for old in files(in: folder).sorted().dropLast(8) { unlink("\(folder)/\(old)") }
    }

    /// Makes a file or a folder's list of names survive a power cut.
    private static func flush(_ path: String) throws(Fault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw Fault(
                SQLiteDatabase.cause(ofFailureAt: path), "The snapshot cannot be written to the disk.", at: path)
        }
    }

    private static func files(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".db") { names.append(name) }
        }
        return names
    }
}
