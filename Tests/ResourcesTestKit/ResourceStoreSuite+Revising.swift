import Resources
import Testing

extension ResourceStoreSuite {
    static let revising: [StoreCheck] = [
        .onStore("every change of a spec is a revision with author, reason and time, oldest first") { store, _ in
            let before = Timestamp.now
            var resource = try await store.create(
                Sample.widget("a"), by: ChangeNote(author: "ana", reason: "first")
            )
            resource.spec = ["size": 2]
            resource = try await store.update(resource, by: ChangeNote(author: "bo", reason: "grow"))
            resource.metadata.labels = ["x": "1"]
            resource = try await store.update(resource, by: ChangeNote(author: "cy", reason: "label"))
            resource.status = ["phase": "seen"]
            _ = try await store.updateStatus(resource)
            let revisions = try await store.revisions(of: resource.id)
            #expect(revisions.map(\.number) == [1, 2])
            #expect(revisions.map(\.author) == ["ana", "bo"])
            #expect(revisions.map(\.reason) == ["first", "grow"])
            #expect(revisions.map(\.spec) == [["size": 1], ["size": 2]])
            #expect(revisions.allSatisfy { $0.uid == resource.metadata.uid })
            // A remote store's clock may differ a little.
            #expect(revisions.allSatisfy { abs($0.time.milliseconds - before.milliseconds) < 60_000 })
        },
        .onStore(
            "a deletion is a revision without spec, with the next number; the history outlives the resource"
        ) { store, harness in
            let made = try await store.create(Sample.widget("a", finalizers: ["f"]), by: Sample.note)
            try await store.change(made.id) { $0.spec = ["size": 2] }
            try await store.delete(made.id, version: nil, by: ChangeNote(author: "ana", reason: "asked"))
            #expect(try await store.revisions(of: made.id).count == 2, "the mark is no revision")
            try await store.change(made.id) { $0.metadata.finalizers = [] }
            try await eventually(within: harness.patience, "the revision") {
                try await store.revisions(of: made.id).map(\.number) == [1, 2, 3]
            }
            let last = try #require(try await store.revisions(of: made.id).last)
            #expect(last.spec == nil)
            #expect(last.uid == made.metadata.uid)
        },
        .onStore("revisions are of the resource that has the id now, or had it last") { store, harness in
            let first = try await store.create(Sample.widget("a", spec: ["size": 1]), by: Sample.note)
            try await store.delete(first.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the deletion") { try await store.find(first.id) == nil }
            #expect(try await store.revisions(of: first.id).allSatisfy { $0.uid == first.metadata.uid })
            let second = try await store.create(Sample.widget("a", spec: ["size": 5]), by: Sample.note)
            let revisions = try await store.revisions(of: first.id)
            #expect(revisions.map(\.uid) == [second.metadata.uid])
            #expect(revisions.map(\.spec) == [["size": 5]])
        },
        .onStore("a revision is of one resource only, however alike the ids are") { store, _ in
            for scope in [Scope.platform, Scope(tenant: "t"), Scope(tenant: "t", project: "p")] {
                let made = try await store.create(Sample.widget("a", in: scope), by: Sample.note)
                #expect(try await store.revisions(of: made.id).map(\.uid) == [made.metadata.uid])
            }
        },
    ]
}
