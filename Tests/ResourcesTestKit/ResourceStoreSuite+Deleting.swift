import Faults
import Resources
import Testing

extension ResourceStoreSuite {
    static let deleting: [StoreCheck] = [
        .onStore("without finalizers a deletion is at once, and returns the resource as it was last") { store, _ in
            let made = try await store.create(Sample.widget("a", labels: ["app": "x"]), by: Sample.note)
            let last = try await store.delete(made.id, version: made.metadata.version, by: Sample.note)
            #expect(last.metadata.uid == made.metadata.uid)
            #expect(last.spec == made.spec)
            #expect(try await store.find(made.id) == nil)
            #expect(try await store.names(ResourceQuery(labels: LabelSelector("app=x"))) == [])
            await expectFault(ResourceFaults.notFound) {
                try await store.delete(made.id, version: nil, by: Sample.note)
            }
        },
        .onStore("a resource with finalizers is marked and stays until the last is removed") { store, _ in
            let made = try await store.create(Sample.widget("a", finalizers: ["f", "g"]), by: Sample.note)
            let marked = try await store.delete(made.id, version: nil, by: Sample.note)
            #expect(marked.isBeingDeleted)
            #expect(marked.metadata.finalizers == ["f", "g"])
            #expect(marked.metadata.generation == 1)
            #expect(try await store.get(made.id) == marked)
            let one = try await store.change(made.id) { $0.metadata.finalizers = ["g"] }
            #expect(one.isBeingDeleted)
            #expect(one.metadata.deletionTime == marked.metadata.deletionTime)
            _ = try await store.change(made.id) { $0.metadata.finalizers = [] }
            #expect(try await store.find(made.id) == nil)
        },
        .onStore("a marked resource takes no change of its spec, but status, labels and conditions") { store, _ in
            let made = try await store.create(Sample.widget("a", finalizers: ["f"]), by: Sample.note)
            var marked = try await store.delete(made.id, version: nil, by: Sample.note)
            marked.spec = ["size": 2]
            await expectFault(ResourceFaults.beingDeleted) { _ = try await store.update(marked, by: Sample.note) }
            #expect(try await store.get(made.id).spec == made.spec)
            let labelled = try await store.change(made.id) { $0.metadata.labels = ["x": "1"] }
            #expect(labelled.isBeingDeleted)
            var seen = labelled
            seen.status = ["phase": "Leaving"]
            #expect(try await store.updateStatus(seen).status == ["phase": "Leaving"])
        },
        .onStore(
            "the last removal of a finalizer may come with changed labels, and is a deletion for watchers"
        ) { store, harness in
            let made = try await store.create(
                Sample.widget("a", labels: ["x": "1"], finalizers: ["f"]), by: Sample.note)
            try await store.delete(made.id, version: nil, by: Sample.note)
            let from = try await store.list(ResourceQuery()).version
            _ = try await store.change(made.id) {
                $0.metadata.finalizers = []
                $0.metadata.labels = ["x": "2"]
            }
            _ = try await store.create(Sample.widget("end", labels: ["x": "1"]), by: Sample.note)
            let seen = try await store.watch(ResourceQuery(labels: LabelSelector("x=1")), from: from)
                .seen(upTo: "end", within: harness.patience)
            #expect(seen.map(\.kind) == [.deleted, .added])
        },
        .onStore("removing finalizers of a resource that is not marked keeps it") { store, _ in
            let made = try await store.create(Sample.widget("a", finalizers: ["f"]), by: Sample.note)
            let free = try await store.change(made.id) { $0.metadata.finalizers = [] }
            #expect(!free.isBeingDeleted)
            #expect(try await store.get(made.id) == free)
        },
        .onStore("versions of deleted resources are not given out again") { store, _ in
            var versions: Set<ResourceVersion> = []
            for _ in 0..<10 {
                let made = try await store.create(Sample.widget("a"), by: Sample.note)
                let last = try await store.delete(made.id, version: nil, by: Sample.note)
                #expect(versions.insert(try #require(made.metadata.version)).inserted)
                #expect(versions.insert(try #require(last.metadata.version)).inserted)
            }
        },
    ]

