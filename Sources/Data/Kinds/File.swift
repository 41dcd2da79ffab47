import Faults
import Objects
public import Resources

/// A file that was uploaded: its bytes as they came, for as many days as its sender chose.
public enum File {
    public static let kind = KindDefinition(
        "File",
        plural: "files",
        shortNames: ["fi"],
        scope: .project,
        summary: "A file that was uploaded whole; datasets are made from it, and it is removed after its retention.",
        fields: [
            Field("upload", .text(26...26, form: .line), required: true, "The upload that brought it."),
            Field("bytes", .integer(1...FileDigest.mostBytes), required: true, "Its size."),
            Field(
                "digest", .text(64...64, form: .line), required: true,
                "SHA-256 over the SHA-256 digests of its chunks of 8 MiB, in hexadecimal."),
            Field(
                "rows", .integer(0...Int64.max), "Records of a CSV file without its header, as its sender counted them."
            ),
            Field(
                "retentionDays", .integer(NewUpload.retentionDays), default: .integer(NewUpload.usualRetentionDays),
                "Days after which it is deleted."),
        ],
        isImmutable: true,
        finalizers: [finalizer],
        columns: [
            .init("BYTES", "spec", "bytes"), .init("ROWS", "spec", "rows"), .init("STATE", "status", "state"),
            .init("EXPIRES", "status", "expires"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: File
            metadata:
              name: loans-2026-03
              tenant: retail-risk
              project: cards
            spec:
              upload: 01JZZZZZZZZZZZZZZZZZZZZZZZ
              bytes: 1048576
              digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              rows: 20000
              retentionDays: 30
            """,
        check: check
    )

    /// Kept until the content is gone.
    static let finalizer = "atoll.dev/file"

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    static func spec(_ wanted: NewUpload, id: String, claim: UploadClaim) -> JSONValue {
        var members: [String: JSONValue] = [
            "upload": .string(id), "bytes": .integer(wanted.bytes), "digest": .string(claim.digest.hexadecimal),
            "retentionDays": .integer(wanted.retentionDays),
        ]
        if let rows = claim.rows { members["rows"] = .integer(rows) }
        return .object(members)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        guard ULID.isValid(new.spec["upload"]?.string ?? "") else {
            throw Fault(ResourceFaults.outOfRange, "'spec.upload' is no id.", at: "spec.upload", wanted: "a ULID")
        }
        guard [UInt8](hexadecimal: new.spec["digest"]?.string ?? "")?.count == 32 else {
            throw Fault(
                ResourceFaults.outOfRange, "'spec.digest' is no digest.", at: "spec.digest",
                wanted: "64 hexadecimal digits")
        }
    }
}

/// What a file's document says, read from a spec that passed its checks.
public struct FileSpec: Sendable, Hashable {
    public let upload: String
    public let bytes: Int64
    /// In hexadecimal.
    public let digest: String
    public let rows: Int64?
    public let retentionDays: Int64

    public init(_ spec: JSONValue) {
        upload = spec["upload"]?.string ?? ""
        bytes = spec["bytes"]?.integer ?? 0
        digest = spec["digest"]?.string ?? ""
        rows = spec["rows"]?.integer
        retentionDays = spec["retentionDays"]?.integer ?? NewUpload.usualRetentionDays
    }
}
