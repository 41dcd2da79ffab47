import Faults
import Resources
import Testing

extension ResourceStoreSuite {
    static let updating: [StoreCheck] = [
        .onStore("an update replaces spec, labels, finalizers and owners, and leaves the status") { store, _ in
            let owner = try await store.create(Sample.widget("owner"), by: Sample.note)
            var made = try await store.create(Sample.widget("a", labels: ["x": "1"]), by: Sample.note)
            made.status = ["phase": "seen"]
            made = try await store.updateStatus(made)
            var wanted = made
            wanted.spec = ["size": 2]
            wanted.status = ["phase": "not mine to write"]
            wanted.metadata.labels = ["y": "2"]
            wanted.metadata.finalizers = ["f", "g"]
            wanted.metadata.owners = [OwnerReference(owner)]
            wanted.metadata.uid = "other"
            wanted.metadata.creationTime = Timestamp(milliseconds: 1)
            let updated = try await store.update(wanted, by: Sample.note)
            #expect(updated.spec == ["size": 2])
            #expect(updated.status == ["phase": "seen"])
            #expect(updated.metadata.labels == ["y": "2"])
            #expect(updated.metadata.finalizers == ["f", "g"])
            #expect(updated.metadata.owners == [OwnerReference(owner)])
            #expect(updated.metadata.uid == made.metadata.uid)
            #expect(updated.metadata.creationTime == made.metadata.creationTime)
            #expect(try await store.get(made.id) == updated)
        },
        .onStore("a status update replaces the status alone, and the generation stays") { store, _ in
            let made = try await store.create(Sample.widget("a", labels: ["x": "1"]), by: Sample.note)
            var wanted = made
            wanted.status = ["phase": "seen"]
            wanted.spec = ["size": 7]
            wanted.metadata.labels = [:]
            wanted.metadata.finalizers = ["f"]
            let updated = try await store.updateStatus(wanted)
            #expect(updated.status == ["phase": "seen"])
            #expect(updated.spec == made.spec)
            #expect(updated.metadata.labels == made.metadata.labels)
            #expect(updated.metadata.finalizers == [])
            #expect(updated.metadata.generation == 1)
            #expect(updated.metadata.version != made.metadata.version)
            #expect(try await store.get(made.id) == updated)
        },
        .onStore("the generation counts the changes of the spec and nothing else") { store, _ in
            let made = try await store.create(Sample.widget("a"), by: Sample.note)
            var generations: [Int64] = []
            let changes: [@Sendable (inout Resource) -> Void] = [
                { $0.metadata.labels = ["a": "b"] }, { $0.spec = ["size": 2] }, { $0.metadata.finalizers = ["f"] },
                { $0.spec = ["size": 3] }, { $0.spec = ["size": 2] }, { $0.metadata.finalizers = [] },
            ]
            for change in changes {
                generations.append(try await store.change(made.id, change).metadata.generation)
            }
            #expect(generations == [1, 2, 2, 3, 4, 4])
        },
        .onStore(
            "a write that changes nothing writes nothing: same version, no event, no revision"
        ) { store, harness in
            var made = try await store.create(
                Sample.widget("a", labels: ["x": "1"], finalizers: ["f"]), by: Sample.note)
            made.status = ["phase": "seen"]
            made = try await store.updateStatus(made)
            let version = try await store.list(ResourceQuery()).version
            let watch = try await store.watch(ResourceQuery(), from: version)
            #expect(try await store.update(made, by: Sample.note) == made)
            #expect(try await store.updateStatus(made) == made)
            let marked = try await store.delete(made.id, version: nil, by: Sample.note)
            #expect(try await store.delete(made.id, version: nil, by: Sample.note) == marked)
            #expect(try await store.delete(made.id, version: marked.metadata.version, by: Sample.note) == marked)
            #expect(try await store.revisions(of: made.id).count == 1)
            _ = try await store.create(Sample.widget("end"), by: Sample.note)
            let seen = try await watch.seen(upTo: "end", within: harness.patience)
            #expect(seen.map(\.name) == ["a", "end"], "only the mark is an event")
        },
        .onStore(
            "a write with another version than the stored one is a conflict, and nothing is written"
        ) { store, _ in
            let old = try await store.create(Sample.widget("a"), by: Sample.note)
            let new = try await store.change(old.id) { $0.spec = ["size": 2] }
            var stale = old
            stale.spec = ["size": 3]
            stale.status = ["phase": "stale"]
            var blind = stale
            blind.metadata.version = nil
            for wanted in [stale, blind] {
                await expectFault(ResourceFaults.conflict) { _ = try await store.update(wanted, by: Sample.note) }
                await expectFault(ResourceFaults.conflict) { _ = try await store.updateStatus(wanted) }
            }
            await expectFault(ResourceFaults.conflict, "also when nothing would change") {
                _ = try await store.update(old, by: Sample.note)
            }
            await expectFault(ResourceFaults.conflict) {
                try await store.delete(old.id, version: old.metadata.version, by: Sample.note)
            }
            #expect(try await store.get(old.id) == new)
            #expect(try await store.revisions(of: old.id).count == 2)
        },
        .onStore("a status update makes the version of an earlier read stale, and the other way round") { store, _ in
            let read = try await store.create(Sample.widget("a"), by: Sample.note)
            var status = read
            status.status = ["phase": "seen"]
            _ = try await store.updateStatus(status)
            var spec = read
            spec.spec = ["size": 2]
            await expectFault(ResourceFaults.conflict) { _ = try await store.update(spec, by: Sample.note) }
            var again = try await store.get(read.id)
            again.spec = ["size": 2]
            _ = try await store.update(again, by: Sample.note)
            await expectFault(ResourceFaults.conflict) { _ = try await store.updateStatus(again) }
        },
        .onStore("a version of the resource that had the id before is a conflict") { store, harness in
            let first = try await store.create(Sample.widget("a"), by: Sample.note)
            try await store.delete(first.id, version: first.metadata.version, by: Sample.note)
            try await eventually(within: harness.patience, "the deletion") { try await store.find(first.id) == nil }
            _ = try await store.create(Sample.widget("a"), by: Sample.note)
            await expectFault(ResourceFaults.conflict) { _ = try await store.update(first, by: Sample.note) }
        },
    ]

