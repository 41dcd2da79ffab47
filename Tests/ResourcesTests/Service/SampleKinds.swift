import Faults
import Resources

/// Kinds made for tests, with a field of every type.
enum SampleKinds {
    static let tray = KindDefinition(
        "Tray",
        plural: "trays",
        shortNames: ["tr"],
        scope: .platform,
        summary: "Holds dishes.",
        fields: [Field("colour", .choice(["red", "green", "blue"]), default: "red", "What it looks like.")],
        example: ""
    )

    static let dish = KindDefinition(
        "Dish",
        plural: "dishes",
        scope: .tenant,
        summary: "Something to eat.",
        fields: [
            Field("title", .text(1...10, form: .line), required: true, "Its name."),
            Field("tray", .reference(kind: "Tray"), "What it stands on."),
            Field("count", .integer(0...9), default: 1, "How many."),
            Field("weight", .number(0...2.5), "Kilograms."),
            Field("hot", .boolean, default: false, "Whether it steams."),
            Field("recipe", .text(0...5), default: "", immutable: true, "Never changes."),
            Field("since", .text(20...30, form: .timestamp), "Since when."),
            Field("tags", .list(of: .text(1...3), count: 0...2), "Words."),
            Field("parts", .map(of: .integer(1...5), atMost: 2), "How much of what."),
            Field(
                "sauce",
                .group([
                    Field("name", .text(1...5), required: true, "Its name."),
                    Field("sharp", .integer(0...3), immutable: true, "How sharp."),
                ]),
                "What goes with it."
            ),
        ],
        example: "",
        check: { new, _ throws(Fault) in
            if new.spec["title"] == "tabu" {
                throw Fault(ResourceFaults.outOfRange, "That title is taken.", at: "spec.title")
            }
        }
    )

    static let receipt = KindDefinition(
        "Receipt",
        plural: "receipts",
        scope: .platform,
        summary: "Never changes.",
        fields: [Field("sum", .integer(0...100), required: true, "Paid.")],
        isImmutable: true,
        example: ""
    )

    static let promise = KindDefinition(
        "Promise",
        plural: "promises",
        scope: .platform,
        summary: "Cannot be taken back to.",
        fields: [Field("text", .text(0...20), default: "", "What.")],
        rollbackRefusal: "it would revive what was withdrawn",
        example: ""
    )

    static let house = KindDefinition(
        "House",
        plural: "houses",
        scope: .platform,
        summary: "The tenant kind of these tests.",
        fields: [],
        example: ""
    )

    static let registry = KindRegistry([tray, dish, receipt, promise, house], tenantKind: "House")

    static func document(
        _ kind: String,
        _ name: String,
        spec: JSONValue,
        tenant: String? = nil,
        labels: JSONValue? = nil
    ) -> Document {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        if let tenant { metadata["tenant"] = .string(tenant) }
        if let labels { metadata["labels"] = labels }
        return Document([
            "apiVersion": "atoll.dev/v1alpha1", "kind": .string(kind), "metadata": .object(metadata), "spec": spec,
        ])
    }

    /// A service on an empty store in memory with one house, `home`.
    static func service() async throws -> ResourceService {
        let service = ResourceService(registry: registry, store: MemoryResourceStore())
        _ = try await service.create(document("House", "home", spec: [:]), defaults: .platform, by: note)
        return service
    }

    static let note = ChangeNote(author: "ana")
}
