public import Faults
public import GRDB
public import Resources

/// What somebody wants to upload.
public struct NewUpload: Sendable, Hashable {
    public static let retentionDays: ClosedRange<Int64> = 1...3_650
    public static let usualRetentionDays: Int64 = 30

    /// Where the file will be.
    public var scope: Scope
    public var name: String
    public var bytes: Int64
    /// How long the file is kept once it is whole.
    public var retentionDays: Int64
    /// A CSV file's first record is none of its rows. Only for counting them.
    public var hasHeader: Bool

    public init(
        scope: Scope, name: String, bytes: Int64, retentionDays: Int64 = usualRetentionDays, hasHeader: Bool = true
    ) {
        self.scope = scope
        self.name = name
        self.bytes = bytes
        self.retentionDays = retentionDays
        self.hasHeader = hasHeader
    }
}

/// An upload as it stands.
public struct Upload: Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Chunks are taken.
        case open
        /// All chunks are here; they are joined and read once more.
        case completing
        /// The file is registered.
        case done
        /// Nothing is registered and nothing kept, for the reason in `fault`.
        case failed
    }

    /// A ULID.
    public let id: String
    public let wanted: NewUpload
    public let author: String
    public let created: Timestamp
    /// The last time something of it arrived.
    public let touched: Timestamp
    public let state: State
    /// SHA-256 of the chunks that are here, by number from 0.
    public let chunks: [Int: [UInt8]]
    /// What the sender said when it completed.
    public let claim: UploadClaim?
    public let fault: Fault?
    let parts: PartUpload

    public var count: Int { FileDigest.count(wanted.bytes) }

    public var arrivedBytes: Int64 {
        chunks.keys.reduce(0) { $0 + Int64(FileDigest.range($1, of: wanted.bytes).count) }
    }

    /// Ranges of chunks that are not here.
    public var missing: [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for chunk in 0..<count where chunks[chunk] == nil {
            if let last = ranges.last, last.upperBound == chunk - 1 {
                ranges[ranges.count - 1] = last.lowerBound...chunk
            } else {
                ranges.append(chunk...chunk)
            }
        }
        return ranges
    }

    public static func key(of id: String) throws(Fault) -> ObjectKey { try ObjectKey("files/\(id.lowercased())") }
}

/// What a sender says of the file that it has sent.
public struct UploadClaim: Sendable, Hashable {
    /// See `FileDigest`; 32 bytes.
    public let digest: [UInt8]
    /// Nil for files that have none to count.
    public let rows: Int64?

    public init(digest: [UInt8], rows: Int64?) {
        self.digest = digest
        self.rows = rows
    }
}

/// A file that has arrived whole.
public struct StoredFile: Sendable, Hashable {
    /// Of the upload.
    public let id: String
    public let wanted: NewUpload
    public let claim: UploadClaim
    public let author: String

    public init(id: String, wanted: NewUpload, claim: UploadClaim, author: String) {
        self.id = id
        self.wanted = wanted
        self.claim = claim
        self.author = author
    }
}

/// Asked in the transaction that adds an upload, which is not added when it throws.
public typealias UploadAdmission = @Sendable (Database) throws -> Void

/// Where files that have arrived become known.
///
/// - Retry: registering a file that is registered already changes nothing.
/// - Durability: a file is registered for good when the call returns.
public protocol FileRegistry: Sendable {
    /// - Throws: a fault when no file of that name can be registered there, so that nobody sends it in vain.
    func check(_ wanted: NewUpload) async throws

    /// Whether so much may be stored there: what is asked in the transaction that adds the upload.
    func admission(of wanted: NewUpload) async throws -> UploadAdmission

    /// - Throws: as `check`; the content is removed then.
    func register(_ file: StoredFile) async throws
}
