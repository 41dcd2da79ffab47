/// Keeps objects: sequences of bytes under a key, written once and read in ranges. Where content of files and datasets
/// lives; adapters are a local folder, an S3 bucket and memory.
///
/// Rules that every adapter keeps (the conformance suite `ObjectStoreSuite` checks them):
/// - **Durability**: when a writing call returns, what it wrote survives `kill -9` of this process, and for the local
///   folder a loss of power.
/// - **All or nothing**: an object is seen whole or not at all. A call that throws leaves the object as it was before,
///   and of a part nothing that counts.
/// - **Conflict**: the last of two writers of one key wins, with its whole content. A reader goes on reading the object
///   that it began with, or gets `ObjectFaults.changed`.
/// - **Order**: what a call wrote is seen by every call that begins after it returned. Lists are in the order of the
///   keys' bytes.
/// - **Retry**: every call may be repeated. Deleting what is not there, aborting an upload that is not known, putting a
///   part again and finishing again what was finished are no errors.
/// - **Failure**: `ObjectFaults.full`, `.failed`, `.denied`; `.unreachable` after the adapter's own attempts.
public protocol ObjectStore: Sendable {
    /// Writes an object whole, or replaces it. The content is pulled piece by piece and may be of any length.
    ///
    /// - Throws: what the content throws, and then nothing is written.
    @discardableResult
    func put(_ key: ObjectKey, _ content: ObjectContent) async throws -> ObjectInfo

    /// Opens an object, or a range of its bytes; a range that reaches beyond the end is cut there.
    ///
    /// - Throws: `ObjectFaults.notFound`.
    func read(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectReading

    /// Nil when there is no such object.
    func head(_ key: ObjectKey) async throws -> ObjectInfo?

    /// Objects whose keys begin with the text, after a key, at most so many (1 to 1,000).
    func list(prefix: String, after: ObjectKey?, limit: Int) async throws -> [ObjectInfo]

    func delete(_ key: ObjectKey) async throws

    /// Begins an object that arrives in parts, in any order.
    ///
    /// - Parameter partBytes: of every part but the last; at least 5 MiB, which S3 asks for.
    func beginParts(_ key: ObjectKey, partBytes: Int) async throws -> PartUpload

    /// Keeps a part; one that was kept before is replaced.
    ///
    /// - Parameter number: from 1 to `PartUpload.mostParts`.
    /// - Returns: what `finish` asks for.
    /// - Throws: `ObjectFaults.unknownParts`; `.wrongParts` for a number outside, or more bytes than a part has.
    func putPart(_ number: Int, _ bytes: [UInt8], of upload: PartUpload) async throws -> PartTag

    /// Makes the object from its parts.
    ///
    /// - Parameter parts: of each number from 1 without a gap, as the newest `putPart` of each gave it.
    /// - Throws: `ObjectFaults.wrongParts`, `.unknownParts`.
    @discardableResult
    func finish(_ upload: PartUpload, _ parts: [PartTag]) async throws -> ObjectInfo

    /// Forgets the parts.
    func abort(_ upload: PartUpload) async throws

    /// The path of the object on this machine, for readers that map files; nil where objects are elsewhere.
    func localPath(of key: ObjectKey) -> String?
}

extension ObjectStore {
    public func localPath(of key: ObjectKey) -> String? { nil }

    /// Every object whose key begins with the text.
    public func listAll(prefix: String) async throws -> [ObjectInfo] {
        var found: [ObjectInfo] = []
        while true {
            let page = try await list(prefix: prefix, after: found.last?.key, limit: 1_000)
            found += page
            if page.count < 1_000 { return found }
        }
    }
}

/// What is known of an object without reading it.
public struct ObjectInfo: Sendable, Hashable {
    public let key: ObjectKey
    public let bytes: Int64
    /// Changes with the content; of no meaning otherwise, and nil in lists of some adapters.
    public let tag: String?

    public init(key: ObjectKey, bytes: Int64, tag: String?) {
        self.key = key
        self.bytes = bytes
        self.tag = tag
    }
}

/// An object that arrives in parts: everything that is needed to go on with it in another life of this process.
public struct PartUpload: Sendable, Hashable {
    /// S3's own limit.
    public static let mostParts = 10_000
    public static let leastPartBytes = 5 << 20

    public let key: ObjectKey
    /// The adapter's own name for it.
    public let id: String
    public let partBytes: Int

    public init(key: ObjectKey, id: String, partBytes: Int) {
        self.key = key
        self.id = id
        self.partBytes = partBytes
    }
}

/// One part that is kept.
public struct PartTag: Sendable, Hashable {
    public let number: Int
    public let bytes: Int
    /// The adapter's own mark of its content.
    public let tag: String

    public init(number: Int, bytes: Int, tag: String) {
        self.number = number
        self.bytes = bytes
        self.tag = tag
    }
}
