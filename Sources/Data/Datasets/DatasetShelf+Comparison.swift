import Objects
public import Resources
import Tables

extension DatasetShelf {
    /// What has changed from one dataset to another of the same project, for their owner; the first is the development
    /// sample. Both are read in full.
    ///
    /// - Throws: `ResourceFaults.notFound`, `ObjectFaults.noContent`, `TableFaults`.
    public func compare(_ id: ResourceID, with other: ResourceID) async throws -> JSONValue {
        let (first, second) = (try await open(id), try await open(other))
        let comparison = try await BlockingWork.run { try TableComparison(first, second) }
        var members = comparison.json.object ?? [:]
        members["first"] = ["name": .string(id.name), "digest": .string(first.contentDigest.bytes.hexadecimal)]
        members["second"] = ["name": .string(other.name), "digest": .string(second.contentDigest.bytes.hexadecimal)]
        members["isSame"] = .bool(first.contentDigest == second.contentDigest)
        return .object(members)
    }
}
