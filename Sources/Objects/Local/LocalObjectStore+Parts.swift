import Faults
public import Resources

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Parts lie where they will be in the whole, in one sparse file `parts/ID/content`; beside it a file for each part that
/// is whole, `parts/ID/NUMBER`, which holds its digest. Finishing is a rename.
extension LocalObjectStore {
    public func beginParts(_ key: ObjectKey, partBytes: Int) async throws -> PartUpload {
        let upload = PartUpload(key: key, id: ULID.make(), partBytes: partBytes)
        let place = place(upload)
        try await BlockingWork.run { try Disk.makeFolder(place) }
        return upload
    }

    public func putPart(_ number: Int, _ bytes: [UInt8], of upload: PartUpload) async throws -> PartTag {
        try PartRules.check(number, bytes.count, of: upload)
        let place = place(upload)
        return try await BlockingWork.run {
            guard Disk.exists(place) else { throw Fault(ObjectFaults.unknownParts) }
            let tag = PartRules.tag(bytes)
            let mark = "\(place)/\(number)"
            try Disk.remove(mark)
            let offset = Int64(number - 1) * Int64(upload.partBytes)
            let file = try DiskFile("\(place)/content", O_WRONLY | O_CREAT)
            let before = try file.size()
            do throws(Fault) {
                try file.write(bytes, at: offset)
                try file.flush()
                let marked = try DiskFile(mark, O_WRONLY | O_CREAT | O_TRUNC)
                try marked.write(Array(tag.utf8), at: 0)
                try marked.flush()
                try Disk.flushFolder(place)
            } catch {
                // What lies within is overwritten by the next attempt, or goes with the upload.
                if offset >= before { try? file.cut(to: before) }
                unlink(mark)
                throw error
            }
            return PartTag(number: number, bytes: bytes.count, tag: tag)
        }
    }

    public func finish(_ upload: PartUpload, _ parts: [PartTag]) async throws -> ObjectInfo {
        let total = try PartRules.check(parts, of: upload)
        let place = place(upload)
        return try await BlockingWork.run { [self] in
            let content = "\(place)/content"
            guard Disk.exists(content) else {
                // Finished before, perhaps by a process that was killed right after.
                guard let file = try? DiskFile(path(of: upload.key), O_RDONLY), try file.size() == total else {
                    throw Fault(ObjectFaults.unknownParts)
                }
                try clear(upload)
                return try info(upload.key, file)
            }
            for part in parts {
                let mark = try? DiskFile("\(place)/\(part.number)", O_RDONLY)
                guard try mark?.read(128, at: 0) == Array(part.tag.utf8) else {
                    throw Fault(ObjectFaults.wrongParts, "Part \(part.number) is missing or another one.")
                }
            }
            let file = try DiskFile(content, O_RDWR)
            try file.cut(to: total)
            try file.flush()
            try self.place(content, as: upload.key)
            try clear(upload)
            return try info(upload.key, file)
        }
    }

    public func abort(_ upload: PartUpload) async throws {
        try await BlockingWork.run { [self] in try clear(upload) }
    }

    /// Forgets uploads in parts that nobody knows any more; for a site's start.
    ///
    /// - Parameter before: only those that were begun in an earlier millisecond: of this life nothing is forgotten.
    public func forgetParts(exceptOf ids: Set<String>, begunBefore before: Timestamp) async throws {
        // The first ten characters of a ULID are its time, and sort as it does.
        let limit = ULID.make(at: before).prefix(10)
        try await BlockingWork.run { [self] in
            for id in Disk.names(in: "\(folder)/parts") where !ids.contains(id) && id.prefix(10) < limit {
                try clear("\(folder)/parts/\(id)")
            }
        }
    }

    private func clear(_ upload: PartUpload) throws(Fault) { try clear(place(upload)) }

    private func clear(_ place: String) throws(Fault) {
        guard Disk.exists(place) else { return }
        for name in Disk.names(in: place) { try Disk.remove("\(place)/\(name)") }
        guard rmdir(place) == 0 || errno == ENOENT else { throw Disk.fault(errno, place) }
        try Disk.flushFolder("\(folder)/parts")
    }

    /// Ids are our own; one that is none leads nowhere.
    private func place(_ upload: PartUpload) -> String {
        "\(folder)/parts/\(ULID.isValid(upload.id) ? upload.id : "none")"
    }
}
