import Faults
public import Resources

/// What one training left at this site: this party's part of a model, and where it comes from. Lineage is not ownership: it
/// stays when the job and the datasets are deleted.
public enum ModelVersion {
    public static let kind = KindDefinition(
        "ModelVersion",
        plural: "modelversions",
        shortNames: ["mv"],
        scope: .project,
        summary: "One version of a model: this party's part and what it was made of; `atoll model list` shows them.",
        fields: [
            Field("model", .reference(kind: "Model"), required: true, "The model whose version it is."),
            Field("version", .integer(1...Int64(Int32.max)), required: true, "Its number, which rises at this site."),
            Field("job", .text(26...26, form: .line), required: true, "The job that left it, the same at every party."),
            Field("task", .text(1...63, form: .name), required: true, "The task that left it."),
            Field("operator", .text(1...32, form: .dottedName), required: true, "What the task did."),
            Field("operatorVersion", .integer(1...Int64(UInt32.max)), required: true, "The operator's version."),
            Field("code", .text(0...80, form: .line), default: "", "The program's version."),
            Field("plan", digest, required: true, "SHA-256 of the job's plan, on which every party agreed."),
            Field("role", .choice(["guest", "host", "member"]), required: true, "This party's role."),
            Field(
                "parties",
                .list(
                    of: .group([
                        Field("site", .text(1...128, form: .line), required: true, "The site's id."),
                        Field("role", .choice(["guest", "host", "member"]), required: true, "Its role."),
                        Field("peer", .text(1...63, form: .name), "Its name here; absent for this site."),
                    ]), count: 1...16), required: true, "Who trained it, in the order of its parts."),
            Field("part", digest, required: true, "The digest of this party's part."),
            Field("digest", digest, "The digest of the whole model, where this party knows it."),
            Field(
                "datasets",
                .list(
                    of: .group([
                        Field("name", .text(1...320, form: .line), required: true, "As the plan named it."),
                        Field("digest", digest, "Its digest."),
                    ]), count: 0...64), default: [], "What this party's side of the task read."),
            Field(
                "columns", .list(of: .text(1...512, form: .line), count: 0...10_000), default: [],
                "This party's columns that were offered to it."),
            Field("objective", .text(1...32, form: .line), "What it predicts."),
            Field("trees", .integer(0...1_000_000), "How many trees it has, where this party knows."),
            Field("parameters", .scalars(atMost: 64), default: [:], "The task's parameters."),
        ],
        isImmutable: true,
        finalizers: [finalizer],
        columns: [
            .init("MODEL", "spec", "model"), .init("VERSION", "spec", "version"), .init("ROLE", "spec", "role"),
            .init("WHOLE", "status", "whole"), .init("STATE", "status", "state"), .init("JOB", "spec", "job"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: ModelVersion
            metadata:
              name: merchants-v3
              tenant: retail-risk
              project: cards
            spec:
              model: merchants
              version: 3
              job: 01JZZZZZZZZZZZZZZZZZZZZZZZ
              task: train
              operator: train.boosting
              operatorVersion: 1
              plan: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              role: guest
              parties:
                - {site: 7f3c, role: guest}
                - {site: 91ab, role: host, peer: partner}
              part: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            """
    )

    private static let digest = FieldType.text(64...64, form: .line)

    /// Kept until the part is gone.
    static let finalizer = "atoll.dev/model-version"

    /// The id of a version's resource.
    public static func id(_ model: String, _ version: Int64, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: "\(model)-v\(version)")
    }
}
