import Faults
import Resources
import Testing

@Suite struct ResourceServiceTests {
    private let note = SampleKinds.note
    private let oak = ResourceID(kind: "Tray", name: "oak")

    private func tray(_ colour: JSONValue = "red", version: String? = nil) -> Document {
        var value = SampleKinds.document("Tray", "oak", spec: ["colour": colour]).value.object!
        if let version { value["metadata"] = ["name": "oak", "resourceVersion": .string(version)] }
        return Document(.object(value))
    }

    @Test func historyDiffAndRollback() async throws {
        let service = try await SampleKinds.service()
        _ = try await service.create(tray("red"), defaults: .platform, by: note)
        let ben = ChangeNote(author: "ben", reason: "taste")
        _ = try await service.replace(oak, with: tray("green"), version: nil, by: ben)
        _ = try await service.replace(oak, with: tray("green"), version: nil, by: note)
        let history = try await service.history(of: oak)
        #expect(history.map(\.number) == [1, 2], "the same spec again is no revision")
        #expect(history.map(\.author) == ["ana", "ben"])
        #expect(history.last?.reason == "taste")
        #expect(
            try await service.diff(oak, from: 1, to: 2) == [
                SpecDiff.Entry(path: "spec.colour", old: "red", new: "green")
            ]
        )
        let back = try await service.rollback(oak, to: 1, by: note)
        #expect(back.spec["colour"] == "red")
        #expect(back.metadata.generation == 3, "a rollback is a new revision")
        #expect(try await service.history(of: oak).last?.reason == "rollback to revision 1")
        await #expect(throws: Fault(ResourceFaults.noSuchRevision)) {
            try await service.rollback(oak, to: 9, by: note)
        }
    }

    @Test func rollbackPassesTheSameChecks() async throws {
        let service = try await SampleKinds.service()
        _ = try await service.create(tray(), defaults: .platform, by: note)
        func dish(_ spec: JSONValue) -> Document {
            SampleKinds.document("Dish", "soup", spec: spec, tenant: "home")
        }
        let id = ResourceID(kind: "Dish", scope: Scope(tenant: "home"), name: "soup")
        _ = try await service.create(dish(["title": "a", "tray": "oak"]), defaults: .platform, by: note)
        _ = try await service.replace(id, with: dish(["title": "a"]), version: nil, by: note)
        try await service.delete(oak, version: nil, by: note)
        await #expect(throws: Fault(ResourceFaults.danglingReference)) {
            try await service.rollback(id, to: 1, by: note)
        }
        try await service.delete(id, version: nil, by: note)
        _ = try await service.create(dish(["title": "b"]), defaults: .platform, by: note)
        #expect(try await service.history(of: id).count == 1, "a resource made anew has a history of its own")
    }

    @Test func kindsThatCannotGoBackSaySo() async throws {
        let service = try await SampleKinds.service()
        func promise(_ text: JSONValue) -> Document { SampleKinds.document("Promise", "p", spec: ["text": text]) }
        _ = try await service.create(promise("a"), defaults: .platform, by: note)
        let id = ResourceID(kind: "Promise", name: "p")
        _ = try await service.replace(id, with: promise("b"), version: nil, by: note)
        await #expect(throws: Fault(ResourceFaults.rollbackRefused)) { try await service.rollback(id, to: 1, by: note) }
    }

    @Test func immutableKindsAndFieldsStay() async throws {
        let service = try await SampleKinds.service()
        func receipt(_ sum: JSONValue) -> Document { SampleKinds.document("Receipt", "r", spec: ["sum": sum]) }
        let id = ResourceID(kind: "Receipt", name: "r")
        _ = try await service.create(receipt(5), defaults: .platform, by: note)
        _ = try await service.replace(id, with: receipt(5), version: nil, by: note)
        await #expect(throws: Fault(ResourceFaults.immutableKind)) {
            try await service.replace(id, with: receipt(6), version: nil, by: note)
        }
        await #expect(throws: Fault(ResourceFaults.immutableKind)) { try await service.rollback(id, to: 1, by: note) }

        func dish(_ spec: JSONValue) -> Document { SampleKinds.document("Dish", "soup", spec: spec, tenant: "home") }
        let soup = ResourceID(kind: "Dish", scope: Scope(tenant: "home"), name: "soup")
        let spec: JSONValue = ["title": "a", "recipe": "x", "sauce": ["name": "s", "sharp": 1]]
        _ = try await service.create(dish(spec), defaults: .platform, by: note)
        let changes: [(JSONValue, String)] = [
            (["title": "a", "recipe": "y", "sauce": ["name": "s", "sharp": 1]], "spec.recipe"),
            (["title": "a", "sauce": ["name": "s", "sharp": 1]], "spec.recipe"),
            (["title": "a", "recipe": "x", "sauce": ["name": "s", "sharp": 2]], "spec.sauce.sharp"),
        ]
        for (spec, place) in changes {
            let fault = await #expect(throws: Fault(ResourceFaults.immutableField)) {
                try await service.replace(soup, with: dish(spec), version: nil, by: note)
            }
            #expect(fault?.place == place)
        }
        let free: JSONValue = ["title": "b", "recipe": "x", "sauce": ["name": "t", "sharp": 1]]
        #expect(try await service.replace(soup, with: dish(free), version: nil, by: note).metadata.generation == 2)
    }

    @Test func aVersionInTheDocumentIsAPrecondition() async throws {
        let service = try await SampleKinds.service()
        let first = try await service.create(tray("red"), defaults: .platform, by: note)
        _ = try await service.replace(oak, with: tray("green"), version: nil, by: note)
        let stale = tray("blue", version: first.metadata.version?.text)
        await #expect(throws: Fault(ResourceFaults.conflict)) {
            try await service.apply([stale], defaults: .platform, by: note)
        }
        await #expect(throws: Fault(ResourceFaults.conflict)) {
            try await service.replace(oak, with: stale, version: nil, by: note)
        }
        #expect(try await service.store.get(oak).spec["colour"] == "green")
    }

    @Test func manyAppliesAtOnceAllSucceed() async throws {
        let service = try await SampleKinds.service()
        let colours: [JSONValue] = ["red", "green", "blue"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<6 {
                group.addTask { [note] in
                    for step in 0..<4 {
                        let document = tray(colours[(index + step) % 3])
                        _ = try await service.apply([document], defaults: .platform, by: note)
                    }
                }
            }
            try await group.waitForAll()
        }
        let history = try await service.history(of: oak)
        #expect(history.map(\.number) == Array(1...Int64(history.count)))
    }

    @Test func differencesAreToldFieldByField() {
        let old: JSONValue = ["a": 1, "b": ["c": [1, 2, 3]], "d": "x"]
        let new: JSONValue = ["a": 1, "b": ["c": [1, 5]], "e": .null]
        #expect(
            SpecDiff.between(old, new) == [
                SpecDiff.Entry(path: "spec.b.c[1]", old: 2, new: 5),
                SpecDiff.Entry(path: "spec.b.c[2]", old: 3, new: nil),
                SpecDiff.Entry(path: "spec.d", old: "x", new: nil),
                SpecDiff.Entry(path: "spec.e", old: nil, new: .null),
            ]
        )
        #expect(SpecDiff.between(old, old).isEmpty)
    }
}
