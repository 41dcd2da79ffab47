import Faults
import Resources
import Testing

extension ResourceStoreSuite {
    static let creating: [StoreCheck] = [
        .onStore("the store gives uid, generation 1, version and creation time, and takes no status") { store, _ in
            var wanted = Sample.widget("a", labels: ["app": "x"], finalizers: ["f"])
            wanted.status = ["seen": true]
            wanted.metadata.generation = 9
            wanted.metadata.uid = "mine"
            wanted.metadata.deletionTime = .now
            let made = try await store.create(wanted, by: Sample.note)
            #expect(made.metadata.uid != "mine" && !made.metadata.uid.isEmpty)
            #expect(made.metadata.generation == 1)
            #expect(made.metadata.version != nil)
            #expect(made.metadata.creationTime > Timestamp(milliseconds: 1_600_000_000_000))
            #expect(made.metadata.deletionTime == nil)
            #expect(made.status == [:])
            #expect(made.spec == wanted.spec)
            #expect(made.metadata.labels == ["app": "x"])
            #expect(made.metadata.finalizers == ["f"])
            #expect(try await store.get(made.id) == made)
        },
        .onStore("a second resource of one id is refused, and nothing of it is stored") { store, _ in
            let first = try await store.create(Sample.widget("a"), by: Sample.note)
            await expectFault(ResourceFaults.alreadyExists) {
                _ = try await store.create(Sample.widget("a", spec: ["size": 2]), by: Sample.note)
            }
            #expect(try await store.get(first.id) == first)
            #expect(try await store.revisions(of: first.id).count == 1)
        },
        .onStore("the same name may be used in another kind, tenant and project") { store, _ in
            let scopes: [Scope] = [
                .platform, Scope(tenant: "t"), Scope(tenant: "t", project: "p"), Scope(tenant: "u", project: "p"),
            ]
            for scope in scopes { _ = try await store.create(Sample.widget("a", in: scope), by: Sample.note) }
            _ = try await store.create(Resource(Sample.id("a", kind: "Gadget")), by: Sample.note)
            for scope in scopes {
                #expect(try await store.get(Sample.id("a", in: scope)).metadata.scope == scope)
            }
            #expect(try await store.listAll(ResourceQuery()).items.count == 5)
        },
        .onStore("every value of a spec comes back as it was given") { store, _ in
            let spec: JSONValue = [
                "null": .null, "yes": true, "least": .integer(.min), "most": .integer(.max), "half": 0.5,
                "text": "quote \" backslash \\ newline \n tab \t nul \u{0} 界 🏝", "empty": "",
                "list": [1, [], ["a": [:]]],
                "": "an empty key", "界": "a key that is not ASCII",
            ]
            let made = try await store.create(Sample.widget("a", spec: spec), by: Sample.note)
            #expect(made.spec == spec)
            #expect(try await store.get(made.id).spec == spec)
            #expect(try await store.revisions(of: made.id).last?.spec == spec)
        },
        .onStore("a resource made again after deletion has another uid and generation 1") { store, harness in
            let first = try await store.create(Sample.widget("a"), by: Sample.note)
            try await store.change(first.id) { $0.spec = ["size": 2] }
            try await store.delete(first.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the deletion") { try await store.find(first.id) == nil }
            let second = try await store.create(Sample.widget("a"), by: Sample.note)
            #expect(second.metadata.uid != first.metadata.uid)
            #expect(second.metadata.generation == 1)
            #expect(second.metadata.version != first.metadata.version)
        },
    ]

    static let reading: [StoreCheck] = [
        .onStore("what does not exist is not-found for every call that names it") { store, _ async throws in
            let missing = Sample.widget("missing")
            await expectFault(ResourceFaults.notFound) { _ = try await store.get(missing.id) }
            await expectFault(ResourceFaults.notFound) { _ = try await store.update(missing, by: Sample.note) }
            await expectFault(ResourceFaults.notFound) { _ = try await store.updateStatus(missing) }
            await expectFault(ResourceFaults.notFound) {
                try await store.delete(missing.id, version: nil, by: Sample.note)
            }
            await expectFault(ResourceFaults.notFound) { _ = try await store.revisions(of: missing.id) }
            #expect(try await store.find(missing.id) == nil)
            #expect(try await store.listAll(ResourceQuery()).items == [])
        },
        .onStore("get and list tell the same resource") { store, _ in
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            var made = try await store.create(
                Sample.widget(
                    "a", in: Scope(tenant: "t", project: "p"), labels: ["app": "x"], finalizers: ["f"], owners: [owner]
                ),
                by: Sample.note
            )
            made.status = ["phase": "seen"]
            made = try await store.updateStatus(made)
            #expect(try await store.get(made.id) == made)
            #expect(try await store.list(ResourceQuery(tenant: "t")).items == [made])
        },
    ]
}
