import Faults
public import Objects
public import Resources
public import Tables

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The datasets of the site: made of files, opened for reading, shown to their owner.
public struct DatasetShelf: Sendable {
    let resources: ResourceService
    let contents: ContentBook
    let store: any ObjectStore
    let files: FileShelf
    let leases: LeaseDesk
    /// For what is needed for a moment; emptied at the site's start.
    let scratch: String

    public init(files: FileShelf, leases: LeaseDesk, scratch: String) {
        self.files = files
        resources = files.resources
        contents = files.contents
        store = files.store
        self.leases = leases
        self.scratch = scratch
    }

    static func key(of content: String) throws(Fault) -> ObjectKey { try ObjectKey("datasets/\(content.lowercased())") }

    // MARK: Making

    /// - Throws: a fault when no dataset of that name can be made there; `ResourceFaults.notFound` without the file.
    func check(_ new: NewDataset) async throws {
        try Names.check(new.name, at: "name")
        let id = Dataset.id(new.name, in: new.scope)
        if try await resources.store.find(id) != nil {
            throw Fault(ResourceFaults.alreadyExists, "There is \(id) already.", at: "name")
        }
        _ = try await resources.store.get(File.id(new.file, in: new.scope))
        try await files.storage.checkRoom(for: 1, in: new.scope)
    }

    /// Makes a dataset: reads the file strictly, holds its rows against what its sender counted, keeps the column file and
    /// registers it. Nothing is kept when anything is wrong.
    ///
    /// - Parameter tell: bytes and rows read so far; what it throws ends the making.
    /// - Throws: `TableFaults` for what does not fit, `ObjectFaults.rowsDiffer`, what the store throws.
    func make(
        _ new: NewDataset, by author: String, tell: @escaping @Sendable (_ bytes: Int, _ rows: Int) throws -> Void
    ) async throws -> (dataset: Resource, removed: Int) {
        try await check(new)
        let content = ULID.make()
        let target = "\(scratch)/\(content).table"
        defer { try? FileManager.default.removeItem(atPath: target) }
        let file = try await resources.store.get(File.id(new.file, in: new.scope))
        let (source, isCopy) = try await localCopy(of: file)
        defer { if isCopy { try? FileManager.default.removeItem(atPath: source) } }
        let summary = try await BlockingWork.run { [scratch] in
            let progress: (TableProgress) throws -> Void = { try tell($0.bytes, $0.rows) }
            let schema =
                try new.schema
                ?? CSVInference.schema(
                    of: FileInput(path: source), reading: new.reading, ids: new.ids, label: new.label,
                    progress: progress
                ).schema
            let importer = CSVImporter(schema: schema, reading: new.reading, scratch: scratch)
            return try importer.run(FileInput(path: source), to: target, progress: progress)
        }
        let spec = FileSpec(file.spec)
        guard Int64(summary.sourceBytes) == spec.bytes else { throw Fault(ObjectFaults.digestDiffers) }
        if let rows = spec.rows, rows != Int64(summary.sourceRows) {
            throw Fault(
                ObjectFaults.rowsDiffer, "\(summary.sourceRows) rows were read, and the sender counted \(rows).",
                at: file.id.description)
        }
        let output = try DiskContent(target)
        try await store.put(try Self.key(of: content), output.content)
        do {
            let dataset = try await register(new, content, summary, spec, author)
            return (dataset, summary.duplicatesRemoved)
        } catch {
            try? await store.delete(try Self.key(of: content))
            try? await contents.remove(content)
            throw error
        }
    }

    private func register(
        _ new: NewDataset, _ content: String, _ summary: CSVImportSummary, _ source: FileSpec, _ author: String
    ) async throws -> Resource {
        let id = Dataset.id(new.name, in: new.scope)
        let table = summary.table
        let digest = table.contentDigest.bytes.hexadecimal
        var origin: [String: JSONValue] = [
            "file": .string(new.file), "digest": .string(source.digest), "bytes": .integer(source.bytes),
        ]
        if let rows = source.rows { origin["rows"] = .integer(rows) }
        var spec: [String: JSONValue] = [
            "content": .string(content), "bytes": .integer(Int64(table.bytes)), "digest": .string(digest),
            "rows": .integer(Int64(table.rows)), "columns": .array(table.schema.columns.map(Self.json)),
            "ids": .array(table.schema.ids.map { .string($0) }),
            "duplicates": .string(new.reading.duplicates.rawValue), "source": .object(origin), "origin": "upload",
        ]
        if let label = table.schema.label { spec["label"] = .string(label) }
        try await contents.add(
            .init(id: content, resource: id, bytes: Int64(table.bytes), digest: digest),
            if: try await files.storage.admission(of: Int64(table.bytes), in: new.scope))
        return try await resources.create(
            Document(Resource(id, spec: .object(spec)).document), defaults: new.scope,
            by: ChangeNote(author: author, reason: "made of \(new.file)"))
    }

