import Faults
import Resources
import Testing

@Suite struct AdmissionTests {
    /// The fault that creating a dish of this spec gives, or nil.
    private func fault(_ spec: JSONValue) async throws -> Fault? {
        let service = try await SampleKinds.service()
        do {
            let document = SampleKinds.document("Dish", "soup", spec: spec, tenant: "home")
            _ = try await service.create(document, defaults: .platform, by: SampleKinds.note)
            return nil
        } catch let fault as Fault {
            return fault
        }
    }

    @Test func everyTypeIsHeldToItsBounds() async throws {
        let cases: [(JSONValue, FaultEntry, String)] = [
            (["title": 7], ResourceFaults.wrongType, "spec.title"),
            (["title": ""], ResourceFaults.outOfRange, "spec.title"),
            (["title": "more than ten"], ResourceFaults.outOfRange, "spec.title"),
            (["title": "two\nlines"], ResourceFaults.outOfRange, "spec.title"),
            (["title": "a", "count": 10], ResourceFaults.outOfRange, "spec.count"),
            (["title": "a", "count": 1.5], ResourceFaults.wrongType, "spec.count"),
            (["title": "a", "count": "1"], ResourceFaults.wrongType, "spec.count"),
            (["title": "a", "weight": 2.6], ResourceFaults.outOfRange, "spec.weight"),
            (["title": "a", "hot": "yes"], ResourceFaults.wrongType, "spec.hot"),
            (["title": "a", "since": "yesterday, at about noon"], ResourceFaults.outOfRange, "spec.since"),
            (["title": "a", "tags": ["x", "long"]], ResourceFaults.outOfRange, "spec.tags[1]"),
            (["title": "a", "tags": ["x", "y", "z"]], ResourceFaults.outOfRange, "spec.tags"),
            (["title": "a", "tags": "x"], ResourceFaults.wrongType, "spec.tags"),
            (["title": "a", "parts": ["salt": 6]], ResourceFaults.outOfRange, "spec.parts.salt"),
            (["title": "a", "parts": ["Bad Key": 1]], ResourceFaults.outOfRange, "spec.parts"),
            (["title": "a", "sauce": [:]], ResourceFaults.missingField, "spec.sauce.name"),
            (["title": "a", "sauce": 3], ResourceFaults.wrongType, "spec.sauce"),
            (["title": "a", "sauce": ["name": "a", "shrp": 1]], ResourceFaults.unknownField, "spec.sauce.shrp"),
            (["title": "a", "tray": "none"], ResourceFaults.danglingReference, "spec.tray"),
            (["title": "a", "tray": "No Name"], ResourceFaults.outOfRange, "spec.tray"),
            (["title": "tabu"], ResourceFaults.outOfRange, "spec.title"),
            ([:], ResourceFaults.missingField, "spec.title"),
            ([], ResourceFaults.wrongType, "spec"),
        ]
        for (spec, entry, place) in cases {
            let fault = try await fault(spec)
            #expect(fault?.number == entry.number, "\(spec)")
            #expect(fault?.place == place, "\(spec)")
        }
        let right: JSONValue = ["title": "a", "weight": 2, "since": "2026-01-31T08:00:00Z", "parts": ["salt": 5]]
        #expect(try await fault(right) == nil)
    }

    @Test func valuesAreNeverRepeatedInMessages() async throws {
        let fault = try await fault(["title": "a secret that is far too long", "count": "needle"])
        #expect(fault?.parts.count == 2)
        #expect(fault?.description.contains("secret") == false)
        #expect(fault?.description.contains("needle") == false)
    }

    @Test func mistypedNamesGetTheNearestKnownOne() async throws {
        #expect(try await fault(["titel": "a"])?.parts.first?.wanted == "did you mean 'title'?")
        let service = try await SampleKinds.service()
        let strange = SampleKinds.document("Dsih", "a", spec: [:])
        let caught = await #expect(throws: Fault(ResourceFaults.unknownKind)) {
            try await service.create(strange, defaults: .platform, by: SampleKinds.note)
        }
        #expect(caught?.wanted == "did you mean 'Dish'?")
    }

    @Test func allMistakesAreToldAtOnce() async throws {
        let service = try await SampleKinds.service()
        let document = Document([
            "apiVersion": "v1", "kind": "Dish", "colour": 3,
            "metadata": ["name": "Not A Name", "labels": ["a b": "c"], "nmae": "x"],
            "spec": ["count": 100, "taste": "good"],
        ])
        let caught = await #expect(throws: Fault(ResourceFaults.invalidDocument)) {
            try await service.create(document, defaults: .platform, by: SampleKinds.note)
        }
        let numbers = Set(caught?.parts.map(\.number) ?? [])
        let expected = [
            ResourceFaults.unsupportedVersion, ResourceFaults.unknownField, ResourceFaults.invalidName,
            ResourceFaults.invalidLabel, ResourceFaults.scopeMismatch, ResourceFaults.outOfRange,
            ResourceFaults.missingField,
        ]
        #expect(numbers == Set(expected.map(\.number)))
        #expect(try await service.store.list(ResourceQuery(kind: "Dish")).items.isEmpty)
    }

    @Test func scopesAreHeld() async throws {
        let service = try await SampleKinds.service()
        func create(_ document: Document, defaults: Scope = .platform) async throws -> Resource {
            try await service.create(document, defaults: defaults, by: SampleKinds.note)
        }
        await #expect(throws: Fault(ResourceFaults.scopeMismatch)) {
            try await create(SampleKinds.document("Tray", "a", spec: [:], tenant: "home"))
        }
        await #expect(throws: Fault(ResourceFaults.scopeMismatch)) {
            try await create(SampleKinds.document("Dish", "a", spec: ["title": "a"]))
        }
        await #expect(throws: Fault(ResourceFaults.danglingReference)) {
            try await create(SampleKinds.document("Dish", "a", spec: ["title": "a"], tenant: "nowhere"))
        }
        let soup = try await create(
            SampleKinds.document("Dish", "a", spec: ["title": "a"]),
            defaults: Scope(tenant: "home")
        )
        #expect(soup.metadata.scope == Scope(tenant: "home"))
    }

    @Test func nothingNewIsMadeInATenantThatIsGoing() async throws {
        let service = try await SampleKinds.service()
        let id = ResourceID(kind: "House", name: "home")
        var home = try await service.store.get(id)
        home.metadata.finalizers = ["hold"]
        _ = try await service.store.update(home, by: SampleKinds.note)
        try await service.delete(id, version: nil, by: SampleKinds.note)
        await #expect(throws: Fault(ResourceFaults.beingDeleted)) {
            try await service.create(
                SampleKinds.document("Dish", "a", spec: ["title": "a"], tenant: "home"),
                defaults: .platform,
                by: SampleKinds.note
            )
        }
    }

    @Test func whatAServerWroteCanBeAppliedAgain() async throws {
        let service = try await SampleKinds.service()
        let document = SampleKinds.document("Tray", "oak", spec: ["colour": "green"], labels: ["a": "b"])
        let tray = try await service.create(document, defaults: .platform, by: SampleKinds.note)
        let text = YAMLWriter.write(tray.json)
        let documents = try YAMLReader.documents(Array(text.utf8))
        let applied = try await service.apply(documents, defaults: .platform, by: SampleKinds.note)
        #expect(applied.map(\.action) == [.unchanged])
    }
}
