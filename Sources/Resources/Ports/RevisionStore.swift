/// Keeps every spec that a resource ever had. Written by the same transaction as the change itself, so no change is
/// without a revision; nothing in it is ever rewritten.
public protocol RevisionStore: Sendable {
    /// The revisions of the resource that has this id now, or of the one that had it last, oldest first.
    ///
    /// - Throws: `ResourceFaults.notFound` when the id never existed.
    func revisions(of id: ResourceID) async throws -> [Revision]
}

/// One spec of a resource: what, since when, by whom, why.
public struct Revision: Sendable, Hashable {
    /// The resource's generation from then on; a deletion gets the next number.
    public let number: Int64
    public let uid: String
    public let time: Timestamp
    public let author: String
    public let reason: String
    /// nil when this revision is the deletion.
    public let spec: JSONValue?

    public init(number: Int64, uid: String, time: Timestamp, author: String, reason: String, spec: JSONValue?) {
        self.number = number
        self.uid = uid
        self.time = time
        self.author = author
        self.reason = reason
        self.spec = spec
    }

    public var json: JSONValue {
        [
            "number": .integer(number), "uid": .string(uid), "time": .string(time.description),
            "author": .string(author), "reason": .string(reason), "spec": spec ?? .null,
        ]
    }
}