    static let contending: [StoreCheck] = [
        .onStore("writers that read again after a conflict lose no increment") { store, _ in
            let id = try await store.create(Sample.widget("a", spec: ["size": 0]), by: Sample.note).id
            let writers = 8
            let increments = 25
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<writers {
                    group.addTask {
                        for _ in 0..<increments {
                            try await store.change(id) { $0.spec = ["size": .integer($0.spec["size"]!.integer! + 1)] }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let end = try await store.get(id)
            #expect(end.spec["size"] == .integer(Int64(writers * increments)))
            #expect(end.metadata.generation == Int64(writers * increments + 1))
            let sizes = try await store.revisions(of: id).map { $0.spec?["size"]?.integer }
            #expect(sizes == (0...Int64(writers * increments)).map { $0 })
        },
        .onStore("of two writers with one version exactly one succeeds, spec against status too") { store, _ in
            for round in 0..<20 {
                let made = try await store.create(Sample.widget("a-\(round)"), by: Sample.note)
                let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for writer in 0..<6 {
                        group.addTask {
                            var wanted = made
                            wanted.spec = ["size": .integer(Int64(writer + 2))]
                            wanted.status = ["writer": .integer(Int64(writer))]
                            do {
                                _ =
                                    writer % 2 == 0
                                    ? try await store.update(wanted, by: Sample.note)
                                    : try await store.updateStatus(wanted)
                                return true
                            } catch let fault as Fault where fault.is(ResourceFaults.conflict) {
                                return false
                            }
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(wins == 1)
            }
        },
        .onStore("of several creations of one id exactly one succeeds") { store, _ in
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for writer in 0..<12 {
                    group.addTask {
                        do {
                            _ = try await store.create(
                                Sample.widget("a", spec: ["size": .integer(Int64(writer))]), by: Sample.note
                            )
                            return true
                        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await store.revisions(of: Sample.id("a")).count == 1)
        },
    ]
}
