import Faults
import Resources
import Testing

@Suite struct ScalarFieldTests {
    private static let crate = KindDefinition(
        "Crate", plural: "crates", scope: .platform, summary: "Holds anything.",
        fields: [Field("things", .scalars(atMost: 3), default: [:], "What is in it.")], example: "",
        check: { new, _ throws(Fault) in
            guard new.spec["things"]?["bad"] != nil else { return }
            throw Fault(
                ResourceFaults.invalidDocument,
                parts: [
                    Fault(ResourceFaults.outOfRange, at: "spec.things.bad"),
                    Fault(ResourceFaults.outOfRange, at: "the shelf"),
                ])
        })

    private static func service() -> ResourceService {
        ResourceService(registry: KindRegistry([crate]), store: MemoryResourceStore())
    }

    private static func create(_ things: JSONValue) async throws -> Resource {
        let document = SampleKinds.document("Crate", "oak", spec: ["things": things])
        return try await service().create(document, defaults: .platform, by: SampleKinds.note)
    }

    @Test func textsNumbersAndTruthValuesAreTakenAndNullIsAbsent() async throws {
        let things: JSONValue = ["aB1": "x", "c": 1.5, "d": true, "e": .null]
        #expect(try await Self.create(things).spec["things"] == ["aB1": "x", "c": 1.5, "d": true])
    }

    @Test func everythingElseIsRefusedAtItsPlace() async throws {
        let long = String(repeating: "é", count: FieldType.longestScalar / 2 + 1)
        let cases: [(JSONValue, FaultEntry, String)] = [
            (["a": [1]], ResourceFaults.wrongType, "spec.things.a"),
            (["a": ["b": 1]], ResourceFaults.wrongType, "spec.things.a"),
            (["a-b": 1], ResourceFaults.outOfRange, "spec.things.a-b"),
            (["1a": 1], ResourceFaults.outOfRange, "spec.things.1a"),
            (["a": .string(long)], ResourceFaults.outOfRange, "spec.things.a"),
            (["a": 1, "b": 1, "c": 1, "d": 1], ResourceFaults.outOfRange, "spec.things"),
            ([1], ResourceFaults.wrongType, "spec.things"),
        ]
        for (things, entry, place) in cases {
            let caught = await #expect(throws: Fault(entry)) { try await Self.create(things) }
            #expect(caught?.place == place)
        }
    }

    @Test func aKindsOwnFaultsAreToldOneByOneWithTheirLines() async throws {
        let text = """
            apiVersion: atoll.dev/v1alpha1
            kind: Crate
            metadata: {name: oak}
            spec:
              things:
                bad: 1
            """
        let documents = try YAMLReader.documents(Array(text.utf8), file: "oak.yaml")
        let caught = await #expect(throws: Fault(ResourceFaults.invalidDocument)) {
            try await Self.service().apply(documents, defaults: .platform, by: SampleKinds.note)
        }
        #expect(caught?.parts.map(\.place) == ["spec.things.bad (line 6 of oak.yaml)", "the shelf"])
    }
}