    static let collecting: [StoreCheck] = [
        .onStore("a chain of owners goes with its head") { store, harness in
            var owners: [Resource] = []
            for depth in 0..<30 {
                owners = [try await store.create(Sample.widget("link-\(depth)", owners: owners), by: Sample.note)]
            }
            _ = try await store.create(Sample.widget("bystander"), by: Sample.note)
            try await store.delete(Sample.id("link-0"), version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the collection") {
                try await store.names() == ["bystander"]
            }
        },
        .onStore("a dependent of several owners goes with the last of them") { store, harness in
            let first = try await store.create(Sample.widget("first"), by: Sample.note)
            let second = try await store.create(Sample.widget("second"), by: Sample.note)
            let child = try await store.create(Sample.widget("child", owners: [first, second]), by: Sample.note)
            try await store.delete(first.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the first owner to be forgotten") {
                try await store.find(child.id)?.metadata.owners == [OwnerReference(second)]
            }
            try await store.delete(second.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the collection") { try await store.find(child.id) == nil }
        },
        .onStore(
            "a dependent with finalizers is marked and keeps its own dependents until it is gone"
        ) { store, harness in
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            let child = try await store.create(
                Sample.widget("child", finalizers: ["f"], owners: [owner]), by: Sample.note)
            let grandchild = try await store.create(Sample.widget("grandchild", owners: [child]), by: Sample.note)
            try await store.delete(owner.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the mark") {
                try await store.get(child.id).isBeingDeleted
            }
            #expect(try await store.find(grandchild.id) != nil)
            _ = try await store.change(child.id) { $0.metadata.finalizers = [] }
            try await eventually(within: harness.patience, "the collection") { try await store.names() == [] }
        },
        .onStore("an owner that is only marked keeps its dependents") { store, harness in
            let owner = try await store.create(Sample.widget("owner", finalizers: ["f"]), by: Sample.note)
            let child = try await store.create(Sample.widget("child", owners: [owner]), by: Sample.note)
            try await store.delete(owner.id, version: nil, by: Sample.note)
            #expect(try await store.find(child.id) != nil)
            _ = try await store.change(owner.id) { $0.metadata.finalizers = [] }
            try await eventually(within: harness.patience, "the collection") { try await store.find(child.id) == nil }
        },
        .onStore("owners count by uid: one made again under the same name is another") { store, harness in
            let first = try await store.create(Sample.widget("owner"), by: Sample.note)
            let child = try await store.create(Sample.widget("child", owners: [first]), by: Sample.note)
            try await store.delete(first.id, version: nil, by: Sample.note)
            _ = try await store.create(Sample.widget("owner"), by: Sample.note)
            try await eventually(within: harness.patience, "the collection") { try await store.find(child.id) == nil }
        },
        .onStore(
            "a resource written with owners of which none exists is collected; with one that exists it stays"
        ) { store, harness in
            let gone = try await store.create(Sample.widget("gone"), by: Sample.note)
            let alive = try await store.create(Sample.widget("alive"), by: Sample.note)
            try await store.delete(gone.id, version: nil, by: Sample.note)
            _ = try await store.create(Sample.widget("half", owners: [gone, alive]), by: Sample.note)
            _ = try await store.create(Sample.widget("orphan", owners: [gone]), by: Sample.note)
            try await eventually(within: harness.patience, "the orphan's collection") {
                try await store.names() == ["alive", "half"]
            }
            try await store.delete(alive.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the collection") { try await store.names() == [] }
        },
        .onStore("owners that own each other go together") { store, harness in
            let first = try await store.create(Sample.widget("first"), by: Sample.note)
            let second = try await store.create(Sample.widget("second", owners: [first]), by: Sample.note)
            try await store.change(first.id) { $0.metadata.owners = [OwnerReference(second)] }
            try await store.delete(first.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the collection") { try await store.names() == [] }
        },
        .onStore("a dependent that was released from its owner stays") { store, _ in
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            let child = try await store.create(Sample.widget("child", owners: [owner]), by: Sample.note)
            try await store.change(child.id) { $0.metadata.owners = [] }
            try await store.delete(owner.id, version: nil, by: Sample.note)
            #expect(try await store.names() == ["child"])
        },
        .onStore(
            "collected dependents are deletions for watchers, each once and after their owner"
        ) { store, harness in
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            for name in ["a", "b", "c"] {
                _ = try await store.create(Sample.widget(name, owners: [owner]), by: Sample.note)
            }
            let from = try await store.list(ResourceQuery()).version
            try await store.delete(owner.id, version: nil, by: Sample.note)
            try await eventually(within: harness.patience, "the collection") { try await store.names() == [] }
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            let seen = try await store.watch(ResourceQuery(), from: from).seen(upTo: "end", within: harness.patience)
            #expect(seen.map(\.kind) == [.deleted, .deleted, .deleted, .deleted, .added])
            #expect(seen.first?.name == "owner")
            #expect(Set(seen.map(\.name)) == ["owner", "a", "b", "c", "end"])
        },
    ]
}
