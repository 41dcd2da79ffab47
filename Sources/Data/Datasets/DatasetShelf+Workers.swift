import Crypto
public import Faults
import Objects
public import Resources
import Tables

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What tasks of jobs read and leave. Descriptors that are returned are the caller's.
extension DatasetShelf {
    /// Opens a dataset's column file for a worker, which checks what it reads.
    ///
    /// - Parameter folder: for a copy of what the store does not have on this machine; gone with the descriptor.
    /// - Throws: `ObjectFaults`.
    public func openForWorker(_ dataset: Resource, folder: String) async throws -> Int32 {
        guard try await contents.holds(Self.entry(dataset)) else {
            throw Fault(ObjectFaults.noContent, at: dataset.id.description)
        }
        let key = try Self.key(of: DatasetSpec(dataset.spec).content)
        if let path = store.localPath(of: key) { return try DiskContent(path).takeDescriptor() }
        let path = "\(folder)/\(ULID.make()).table"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await LocalCopy.write(try await store.read(key, range: nil), to: path)
        return try DiskContent(path).takeDescriptor()
    }

    /// An empty file without a name, for the table that a task leaves.
    ///
    /// - Throws: `ObjectFaults`.
    public func makeFile(in folder: String) throws(Fault) -> Int32 {
        let path = "\(folder)/\(ULID.make()).table"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try DiskContent(path, isNew: true).takeDescriptor()
    }

    /// Keeps a table that a task of a job has left as a dataset beside the one that it was made of, with the columns, ids
    /// and label that the table itself has. Again with the same table changes nothing.
    ///
    /// - Parameter descriptor: of its column file; stays the caller's.
    /// - Throws: `TableFaults.fileDamaged`; `DataFaults.overQuota`; `.otherDataset` when the same task left another table before; what
    ///   the store throws.
    public func keep(_ descriptor: Int32, of source: Resource, job: String, task: String) async throws -> Resource {
        let table = try await BlockingWork.run {
            let file = try ColumnFile(descriptor: descriptor)
            try file.verify()
            return file
        }
        let digest = table.contentDigest.bytes.hexadecimal
        let id = Dataset.id(Self.name(of: source, job: job, task: task), in: source.metadata.scope)
        if let known = try await resources.store.find(id) {
            let lineage = DatasetLineage(known.spec)
            guard lineage?.job == job, lineage?.task == task, DatasetSpec(known.spec).digest == digest else {
                throw Fault(DataFaults.otherDataset, at: id.description)
            }
            return known
        }
        let content = ULID.make()
        let bytes = Int64(table.bytes)
        var members: [String: JSONValue] = [
            "content": .string(content), "bytes": .integer(bytes), "digest": .string(digest),
            "rows": .integer(Int64(table.rows)), "columns": .array(table.schema.columns.map(Self.json)),
            "ids": .array(table.schema.ids.map { .string($0) }), "origin": "job",
            "lineage": [
                "dataset": .string(source.metadata.name), "digest": .string(DatasetSpec(source.spec).digest),
                "job": .string(job),
                "task": .string(task),
            ],
        ]
        if let label = table.schema.label { members["label"] = .string(label) }
        let key = try Self.key(of: content)
        try await store.put(key, try DiskContent(descriptor: descriptor).content)
        do {
            try await contents.add(
                .init(id: content, resource: id, bytes: bytes, digest: digest),
                if: try await files.storage.admission(of: bytes, in: id.scope))
            return try await resources.create(
                Document(Resource(id, spec: .object(members)).document), defaults: id.scope,
                by: ChangeNote(author: "job/\(job)", reason: "left by task \(task)"))
        } catch {
            try? await store.delete(key)
            try? await contents.remove(content)
            throw error
        }
    }

    /// The source's name, the task's and the end of the job's id, as long as a name may be. Tasks of long names that
    /// begin alike have names of their own.
    static func name(of source: Resource, job: String, task: String) -> String {
        let digest = Array(SHA256.hash(data: Array(task.utf8)).prefix(4)).hexadecimal
        let short = task.utf8.count <= 24 ? task : "\(task.prefix(15))-\(digest)"
        let end = "-\(short)-\(job.suffix(10).lowercased())"
        var name = source.metadata.name.prefix(63 - end.utf8.count)
        while name.hasSuffix("-") { name.removeLast() }
        return name + end
    }
}
