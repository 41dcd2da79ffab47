import Faults
public import Resources

/// An immutable version of a table at this site. Its rows are a column file in the object store.
public enum Dataset {
    public static let kind = KindDefinition(
        "Dataset",
        plural: "datasets",
        shortNames: ["ds"],
        scope: .project,
        summary: "An immutable version of a table at this site; `atoll data upload` makes one.",
        fields: [
            Field("content", .text(26...26, form: .line), required: true, "What brought its rows."),
            Field("bytes", .integer(1...Int64.max), required: true, "The size of its column file."),
            Field(
                "digest", .text(64...64, form: .line), required: true,
                "SHA-256 of what the table says, in hexadecimal: the same for the same columns and rows."),
            Field("rows", .integer(0...Int64.max), required: true, "How many rows it has."),
            Field(
                "columns",
                .list(
                    of: .group([
                        Field("name", .text(1...128, form: .line), required: true, "The column's name."),
                        Field(
                            "type", .choice(["integer", "decimal", "float", "category", "date", "text"]),
                            required: true,
                            "What it holds."),
                        Field("scale", .integer(0...18), "Digits after the point of a decimal."),
                    ]), count: 1...10_000), required: true, "Its columns in order."),
            Field(
                "ids", .list(of: .text(1...128, form: .line), count: 0...64), default: [],
                "The columns that together tell rows apart."),
            Field("label", .text(1...128, form: .line), "The column that is to be predicted."),
            Field(
                "duplicates", .choice(["refuse", "first", "last"]), default: "refuse",
                "What was done with rows of one id."),
            Field(
                "source",
                .group([
                    Field("file", .text(1...63, form: .name), required: true, "The file it was made from."),
                    Field("digest", .text(64...64, form: .line), required: true, "The file's digest."),
                    Field("bytes", .integer(1...Int64.max), required: true, "The file's size."),
                    Field("rows", .integer(0...Int64.max), "The file's rows, as its sender counted them."),
                ]), "What it was made from."),
            Field(
                "lineage",
                .group([
                    Field("dataset", .text(1...63, form: .name), required: true, "The dataset whose rows it has."),
                    Field("digest", .text(64...64, form: .line), required: true, "That dataset's digest."),
                    Field("job", .text(26...26, form: .line), required: true, "The job that left it."),
                    Field("task", .text(1...63, form: .line), required: true, "The task that left it."),
                ]), "What a job made it of."),
            Field("origin", .choice(["upload", "job"]), default: "upload", "How it came to be."),
        ],
        isImmutable: true,
        finalizers: [finalizer],
        columns: [
            .init("ROWS", "spec", "rows"), .init("LABEL", "spec", "label"), .init("BYTES", "spec", "bytes"),
            .init("STATE", "status", "state"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Dataset
            metadata:
              name: loans
              tenant: retail-risk
              project: cards
            spec:
              content: 01JZZZZZZZZZZZZZZZZZZZZZZZ
              bytes: 1048576
              digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              rows: 20000
              columns:
                - {name: id, type: text}
                - {name: amount, type: decimal, scale: 2}
                - {name: y, type: integer}
              ids: [id]
              label: y
            """,
        check: check
    )

    /// Kept until no job reads it and its content is gone.
    static let finalizer = "atoll.dev/dataset"

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        guard ULID.isValid(new.spec["content"]?.string ?? "") else {
            throw Fault(ResourceFaults.outOfRange, "'spec.content' is no id.", at: "spec.content", wanted: "a ULID")
        }
        let names = Set(DatasetSpec(new.spec).columns)
        for (member, columns) in [
            ("ids", new.spec["ids"]?.array?.compactMap(\.string) ?? []),
            ("label", [new.spec["label"]?.string].compactMap { $0 }),
        ] {
            guard columns.allSatisfy(names.contains) else {
                throw Fault(
                    ResourceFaults.outOfRange, "'spec.\(member)' names what is no column.", at: "spec.\(member)",
                    wanted: "names of columns")
            }
        }
    }
}

/// What a job has made a dataset of, read from a spec that passed its checks.
public struct DatasetLineage: Sendable, Hashable {
    /// The dataset whose rows it has, in the same project, and that one's digest in hexadecimal.
    public let dataset: String
    public let digest: String
    /// The job's ULID.
    public let job: String
    public let task: String

    /// Nil for a dataset that no job made.
    public init?(_ spec: JSONValue) {
        guard let lineage = spec["lineage"], let dataset = lineage["dataset"]?.string,
            let digest = lineage["digest"]?.string, let job = lineage["job"]?.string,
            let task = lineage["task"]?.string
        else { return nil }
        (self.dataset, self.digest, self.job, self.task) = (dataset, digest, job, task)
    }
}

/// What a dataset's document says, read from a spec that passed its checks.
public struct DatasetSpec: Sendable, Hashable {
    public let content: String
    public let bytes: Int64
    /// In hexadecimal.
    public let digest: String
    public let rows: Int64
    /// Names in order.
    public let columns: [String]
    public let ids: [String]
    public let label: String?

    public init(_ spec: JSONValue) {
        content = spec["content"]?.string ?? ""
        bytes = spec["bytes"]?.integer ?? 0
        digest = spec["digest"]?.string ?? ""
        rows = spec["rows"]?.integer ?? 0
        columns = (spec["columns"]?.array ?? []).compactMap { $0["name"]?.string }
        ids = (spec["ids"]?.array ?? []).compactMap(\.string)
        label = spec["label"]?.string
    }
}
