public import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Objects as files of a folder, for their owner alone: written beside, flushed, renamed, and the folder flushed, so that
/// after a kill or a loss of power there is the old object or the new one.
///
/// `objects/` holds them (a word of a key that has more after it is a folder `word+`), `parts/` uploads in parts,
/// `new/` what is being written; that is emptied when the store is opened. One process at a time uses a folder.
public final class LocalObjectStore: ObjectStore {
    static let pieceBytes = 1 << 20

    let folder: String

    /// Opens the folder, and makes it where it is missing (mode 0700).
    ///
    /// - Throws: `ObjectFaults.denied`, `.full`, `.failed`.
    public init(folder: String) throws(Fault) {
        self.folder = folder
        for part in ["objects", "parts", "new"] { try Disk.makeFolder("\(folder)/\(part)") }
        for name in Disk.names(in: "\(folder)/new") { try Disk.remove("\(folder)/new/\(name)") }
    }

    public func put(_ key: ObjectKey, _ content: ObjectContent) async throws -> ObjectInfo {
        let new = "\(folder)/new/\(ULID.make())"
        let file = try await BlockingWork.run { try DiskFile(new, O_WRONLY | O_CREAT | O_EXCL) }
        do {
            var size: Int64 = 0
            while let piece = try await content.next() {
                let offset = size
                try await BlockingWork.run { try file.write(piece, at: offset) }
                size += Int64(piece.count)
            }
            return try await BlockingWork.run { [self] in
                try file.flush()
                try place(new, as: key)
                return try info(key, file)
            }
        } catch {
            unlink(new)
            throw error
        }
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectReading {
        let file = try await BlockingWork.run { [self] in try open(key) }
        let info = try info(key, file)
        let chosen = range?.within(info.bytes) ?? 0..<info.bytes
        let cursor = Cursor(chosen)
        return ObjectReading(
            info, bytes: Int64(chosen.count),
            ObjectContent {
                guard let (offset, count) = cursor.take(Self.pieceBytes) else { return nil }
                let piece = try await BlockingWork.run { try file.read(count, at: offset) }
                guard piece.count == count else { throw Fault(ObjectFaults.changed, at: key.text) }
                return piece
            })
    }

    public func head(_ key: ObjectKey) async throws -> ObjectInfo? {
        do {
            return try await BlockingWork.run { [self] in try info(key, open(key)) }
        } catch let fault as Fault where fault.is(ObjectFaults.notFound) {
            return nil
        }
    }

    public func list(prefix: String, after: ObjectKey?, limit: Int) async throws -> [ObjectInfo] {
        try await BlockingWork.run { [self] in
            var keys: [ObjectKey] = []
            collect("\(folder)/objects", "", prefix, into: &keys)
            let chosen = keys.filter { key in after.map { $0 < key } ?? true }.sorted().prefix(limit)
            // One that is deleted meanwhile is left out.
            return chosen.compactMap { key in
                (try? DiskFile(path(of: key), O_RDONLY)).flatMap { try? info(key, $0) }
            }
        }
    }

    public func delete(_ key: ObjectKey) async throws {
        let path = path(of: key)
        try await BlockingWork.run { [folder] in
            guard Disk.exists(path) else { return }
            try Disk.remove(path)
            var parent = Disk.parent(of: path)
            try Disk.flushFolder(parent)
            while parent != "\(folder)/objects", rmdir(parent) == 0 { parent = Disk.parent(of: parent) }
        }
    }

    public func localPath(of key: ObjectKey) -> String? { path(of: key) }

    // MARK: Places

    func path(of key: ObjectKey) -> String {
        let words = key.text.split(separator: "/")
        return "\(folder)/objects/" + words.dropLast().map { "\($0)+/" }.joined() + words.last!
    }

    private func open(_ key: ObjectKey) throws(Fault) -> DiskFile {
        do throws(Fault) {
            return try DiskFile(path(of: key), O_RDONLY)
        } catch {
            // Where it lies is nobody's business.
            throw error.is(ObjectFaults.notFound) ? Fault(ObjectFaults.notFound, at: key.text) : error
        }
    }

    /// Gives a file that is flushed its place.
    func place(_ file: String, as key: ObjectKey) throws(Fault) {
        let path = path(of: key)
        // A folder that becomes empty is removed by a deletion: made again when that was faster.
        for attempt in 1...10 {
            try Disk.makeFolder(Disk.parent(of: path))
            if rename(file, path) == 0 { return try Disk.flushFolder(Disk.parent(of: path)) }
            guard errno == ENOENT, attempt < 10, Disk.exists(file) else { throw Disk.fault(errno, path) }
        }
    }

    func info(_ key: ObjectKey, _ file: DiskFile) throws(Fault) -> ObjectInfo {
        var facts = stat()
        guard fstat(file.descriptor, &facts) == 0 else { throw Disk.fault(errno, key.text) }
        let tag = "\(facts.st_ino)-\(facts.st_mtim.tv_sec)-\(facts.st_mtim.tv_nsec)"
        return ObjectInfo(key: key, bytes: Int64(facts.st_size), tag: tag)
    }

    private func collect(_ path: String, _ before: String, _ prefix: String, into keys: inout [ObjectKey]) {
        for name in Disk.names(in: path) {
            if name.hasSuffix("+") {
                let words = before + name.dropLast() + "/"
                guard words.hasPrefix(prefix) || prefix.hasPrefix(words) else { continue }
                collect("\(path)/\(name)", words, prefix, into: &keys)
            } else if let key = try? ObjectKey(before + name), key.text.hasPrefix(prefix) {
                keys.append(key)
            }
        }
    }
}
