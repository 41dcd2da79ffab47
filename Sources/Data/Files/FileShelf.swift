import Faults
public import Objects
public import Resources

/// The files of the site: uploads become resources here, and their content is read here.
public struct FileShelf: FileRegistry {
    let resources: ResourceService
    let contents: ContentBook
    let storage: StorageUse
    let store: any ObjectStore

    public init(resources: ResourceService, contents: ContentBook, storage: StorageUse, store: any ObjectStore) {
        self.resources = resources
        self.contents = contents
        self.storage = storage
        self.store = store
    }

    public func check(_ wanted: NewUpload) async throws {
        let claim = UploadClaim(digest: [UInt8](repeating: 0, count: 32), rows: nil)
        let document = Self.document(wanted, File.spec(wanted, id: ULID.make(), claim: claim))
        let id = File.id(wanted.name, in: wanted.scope)
        if try await resources.store.find(id) != nil {
            throw Fault(ResourceFaults.alreadyExists, "There is \(id) already.", at: "name")
        }
        let note = ChangeNote(author: "uploads")
        _ = try await resources.apply([document], defaults: wanted.scope, by: note, dryRun: true)
    }

    public func admission(of wanted: NewUpload) async throws -> UploadAdmission {
        try await storage.admission(of: wanted.bytes, in: wanted.scope)
    }

    public func register(_ file: StoredFile) async throws {
        let id = File.id(file.wanted.name, in: file.wanted.scope)
        let spec = File.spec(file.wanted, id: file.id, claim: file.claim)
        try await contents.add(
            .init(id: file.id, resource: id, bytes: file.wanted.bytes, digest: file.claim.digest.hexadecimal))
        do {
            let note = ChangeNote(author: file.author, reason: "upload \(file.id)")
            _ = try await resources.create(
                Self.document(file.wanted, spec), defaults: file.wanted.scope, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
            if try await resources.store.find(id)?.spec["upload"]?.string == file.id { return }
            try await contents.remove(file.id)
            throw fault
        }
    }

    /// Opens a file's content.
    ///
    /// - Throws: `ResourceFaults.notFound`, `ObjectFaults.noContent`.
    public func read(_ id: ResourceID) async throws -> (file: Resource, content: ObjectReading) {
        let file = try await resources.store.get(id)
        guard try await contents.holds(Self.entry(file)) else {
            throw Fault(ObjectFaults.noContent, at: id.description)
        }
        return (file, try await store.read(try Upload.key(of: FileSpec(file.spec).upload), range: nil))
    }

    static func entry(_ file: Resource) -> ContentBook.Entry {
        let spec = FileSpec(file.spec)
        return .init(id: spec.upload, resource: file.id, bytes: spec.bytes, digest: spec.digest)
    }

    private static func document(_ wanted: NewUpload, _ spec: JSONValue) -> Document {
        Document(Resource(File.id(wanted.name, in: wanted.scope), spec: spec).document)
    }
}
