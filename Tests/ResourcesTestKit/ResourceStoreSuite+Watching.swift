import Faults
import Resources
import Testing

extension ResourceStoreSuite {
    static let watching: [StoreCheck] = [
        .onStore("a watcher sees every matching change exactly once, in order, with its version") { store, harness in
            let from = try await store.list(ResourceQuery()).version
            var expected: [Seen] = []
            func expect(_ kind: WatchEvent.Kind, _ resource: Resource) {
                expected.append(
                    Seen(
                        kind: kind, name: resource.metadata.name, size: resource.spec["size"]?.integer,
                        version: resource.metadata.version!
                    )
                )
            }
            for name in ["a", "b"] {
                expect(.added, try await store.create(Sample.widget(name), by: Sample.note))
                expect(.modified, try await store.change(Sample.id(name)) { $0.spec = ["size": 2] })
                _ = try await store.create(Resource(Sample.id(name, kind: "Gadget")), by: Sample.note)
                expect(.deleted, try await store.delete(Sample.id(name), version: nil, by: Sample.note))
            }
            expect(.added, try await store.create(Sample.widget("end"), by: Sample.note))
            let seen = try await store.watch(ResourceQuery(kind: "Widget"), from: from)
                .seen(upTo: "end", within: harness.patience)
            #expect(seen == expected)
        },
        .onStore("a watch without a version begins now") { store, harness in
            _ = try await store.create(Sample.widget("before"), by: Sample.note)
            let watch = try await store.watch(ResourceQuery(), from: nil)
            _ = try await store.create(Sample.widget("after"), by: Sample.note)
            #expect(try await watch.seen(upTo: "after", within: harness.patience).map(\.name) == ["after"])
        },
        .onStore("a watch from any event's version continues right after it") { store, harness in
            let from = try await store.list(ResourceQuery()).version
            let names = (0..<12).map { "w-\($0 + 10)" }
            for name in names { _ = try await store.create(Sample.widget(name), by: Sample.note) }
            let all = try await store.watch(ResourceQuery(), from: from).seen(
                upTo: names.last!, within: harness.patience)
            #expect(all.map(\.name) == names)
            for (index, event) in all.enumerated().dropLast() {
                let rest = try await store.watch(ResourceQuery(), from: event.version)
                    .seen(upTo: names.last!, within: harness.patience)
                #expect(rest == Array(all[(index + 1)...]))
            }
        },
        .onStore(
            "a version just listed or written can be watched at once, also while others write"
        ) { store, harness in
            let ids = try await (0..<4).asyncMap {
                try await store.create(Sample.widget("w-\($0)"), by: Sample.note).id
            }
            try await within(harness.patience, "the writers") {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in ids {
                        group.addTask {
                            for size in 0..<30 {
                                let written = try await store.change(id) {
                                    $0.spec = ["size": .integer(Int64(size + 2))]
                                }
                                _ = try await store.watch(ResourceQuery(), from: written.metadata.version)
                                let page = try await store.list(ResourceQuery())
                                _ = try await store.watch(ResourceQuery(), from: page.version)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        },
        .onStore(
            "labels that come to match are an addition, labels that cease to match a deletion"
        ) { store, harness in
            let query = ResourceQuery(labels: try LabelSelector("app=web"))
            let watch = try await store.watch(query, from: store.list(ResourceQuery()).version)
            let id = try await store.create(Sample.widget("a", spec: ["size": 1]), by: Sample.note).id
            try await store.change(id) { $0.metadata.labels = ["app": "web"] }
            try await store.change(id) { $0.spec = ["size": 2] }
            try await store.change(id) { $0.metadata.labels = ["app": "job"] }
            try await store.change(id) { $0.spec = ["size": 3] }
            try await store.change(id) { $0.metadata.labels = ["app": "web"] }
            try await store.delete(id, version: nil, by: Sample.note)
            _ = try await store.create(Sample.widget("b", labels: ["app": "job"]), by: Sample.note)
            _ = try await store.create(Sample.widget("end", labels: ["app": "web"]), by: Sample.note)
            let seen = try await watch.seen(upTo: "end", within: harness.patience)
            #expect(seen.map(\.kind) == [.added, .modified, .deleted, .added, .deleted, .added])
            #expect(seen.map(\.size) == [1, 2, 2, 3, 3, 1])
        },
        .onStore("status updates and marks are changes that watchers see") { store, harness in
            let watch = try await store.watch(ResourceQuery(), from: store.list(ResourceQuery()).version)
            var made = try await store.create(Sample.widget("a", finalizers: ["f"]), by: Sample.note)
            made.status = ["phase": "seen"]
            _ = try await store.updateStatus(made)
            try await store.delete(made.id, version: nil, by: Sample.note)
            try await store.change(made.id) { $0.metadata.finalizers = [] }
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            let seen = try await watch.seen(upTo: "end", within: harness.patience)
            #expect(seen.map(\.kind) == [.added, .modified, .modified, .deleted, .added])
        },
        .onStore("kind, tenant and project choose what is watched") { store, harness in
            var query = ResourceQuery(kind: "Widget", tenant: "t", project: "p")
            query.bookmarkInterval = .seconds(1)
            let watch = try await store.watch(query, from: store.list(ResourceQuery()).version)
            for scope in [Scope.platform, Scope(tenant: "t"), Scope(tenant: "u", project: "p")] {
                _ = try await store.create(Sample.widget("no", in: scope), by: Sample.note)
            }
            let inside = Scope(tenant: "t", project: "p")
            _ = try await store.create(Resource(Sample.id("no", kind: "Gadget", in: inside)), by: Sample.note)
            _ = try await store.create(Sample.widget("yes", in: inside), by: Sample.note)
            #expect(try await watch.seen(upTo: "yes", within: harness.patience).map(\.name) == ["yes"])
        },
        .onStore("a hundred watchers see the same changes while several writers write") { store, harness in
            let from = try await store.list(ResourceQuery()).version
            let all = try await withThrowingTaskGroup(of: [Seen].self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await store.watch(ResourceQuery(), from: from).seen(upTo: "end", within: harness.patience)
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 0..<4 {
                        writers.addTask {
                            let id = Sample.id("w-\(writer)")
                            _ = try await store.create(Resource(id, spec: ["size": 0]), by: Sample.note)
                            for size in 1..<10 {
                                try await store.change(id) { $0.spec = ["size": .integer(Int64(size))] }
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                _ = try await store.create(Sample.widget("end"), by: Sample.note)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all.count == 100)
            #expect(Set(all).count == 1, "every watcher saw the same")
            let first = try #require(all.first)
            #expect(first.count == 41)
            for writer in 0..<4 {
                #expect(first.filter { $0.name == "w-\(writer)" }.map(\.size) == (0..<10).map { $0 })
            }
        },
    ]
}

extension Sequence where Self: Sendable {
    /// Maps one after another.
    func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