    static func json(_ column: ColumnSchema) -> JSONValue {
        var members: [String: JSONValue] = ["name": .string(column.name), "type": .string(column.type.name)]
        if case .decimal(let scale) = column.type { members["scale"] = .integer(Int64(scale)) }
        return .object(members)
    }

    /// The file's content on this machine: where the store has it, or a copy.
    private func localCopy(of file: Resource) async throws -> (path: String, isCopy: Bool) {
        let key = try Upload.key(of: FileSpec(file.spec).upload)
        let (_, reading) = try await files.read(file.id)
        if let path = store.localPath(of: key) { return (path, false) }
        let path = "\(scratch)/\(ULID.make()).file"
        try await LocalCopy.write(reading, to: path)
        return (path, true)
    }

    // MARK: Reading

    /// Opens a dataset's column file.
    ///
    /// - Throws: `ResourceFaults.notFound`, `ObjectFaults.noContent`, `TableFaults`.
    public func open(_ id: ResourceID) async throws -> ColumnFile {
        let dataset = try await resources.store.get(id)
        guard try await contents.holds(Self.entry(dataset)) else {
            throw Fault(ObjectFaults.noContent, at: id.description)
        }
        let key = try Self.key(of: DatasetSpec(dataset.spec).content)
        let file: ColumnFile
        if let path = store.localPath(of: key) {
            file = try ColumnFile(path: path)
        } else {
            // The copy lives as long as it is mapped.
            let path = "\(scratch)/\(ULID.make()).table"
            try await LocalCopy.write(try await store.read(key, range: nil), to: path)
            defer { try? FileManager.default.removeItem(atPath: path) }
            file = try ColumnFile(path: path)
        }
        guard file.contentDigest.bytes.hexadecimal == DatasetSpec(dataset.spec).digest else {
            throw Fault(TableFaults.fileDamaged, "The column file is not the dataset's.", at: id.description)
        }
        return file
    }

    /// The first rows, as texts; nil where a value is missing. For the dataset's owner alone.
    public func head(_ id: ResourceID, rows: Int) async throws -> (columns: [String], rows: [[String?]]) {
        let file = try await open(id)
        let cells = try await BlockingWork.run { try file.cells(count: rows) }
        return (file.schema.columns.map(\.name), cells.map { $0.map { $0 == .missing ? nil : $0.text } })
    }

    /// What the columns are like; computed once for each dataset.
    public func profile(_ id: ResourceID) async throws -> JSONValue {
        let dataset = try await resources.store.get(id)
        let key = try ObjectKey("profiles/\(DatasetSpec(dataset.spec).content.lowercased())")
        let file = try await open(id)
        if try await store.head(key) != nil {
            return try JSONParser.parse(try await store.read(key, range: nil).all())
        }
        let text = try await BlockingWork.run { try TableProfile(of: file).json() }
        try await store.put(key, ObjectContent(bytes: Array(text.utf8)))
        return try JSONParser.parse(text)
    }

    /// The dataset as CSV; texts that a spreadsheet would take for formulas get an apostrophe in front.
    ///
    /// - Parameter columns: nil for all.
    public func export(_ id: ResourceID, columns: [String]?, guardsFormulas: Bool = true) async throws -> ObjectContent
    {
        let file = try await open(id)
        let path = "\(scratch)/\(ULID.make()).csv"
        let output = try DiskContent(path, isNew: true)
        // It is read by its descriptor.
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await BlockingWork.run {
            var writing = CSVWriting()
            writing.guardsFormulas = guardsFormulas
            var target = DescriptorOutput(descriptor: output.descriptor)
            _ = try CSVExporter(writing).run(file, columns: columns, to: &target)
        }
        return output.content
    }

    static func entry(_ dataset: Resource) -> ContentBook.Entry {
        let spec = DatasetSpec(dataset.spec)
        return .init(id: spec.content, resource: dataset.id, bytes: spec.bytes, digest: spec.digest)
    }
}

extension LeaseDesk {
    /// Refuses to delete a dataset that a running job reads.
    ///
    /// - Throws: `GrantFaults.inUse`.
    public func checkUnread(_ dataset: Resource) async throws {
        let jobs = try await readers(of: dataset.metadata.uid)
        guard jobs.isEmpty else {
            throw Fault(
                GrantFaults.inUse, "\(dataset.id) is read by job \(jobs.prefix(3).joined(separator: ", ")).",
                at: dataset.id.description)
        }
    }
}
