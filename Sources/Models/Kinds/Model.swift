import Faults
import Jobs
public import Resources

/// What versions of one model have in common: a name, what it is for, and which version is called what.
public enum Model {
    public static let kind = KindDefinition(
        "Model",
        plural: "models",
        shortNames: ["mo"],
        scope: .project,
        summary: "A model and its aliases; training makes its versions, of which every party keeps its own part.",
        fields: [
            Field("description", .text(0...1000), default: "", "What it is for."),
            Field(
                "aliases", .map(of: .integer(1...Int64(Int32.max)), atMost: 32), default: [:],
                "Words for versions, such as champion and challenger, each with the version's number."),
        ],
        columns: [
            .init("VERSIONS", "status", "versions"), .init("NEWEST", "status", "newest"),
            .init("ALIASES", "status", "aliases"), .init("DESCRIPTION", "spec", "description"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Model
            metadata:
              name: merchants
              tenant: retail-risk
              project: cards
            spec:
              description: Default of small merchants within a year.
              aliases:
                champion: 3
            """,
        check: check
    )

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    static func aliases(_ spec: JSONValue) -> [String: Int64] {
        (spec["aliases"]?.object ?? [:]).compactMapValues(\.integer)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        for alias in aliases(new.spec).keys.sorted() where !ModelReference.isAlias(alias) {
            throw Fault(ModelFaults.alias, "'\(alias)' could be a version's number.", at: "spec.aliases")
        }
    }
}
